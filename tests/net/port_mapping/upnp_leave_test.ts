/** What a router that speaks UPnP was asked for is given back, whenever the end comes and whatever it answered. */
import { assertEquals } from "@std/assert";
import { millis, SeededRandom } from "../../../src/base/mod.ts";
import { type MappingStatus, startPortMapping } from "../../../src/net/mod.ts";
import { FakeRouter, fault } from "./fake_router.ts";

const GATEWAY = "127.0.0.1";
const ADD = "AddPortMapping";

/** Something that happens and can be waited for. */
class Signals<T> {
  readonly #all: T[] = [];
  #next = Promise.withResolvers<void>();

  add(value: T): void {
    this.#all.push(value);
    this.#next.resolve();
  }

  /** The first that has not been taken. */
  async take(): Promise<T> {
    while (this.#all.length === 0) {
      await this.#next.promise;
      this.#next = Promise.withResolvers();
    }
    return this.#all.shift()!;
  }
}

/** A rest of the mapping, which lasts until `over` is called. */
interface Rest {
  readonly ms: number;
  readonly over: () => void;
}

/** Mapping with rests that the test ends. */
async function mapping(router: FakeRouter, ports: { tcp?: number; udp?: number }) {
  const reports = new Signals<MappingStatus>();
  const rests = new Signals<Rest>();
  const clock = { now: 0 };
  const mapper = await startPortMapping({
    gateway: GATEWAY,
    ports,
    random: new SeededRandom(1),
    now: () => millis(clock.now),
    report: (status) => reports.add(status),
    networks: () => [{ address: GATEWAY, bits: 8 }],
    wire: router.wire,
    rest: (ms, signal) =>
      new Promise((resolve) => {
        const over = () => {
          clock.now += ms;
          resolve();
        };
        signal.addEventListener("abort", over, { once: true });
        rests.add({ ms, over });
      }),
  });
  /** The outside ports of the next report that has any. */
  const mapped = async () => {
    for (;;) {
      const report = await reports.take();
      if (report.phase === "mapped") return report.ports;
    }
  };
  return { mapper, rests, mapped };
}

Deno.test("UPnP: the end comes while a mapping is asked for: its answer is waited for", async () => {
  await using router = new FakeRouter({ upnp: true });
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  router.beforeAnswer = async (name) => {
    if (name !== ADD) return;
    asked.resolve();
    await go.promise;
  };
  const { mapper } = await mapping(router, { tcp: 6881, udp: 6881 });
  await asked.promise;
  assertEquals([...router.open.keys()], ["TCP 6881"]);
  const closing = mapper.close();
  go.resolve();
  await closing;
  assertEquals([...router.open], []);
  // and nothing more is begun
  assertEquals(router.calls.filter((call) => call.endsWith(ADD)).length, 1);
});

Deno.test("UPnP: an answer that never comes: what is ours there is given back, and nothing else", async () => {
  for (const owner of [GATEWAY, "192.168.1.9"]) {
    await using router = new FakeRouter({ upnp: true });
    const [asked, never] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    router.beforeAnswer = async (name) => {
      if (name !== ADD) return;
      router.open.set("TCP 6881", `${owner}:6881 3600`);
      asked.resolve();
      await never.promise;
    };
    const { mapper, rests } = await mapping(router, { tcp: 6881 });
    await asked.promise;
    const closing = mapper.close();
    const { ms, over } = await rests.take();
    assertEquals(ms, 500);
    over();
    await closing;
    assertEquals([...router.open.keys()], owner === GATEWAY ? [] : ["TCP 6881"]);
    never.resolve();
  }
});

for (
  const [what, answer, ms] of [
    ["answered with nonsense", () => "<a/>", 60_000],
    ["refused", () => fault(501), 1_800_000],
  ] as const
) {
  Deno.test(`UPnP: a renewal that is ${what} for one port leaves it, and it is given back`, async () => {
    await using router = new FakeRouter({ upnp: true });
    const { call } = router.speech;
    const { mapper, rests, mapped } = await mapping(router, { tcp: 1001, udp: 1002 });
    const both = { tcp: 1001, udp: 1002 };
    assertEquals(await mapped(), both);
    router.speech.call = (name, values) =>
      name === ADD && values.get("NewProtocol") === "UDP" ? answer() : call(name, values);
    const first = await rests.take();
    assertEquals(first.ms, 1_800_000);
    first.over();
    assertEquals(await mapped(), both);
    assertEquals((await rests.take()).ms, ms);
    assertEquals([...router.open.keys()], ["TCP 1001", "UDP 1002"]);
    await mapper.close();
    assertEquals([...router.open], []);
  });
}

Deno.test("UPnP: when no port is renewed, all are asked for again in a minute", async () => {
  await using router = new FakeRouter({ upnp: true });
  const { call } = router.speech;
  const { mapper, rests, mapped } = await mapping(router, { tcp: 1001, udp: 1002 });
  const both = { tcp: 1001, udp: 1002 };
  assertEquals(await mapped(), both);
  router.speech.call = (name, values) => name === ADD ? fault(501) : call(name, values);
  (await rests.take()).over();
  assertEquals(await mapped(), both);
  const again = await rests.take();
  assertEquals(again.ms, 60_000);
  router.speech.call = call;
  again.over();
  assertEquals(await mapped(), both);
  assertEquals((await rests.take()).ms, 1_800_000);
  await mapper.close();
  assertEquals([...router.open], []);
});

Deno.test("UPnP: a port that is not renewed is no longer told of once its hour is over", async () => {
  await using router = new FakeRouter({ upnp: true });
  const { call } = router.speech;
  const { mapper, rests, mapped } = await mapping(router, { tcp: 1001, udp: 1002 });
  await mapped();
  router.speech.call = (name, values) =>
    name === ADD && values.get("NewProtocol") === "UDP" ? fault(501) : call(name, values);
  for (const ports of [{ tcp: 1001, udp: 1002 }, { tcp: 1001 }]) {
    (await rests.take()).over();
    assertEquals(await mapped(), ports);
  }
  await mapper.close();
  assertEquals([...router.open], []);
});
