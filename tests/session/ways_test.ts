/** Which way a dial takes, and what becomes of the other; nothing here touches a network. */
import { assertEquals, assertRejects } from "@std/assert";
import type { Endpoint } from "../../src/base/mod.ts";
import { type Carrier, UtpError, type UtpStream } from "../../src/net/mod.ts";
import { Ways, type WaysPatience } from "../../src/session/ways.ts";

const AT: Endpoint = { host: "8.8.8.8", port: 6881 };
const EVER = 1_000_000;

/** One dial of TCP or call of uTP, which ends as the test says. */
class Try<T> {
  readonly #outcome = Promise.withResolvers<T>();
  signal: AbortSignal | null = null;
  closed = false;
  readonly begun = Promise.withResolvers<void>();

  constructor(readonly thing: (close: () => void) => T) {}

  start(signal: AbortSignal): Promise<T> {
    this.signal = signal;
    signal.addEventListener("abort", () => this.#outcome.reject(signal.reason));
    this.begun.resolve();
    return this.#outcome.promise;
  }

  stand(): void {
    this.#outcome.resolve(this.thing(() => this.closed = true));
  }

  fail(error: Error): void {
    this.#outcome.reject(error);
  }
}

class Lab {
  readonly tcp = new Try((close) => ({ transport: "tcp", close }) as unknown as Carrier);
  readonly utp = new Try((close) => ({ close }) as unknown as UtpStream);
  readonly abort = new AbortController();
  readonly left: Promise<unknown>[] = [];
  eased = 0;
  /** Resolves at the first of them. */
  readonly firstEased = Promise.withResolvers<void>();
  readonly dialled: Promise<Carrier>;

  constructor(patience: Partial<WaysPatience> = {}) {
    const ways = new Ways({
      tcp: true,
      utp: { reaches: () => true, dial: (_to, signal) => this.utp.start(signal) },
      dial: (_to, signal) => this.tcp.start(signal),
      track: (work) => void this.left.push(work),
      patience: { headStart: 0, afterFailure: EVER, grace: EVER, ...patience },
    });
    this.dialled = ways.dial(AT, "tcp", this.abort.signal, () => {
      this.eased++;
      this.firstEased.resolve();
    });
  }

  /** What the dial came to, once nothing of it goes on. */
  async over(): Promise<string> {
    const { transport } = await this.dialled;
    await Promise.all(this.left);
    return transport;
  }
}

const refused = new Deno.errors.ConnectionRefused("no");

Deno.test("TCP that stands at once is taken, and nobody is called", async () => {
  const lab = new Lab({ headStart: EVER });
  lab.tcp.stand();
  assertEquals([await lab.over(), lab.utp.signal], ["tcp", null]);
});

Deno.test("TCP that succeeds just after uTP is not aborted but closed", async () => {
  const lab = new Lab();
  await lab.utp.begun.promise;
  lab.utp.stand();
  await lab.dialled;
  lab.tcp.stand();
  assertEquals(await lab.over(), "utp");
  assertEquals([lab.tcp.signal?.aborted, lab.tcp.closed, lab.utp.closed], [false, true, false]);
});

Deno.test("TCP that hears nothing is aborted a while after uTP stands", async () => {
  const lab = new Lab({ grace: 1 });
  await lab.utp.begun.promise;
  lab.utp.stand();
  assertEquals(await lab.over(), "utp");
  assertEquals([lab.tcp.signal?.aborted, lab.tcp.closed, lab.eased], [true, false, 0]);
});

Deno.test("a call is ended when TCP stands, and closed when it stands too", async () => {
  for (const both of [false, true]) {
    const lab = new Lab();
    await lab.utp.begun.promise;
    lab.tcp.stand();
    if (both) lab.utp.stand();
    assertEquals(await lab.over(), "tcp");
    assertEquals([lab.utp.signal?.aborted, lab.utp.closed], [!both, both]);
  }
});

Deno.test("who refuses TCP is called over uTP, and keeps nobody else from being dialled", async () => {
  for (const headStart of [0, EVER]) {
    const lab = new Lab({ headStart });
    if (headStart === 0) await lab.utp.begun.promise;
    lab.tcp.fail(refused);
    await lab.utp.begun.promise;
    await lab.firstEased.promise;
    lab.utp.stand();
    assertEquals([await lab.over(), lab.eased], ["utp", 1]);
  }
});

Deno.test("who refuses TCP and says nothing over uTP is given up, with what TCP said", async () => {
  const lab = new Lab({ afterFailure: 1 });
  lab.tcp.fail(refused);
  await assertRejects(() => lab.dialled, Deno.errors.ConnectionRefused);
  assertEquals([lab.utp.signal?.aborted, lab.eased, lab.left.length], [true, 1, 0]);
  const other = new Lab();
  await other.utp.begun.promise;
  other.utp.fail(new UtpError("refused"));
  other.tcp.fail(refused);
  await assertRejects(() => other.dialled, Deno.errors.ConnectionRefused);
});

Deno.test("a dial that is aborted ends both ways", async () => {
  const lab = new Lab();
  await lab.utp.begun.promise;
  lab.abort.abort(new Error("over"));
  await assertRejects(() => lab.dialled, Error, "over");
  assertEquals([lab.tcp.signal?.aborted, lab.utp.signal?.aborted], [true, true]);
  const early = new Lab({ headStart: EVER });
  early.abort.abort(new Error("over"));
  await assertRejects(() => early.dialled, Error, "over");
  assertEquals(early.utp.signal, null);
});
