import { assert, assertEquals } from "@std/assert";
import { millis, SeededRandom } from "../../../src/base/mod.ts";
import {
  type MappingStatus,
  type MappingWorld,
  type PortMapping,
  startPortMapping,
} from "../../../src/net/mod.ts";
import { RawServer } from "../raw_server.ts";
import { description, FakeRouter, fault, reply } from "./fake_router.ts";

const GATEWAY = "127.0.0.1";

/** Port mapping whose reports can be waited for. */
class Mapping implements AsyncDisposable {
  readonly #reports: MappingStatus[] = [];
  #heard = Promise.withResolvers<void>();
  readonly #mapping: Promise<PortMapping>;

  constructor(router: FakeRouter, options: Partial<MappingWorld> = {}) {
    this.#mapping = startPortMapping({
      gateway: GATEWAY,
      ports: { tcp: 6881, udp: 6882 },
      random: new SeededRandom(1),
      now: () => millis(performance.now()),
      report: (status) => {
        this.#reports.push(status);
        this.#heard.resolve();
      },
      networks: () => [{ address: "127.0.0.1", bits: 8 }],
      wire: router.wire,
      ...options,
    });
  }

  /** The first report of a phase. */
  async until<P extends MappingStatus["phase"]>(
    phase: P,
  ): Promise<Extract<MappingStatus, { phase: P }>> {
    for (;;) {
      const found = this.#reports.find((report) => report.phase === phase);
      if (found !== undefined) return found as Extract<MappingStatus, { phase: P }>;
      await this.#heard.promise;
      this.#heard = Promise.withResolvers();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#mapping).close();
  }
}

for (
  const [pmp, protocol] of [["pcp", "PCP"], ["nat-pmp", "NAT-PMP"], [
    "pcp+nat-pmp",
    "PCP",
  ]] as const
) {
  Deno.test(`a router with ${pmp} maps both ports, and has them back at the end`, async () => {
    await using router = new FakeRouter({ pmp, upnp: true });
    {
      await using mapping = new Mapping(router, { ports: { tcp: 6881 } });
      assertEquals(await mapping.until("mapped"), {
        phase: "mapped",
        protocol,
        gateway: GATEWAY,
        host: "203.0.113.7",
        ports: { tcp: 6881 },
      });
      assertEquals(router.pmp!.held.size, 1);
    }
    assertEquals(router.pmp!.held.size, 0);
    assertEquals(router.calls, []);
  });
}

Deno.test("a router with UPnP alone maps both ports, and has them back at the end", async () => {
  await using router = new FakeRouter({ upnp: true });
  {
    await using mapping = new Mapping(router);
    assertEquals(await mapping.until("mapped"), {
      phase: "mapped",
      protocol: "UPnP",
      gateway: GATEWAY,
      host: "203.0.113.7",
      ports: { tcp: 6881, udp: 6882 },
    });
    assertEquals([...router.open].sort(), [
      ["TCP 6881", "127.0.0.1:6881 3600"],
      ["UDP 6882", "127.0.0.1:6882 3600"],
    ]);
  }
  assertEquals([...router.open], []);
});

Deno.test("our own address is found by a connection where no network of ours fits", async () => {
  await using router = new FakeRouter({ upnp: true });
  await using mapping = new Mapping(router, { networks: () => [] });
  await mapping.until("mapped");
  assertEquals(router.open.get("TCP 6881"), "127.0.0.1:6881 3600");
});

Deno.test("a port that another machine has is swapped for one that is free", async () => {
  const taken = new Set(["6881"]);
  await using router = new FakeRouter({
    upnp: true,
    speech: {
      call: (name, values) =>
        taken.has(values.get("NewExternalPort") ?? "") && name === "AddPortMapping"
          ? fault(718)
          : reply(name),
    },
  });
  await using mapping = new Mapping(router, { ports: { tcp: 6881 } });
  const { ports, host } = await mapping.until("mapped");
  assert(ports.tcp !== undefined && ports.tcp >= 10_000 && ports.tcp <= 65_535);
  assertEquals(host, null);
});

Deno.test("a router that lends for ever only is asked for that, and has it back", async () => {
  const leases: string[] = [];
  await using router = new FakeRouter({
    upnp: true,
    speech: {
      call: (name, values) => {
        if (name !== "AddPortMapping") return reply(name);
        leases.push(values.get("NewLeaseDuration")!);
        return leases.at(-1) === "0" ? reply(name) : fault(725);
      },
    },
  });
  {
    await using mapping = new Mapping(router);
    await mapping.until("mapped");
    assertEquals(leases, ["3600", "0", "0"]);
  }
  assertEquals(router.calls.filter((call) => call.endsWith("DeletePortMapping")).length, 2);
});

