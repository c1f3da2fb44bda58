import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Bytes, Endpoint } from "../../src/base/mod.ts";
import { UdpSocket } from "../../src/net/mod.ts";

/** A packet and whom it came from. */
type Met = readonly [number[], Endpoint];

/** A running socket and what came to it. */
class Post implements AsyncDisposable {
  readonly met: Met[] = [];
  readonly #running: Promise<void>;
  #waiting: (() => void) | null = null;

  constructor(readonly socket: UdpSocket) {
    this.#running = socket.run((packet, from) => {
      this.met.push([[...packet], from]);
      this.#waiting?.();
    });
  }

  /** Resolves once `count` packets are here. */
  async count(count: number): Promise<void> {
    while (this.met.length < count) {
      await new Promise<void>((resolve) => this.#waiting = resolve);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close();
    await this.#running;
  }
}

const HOSTS = ["127.0.0.1", "::1"];

Deno.test("one socket speaks IPv4 and IPv6, and tells plain addresses", async () => {
  await using here = new Post(UdpSocket.open(0));
  await using there = new Post(UdpSocket.open(0));
  for (const [i, host] of HOSTS.entries()) {
    there.socket.send(new Uint8Array([i]), { host, port: here.socket.port });
    await here.count(i + 1);
    const [, from] = here.met[i]!;
    assertEquals(from, { host, port: there.socket.port });
    here.socket.send(new Uint8Array([i, i]), from);
    await there.count(i + 1);
  }
  assertEquals(there.met.map(([bytes]) => bytes), [[0, 0], [1, 1]]);
});

Deno.test("with IPv4 alone packets to IPv6 are dropped, the rest goes on", async () => {
  await using old = new Post(UdpSocket.open(0, "ipv4"));
  await using both = new Post(UdpSocket.open(0));
  assertEquals([old.socket.ipv6, both.socket.ipv6], [false, true]);
  old.socket.send(new Uint8Array([6]), { host: "::1", port: both.socket.port });
  old.socket.send(new Uint8Array([4]), { host: "127.0.0.1", port: both.socket.port });
  await both.count(1);
  assertEquals(both.met, [[[4], { host: "127.0.0.1", port: old.socket.port }]]);
});

Deno.test("a server's socket is bound to one address", async () => {
  for (const host of HOSTS) {
    await using server = new Post(UdpSocket.bind(host, 0));
    await using client = new Post(UdpSocket.open(0));
    client.socket.send(new Uint8Array([1]), { host, port: server.socket.port });
    await server.count(1);
    server.socket.send(new Uint8Array([2]), server.met[0]![1]);
    await client.count(1);
    assertEquals(client.met, [[[2], { host, port: server.socket.port }]]);
  }
});

Deno.test("a packet longer than the runtime's own buffer arrives whole and stays as it is", async () => {
  const kept: Bytes[] = [];
  const arrived = Promise.withResolvers<void>();
  const here = UdpSocket.open(0);
  const running = here.run((packet) => {
    if (kept.push(packet) === 2) arrived.resolve();
  });
  await using there = new Post(UdpSocket.open(0));
  for (const value of [7, 8]) {
    const long = new Uint8Array(40_000).fill(value);
    there.socket.send(long, { host: "127.0.0.1", port: here.port });
  }
  await arrived.promise;
  const uniform = (packet: Bytes) => packet.every((byte) => byte === packet[0]);
  // in any order, as UDP may
  kept.sort((a, b) => a[0]! - b[0]!);
  assertEquals(kept.map((packet) => [packet.length, packet[0], uniform(packet)]), [
    [40_000, 7, true],
    [40_000, 8, true],
  ]);
  here.close();
  await running;
});

Deno.test("what cannot be sent is dropped: nobody there, no route, too long, too many, closed", async () => {
  await using here = new Post(UdpSocket.open(0));
  await using there = new Post(UdpSocket.open(0));
  const gone = UdpSocket.open(0);
  gone.close();
  const small = new Uint8Array([1]);
  const to = { host: "127.0.0.1", port: there.socket.port };
  for (const host of HOSTS) here.socket.send(small, { host, port: gone.port });
  here.socket.send(small, { host: "255.255.255.255", port: 9 });
  here.socket.send(new Uint8Array(70_000), to);
  gone.send(small, to);
  for (let i = 0; i < 2_000; i++) here.socket.send(small, { host: "127.0.0.1", port: gone.port });
  // dropped until the system has taken what is under way
  const timer = setInterval(() => here.socket.send(new Uint8Array([2]), to), 1);
  await there.count(1);
  clearInterval(timer);
  assertEquals(there.met[0]![0], [2]);
});

Deno.test("a flood of packets leaves others their turn", async () => {
  await using here = new Post(UdpSocket.open(0));
  // another thread sends without a pause, until it is ended
  const source =
    `const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const to = { transport: "udp", hostname: "127.0.0.1", port: ${here.socket.port} };
    for (;;) await socket.send(new Uint8Array(1), to);`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  await here.count(1_000);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  const met = here.met.length;
  await here.count(met + 1_000);
  worker.terminate();
  URL.revokeObjectURL(url);
  assert(met > 1_000);
});

Deno.test("a busy port is an error at once, and closing twice is none", async () => {
  const first = new Post(UdpSocket.open(0));
  assertThrows(() => UdpSocket.open(first.socket.port), Deno.errors.AddrInUse);
  first.socket.close();
  await first[Symbol.asyncDispose]();
  UdpSocket.open(first.socket.port).close();
});
