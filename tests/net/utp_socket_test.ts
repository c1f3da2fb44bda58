import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Endpoint, millis, SystemRandom } from "../../src/base/mod.ts";
import { UdpDemux, UdpSocket, UtpDoor, UtpError, type UtpStream } from "../../src/net/mod.ts";

const now = () => millis(performance.now());
const NEVER = new AbortController().signal;

/** A UDP socket with uTP on it. */
class Side implements AsyncDisposable {
  readonly faults: unknown[] = [];
  readonly arrived: UtpStream[] = [];
  readonly door: UtpDoor;
  readonly at: Endpoint;
  /** Whether who calls is wanted. */
  wants = true;
  came = Promise.withResolvers<UtpStream>();
  readonly #udp: UdpDemux;
  readonly #running: Promise<void>;

  constructor() {
    this.#udp = new UdpDemux(UdpSocket.open(0, "ipv4"), (error) => this.faults.push(error));
    this.at = { host: "127.0.0.1", port: this.#udp.port };
    this.door = new UtpDoor(this.#udp, {
      random: new SystemRandom(),
      now,
      take: (stream) => {
        this.arrived.push(stream);
        this.came.resolve(stream);
        return this.wants;
      },
      fault: (error) => this.faults.push(error),
    });
    this.#running = this.#udp.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.door.close();
    this.#udp.close();
    await this.#running;
    assertEquals(this.faults, []);
  }
}

/** Reads `bytes` bytes of a stream, then closes it; rejects when it ends before. */
function readAll(stream: UtpStream, bytes: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const out = new Uint8Array(bytes);
  let at = 0;
  const readable = () => {
    at += stream.read(out.subarray(at));
    if (at < bytes) return;
    stream.close();
    resolve(out);
  };
  stream.listener = { readable, writable: () => {}, closed: (end) => reject(new UtpError(end)) };
  readable();
  return promise;
}

/** Writes all of `data` as there is room; resolves with how the stream ended. */
function writeAll(stream: UtpStream, data: Uint8Array<ArrayBuffer>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let at = 0;
  const writable = () => void (at += stream.write(data.subarray(at)));
  const readable = () => {
    if (!stream.ended) return;
    stream.close();
    resolve("finished");
  };
  stream.listener = { readable, writable, closed: resolve };
  writable();
  return promise;
}

Deno.test("megabytes arrive over real sockets, and both hear of the end", async () => {
  await using a = new Side();
  await using b = new Side();
  const data = crypto.getRandomValues(new Uint8Array(60_000));
  const long = new Uint8Array(100 * data.length);
  for (let i = 0; i < 100; i++) long.set(data, i * data.length);
  const stream = await a.door.dial(b.at, NEVER);
  assertEquals(stream.remote, b.at);
  const written = writeAll(stream, long);
  const read = await readAll(await b.came.promise, long.length);
  assertEquals(read.findIndex((byte, i) => byte !== long[i]), -1);
  assertEquals(await written, "finished");
  assertEquals(b.arrived.map(({ remote }) => remote), [a.at]);
});

Deno.test("who is not wanted is told so", async () => {
  await using a = new Side();
  await using b = new Side();
  b.wants = false;
  const stream = await a.door.dial(b.at, NEVER);
  assertEquals(await writeAll(stream, new Uint8Array(10)), "reset");
});

Deno.test("a call is given up when it is no longer wanted", async () => {
  await using a = new Side();
  // somebody is there, and says nothing
  const silent = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const at = { host: "127.0.0.1", port: (silent.addr as Deno.NetAddr).port };
  const abort = new AbortController();
  const call = a.door.dial(at, abort.signal);
  await silent.receive();
  abort.abort(new Error("Enough"));
  await assertRejects(() => call, Error, "Enough");
  await assertRejects(() => a.door.dial(at, AbortSignal.abort(new Error("No"))), Error, "No");
  silent.close();
});

Deno.test("when the socket closes, everybody is told and nothing can be called", async () => {
  await using a = new Side();
  const b = new Side();
  const stream = await a.door.dial(b.at, NEVER);
  const ended = writeAll(stream, new Uint8Array(5));
  const other = await b.came.promise;
  const told = Promise.withResolvers<string>();
  other.listener = { readable: () => {}, writable: () => {}, closed: told.resolve };
  const { door } = b;
  await b[Symbol.asyncDispose]();
  assertEquals(await told.promise, "closed");
  assert(["reset", "silent"].includes(await ended));
  await assertRejects(() => door.dial(a.at, NEVER), UtpError, "Closed");
});

Deno.test("what is said before somebody listens is heard", async () => {
  await using a = new Side();
  await using b = new Side();
  const stream = await a.door.dial(b.at, NEVER);
  const written = writeAll(stream, new Uint8Array(50_000).fill(7));
  const other = await b.came.promise;
  while (other.available < 1_000) await new Promise((resolve) => setTimeout(resolve, 1));
  assert((await readAll(other, 50_000)).every((byte) => byte === 7));
  assertEquals(await written, "finished");
});