const foreign = "http://127.0.0.2:9/control";

/** What lies, and what is said of it. */
const LIES: readonly [string, ConstructorParameters<typeof FakeRouter>[0]["speech"], RegExp][] = [
  [
    "its description is on another host",
    { location: () => "http://127.0.0.2/root.xml" },
    /names another/,
  ],
  [
    "its description has a name",
    { location: (port) => `http://localhost.example:${port}/` },
    /names another/,
  ],
  ["its description is no http URL", { location: () => "file:///etc/passwd" }, /names another/],
  [
    "its description has a password",
    { location: (port) => `http://a:b@127.0.0.1:${port}/` },
    /names another/,
  ],
  [
    "the control URL is on another host",
    { description: () => description(foreign) },
    /another address/,
  ],
  [
    "the base and a relative control URL are on another host",
    {
      description: () => description("//127.0.0.2/control", "<URLBase>http://127.0.0.2/</URLBase>"),
    },
    /another address/,
  ],
  [
    "the description redirects",
    { description: () => Response.redirect(foreign) },
    /sends us elsewhere/,
  ],
  ["a call redirects", { call: () => Response.redirect(foreign, 307) }, /sends us elsewhere/],
  [
    "the description is huge",
    { description: () => "<root>".padEnd(10_000_000, "x") },
    /more than a gateway/,
  ],
  [
    "the description is a web page",
    { description: () => "<html><body>Login</body></html>" },
    /no way to map/,
  ],
  ["the description is a bomb", {
    description: () => `<!DOCTYPE r [<!ENTITY a "aaaa">]><root>${"&a;".repeat(9_000)}</root>`,
  }, /no way to map/],
  [
    "the description is missing",
    { description: () => new Response("", { status: 404 }) },
    /answers 404/,
  ],
  ["calls answer nonsense", { call: () => "<a/>" }, /nonsense/],
  ["calls are not allowed", { call: () => fault(606) }, /switched off there/],
  [
    "calls fail with control characters",
    { call: () => fault(501, "\u001b[2JNo") },
    /\(501, \[2JNo\)/,
  ],
];

for (const [what, speech, told] of LIES) {
  Deno.test(`a router is not followed when ${what}`, async () => {
    await using elsewhere = new RawServer(() => Promise.resolve(), "127.0.0.2");
    const swap = (text: string) => text.replaceAll("127.0.0.2:9", `127.0.0.2:${elsewhere.port}`);
    await using router = new FakeRouter({
      upnp: true,
      speech: {
        ...speech,
        ...(speech?.description === undefined ? {} : {
          description: (port) => {
            const answer = speech.description!(port);
            return typeof answer === "string" ? swap(answer) : answer;
          },
        }),
      },
    });
    await using mapping = new Mapping(router);
    const { message } = await mapping.until("failed");
    assert(told.test(message), message);
    assertEquals(elsewhere.requests, []);
  });
}

Deno.test("a router that hangs up in the middle is given up, and said", async () => {
  await using server = new RawServer(async (conn) => {
    await conn.write(
      new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n<root>"),
    );
  });
  await using router = new FakeRouter({
    upnp: true,
    speech: { location: () => `http://127.0.0.1:${server.port}/` },
  });
  await using mapping = new Mapping(router);
  const { message } = await mapping.until("failed");
  assert(message.includes("Connection closed too early"), message);
});

Deno.test("nobody answers: it is said after all ways were tried", async () => {
  await using router = new FakeRouter({ mute: true });
  await using mapping = new Mapping(router);
  const { message } = await mapping.until("failed");
  assertEquals(
    message,
    "127.0.0.1: PCP and NAT-PMP: it does not answer; UPnP: it does not answer",
  );
});

Deno.test("closing while it asks ends at once, and maps nothing", async () => {
  await using router = new FakeRouter({ mute: true });
  const mapping = new Mapping(router);
  await mapping.until("asking");
  await mapping[Symbol.asyncDispose]();
});

Deno.test("what a router does whose answers are lost is given back when we leave", async () => {
  await using router = new FakeRouter({ pmp: "pcp" });
  const pmp = router.pmp!;
  pmp.unheard = true;
  let heard = Promise.withResolvers<void>();
  pmp.twist = () => heard.resolve();
  const mapping = new Mapping(router, { ports: { tcp: 6881 } });
  await heard.promise;
  assertEquals(pmp.held.size, 1);
  const closing = mapping[Symbol.asyncDispose]();
  while (pmp.held.size > 0) {
    heard = Promise.withResolvers();
    await heard.promise;
  }
  await closing;
});
