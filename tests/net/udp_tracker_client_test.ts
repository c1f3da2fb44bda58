import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Bytes,
  concat,
  type Endpoint,
  infoHash,
  peerId,
  toHex,
  TrackerError,
  utf8,
} from "../../src/base/mod.ts";
import {
  AddressPolicy,
  type TrackerAnswer,
  TrackerClient,
  TrackerServer,
  UdpDemux,
  UdpSocket,
} from "../../src/net/mod.ts";
import type { AnnounceRequest } from "../../src/tracker/mod.ts";

const hash = infoHash(new Uint8Array(20).fill(1));

function request(port: number, changes: Partial<AnnounceRequest> = {}): AnnounceRequest {
  return {
    infoHash: hash,
    peerId: peerId(new Uint8Array(20).fill(port)),
    port,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    event: "started",
    numwant: 50,
    key: 1,
    trackerId: null,
    ...changes,
  };
}

/** A client on a socket of its own, and name servers that know `names`. */
class Desk implements AsyncDisposable {
  readonly client: TrackerClient;
  readonly #udp: UdpDemux;
  readonly #running: Promise<void>;

  constructor(names: Readonly<Record<string, readonly string[]>> = {}) {
    this.#udp = new UdpDemux(UdpSocket.open(0), (error) => {
      throw error;
    });
    this.#running = this.#udp.run();
    const resolve = (name: string) => Promise.resolve(names[name] ?? []);
    this.client = new TrackerClient(new AddressPolicy({ resolve }), this.#udp);
  }

  get port(): number {
    return this.#udp.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    this.#udp.close();
    await this.#running;
  }
}

/** A tracker that answers each packet with what `answer` says of it, from its own socket or another. */
class RawTracker implements AsyncDisposable {
  readonly met: Bytes[] = [];
  readonly #socket: UdpSocket;
  readonly #running: Promise<void>;

  constructor(
    answer: (packet: Bytes, send: (packet: Bytes) => void, from: Endpoint) => void,
    host = "127.0.0.1",
  ) {
    this.#socket = UdpSocket.bind(host, 0);
    this.#running = this.#socket.run((packet, from) => {
      this.met.push(packet);
      answer(packet, (reply) => this.#socket.send(reply, from), from);
    });
  }

  get port(): number {
    return this.#socket.port;
  }

  get url(): string {
    return `udp://127.0.0.1:${this.port}/announce`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#running;
  }
}

/** An answer with `action`, to `packet`. */
function reply(packet: Bytes, action: number, ...body: Uint8Array[]): Bytes {
  return concat(new Uint8Array([0, 0, 0, action]), packet.subarray(12, 16), ...body);
}

const ID = new Uint8Array(8).fill(1);
const isConnect = (packet: Bytes) => packet[11] === 0;
/** Interval, leechers, seeders, and one peer. */
const ONE_PEER = new Uint8Array([0, 0, 1, 44, 0, 0, 0, 1, 0, 0, 0, 1, 198, 51, 100, 9, 0, 9]);

Deno.test("over IPv4 and IPv6 a tracker of ours tells peers of each other, and counts them", async () => {
  await using desk = new Desk();
  const server = new TrackerServer({ hostname: "::", port: 0 });
  for (const host of ["127.0.0.1", "[::1]"]) {
    const url = `udp://${host}:${server.port}/announce`;
    const first = await desk.client.announce(url, request(1000 + host.length));
    assertEquals([first.peers, first.localTracker, first.interval], [[], true, 300]);
    const { peers } = await desk.client.announce(url, request(2000 + host.length));
    assertEquals(peers, [{ host: host.replace(/[[\]]/g, ""), port: 1000 + host.length }]);
  }
  const url = `udp://127.0.0.1:${server.port}/announce`;
  const counts = await desk.client.scrape(url, Array(100).fill(hash));
  assertEquals(counts.get(toHex(hash)), { seeders: 0, leechers: 4, downloads: 0 });
  await desk.client.announce(url, request(1009, { event: "completed", left: 0 }));
  assertEquals(
    await desk.client.scrape(url.replace("udp", "http"), [hash]),
    counts.set(toHex(hash), {
      seeders: 1,
      leechers: 3,
      downloads: 1,
    }),
  );
  await server.shutdown();
});

Deno.test("a tracker with both kinds of addresses is announced to at both, and told at both when we leave", async () => {
  await using desk = new Desk({ "both.example": ["127.0.0.1", "::1"] });
  const server = new TrackerServer({ hostname: "::", port: 0 });
  const url = `udp://both.example:${server.port}/announce`;
  const { promise, resolve } = Promise.withResolvers<TrackerAnswer>();
  const first = await desk.client.announce(url, request(7), { more: resolve });
  const more = await promise;
  assertEquals([first.peers.length, more.peers.length], [0, 0]);
  assertEquals(server.counts, { torrents: 1, peers: 2 });
  await desk.client.announce(url, request(7, { event: "stopped" }));
  assertEquals(server.counts, { torrents: 0, peers: 0 });
  await server.shutdown();
});

Deno.test("an address that never answered is not waited for when we leave", async () => {
  await using desk = new Desk({ "both.example": ["127.0.0.1", "::1"] });
  // listens at one of the two only
  await using tracker = new RawTracker((packet, send) =>
    send(isConnect(packet) ? reply(packet, 0, ID) : reply(packet, 1, ONE_PEER))
  );
  const url = `udp://both.example:${tracker.port}/announce`;
  const { signal } = new AbortController();
  assertEquals((await desk.client.announce(url, request(7), { signal })).peers.length, 1);
  await desk.client.announce(url, request(7, { event: "stopped" }), { signal });
  assertEquals(tracker.met.map((packet) => packet[83]), [undefined, 2, 3]);
});

Deno.test("path and query go along, and what the tracker refuses is told", async () => {
  await using desk = new Desk();
  await using tracker = new RawTracker((packet, send) =>
    send(isConnect(packet) ? reply(packet, 0, ID) : reply(packet, 3, utf8("unregistered")))
  );
  const url = `${tracker.url}?passkey=1`;
  const error = await assertRejects(() => desk.client.announce(url, request(7)), TrackerError);
  assertEquals([error.message, error.fault], ["The tracker refused: unregistered", "refuses"]);
  const announce = tracker.met[1]!;
  assertEquals(announce.subarray(98), concat(new Uint8Array([2, 19]), utf8("/announce?passkey=1")));
});

Deno.test("spoofed answers from other sockets, and truncated ones, are not believed", async () => {
  await using desk = new Desk();
  const spoofer = UdpSocket.bind("127.0.0.1", 0);
  const spoofed = spoofer.run(() => {});
  const evil = ONE_PEER.with(12, 66);
  await using tracker = new RawTracker((packet, send, from) => {
    const [action, body] = isConnect(packet) ? [0, ID] : [1, ONE_PEER];
    // even one that knows the number comes from the wrong place
    spoofer.send(reply(packet, action, action === 0 ? ID.with(0, 9) : evil), from);
    const wrong = reply(packet, action, action === 0 ? ID.with(0, 9) : evil);
    wrong[4]! ^= 1;
    send(wrong);
    setTimeout(() => send(reply(packet, action, body)), 20);
  });
  const { peers } = await desk.client.announce(tracker.url, request(7));
  assertEquals(peers, [{ host: "198.51.100.9", port: 9 }]);
  assertEquals(tracker.met[1]!.subarray(0, 8), ID);
  spoofer.close();
  await spoofed;
  await using short = new RawTracker((packet, send) =>
    send(isConnect(packet) ? reply(packet, 0, ID) : reply(packet, 1, ONE_PEER.subarray(0, 11)))
  );
  const error = await assertRejects(
    () => desk.client.announce(short.url, request(7)),
    TrackerError,
    "Expected an answer of 20 bytes, got 19",
  );
  assertEquals(error.fault, "answers-badly");
});

Deno.test("a local tracker is asked at the path /announce only, in every spelling of its address", async () => {
  await using desk = new Desk({ "home.example": ["192.168.1.1"] });
  await using tracker = new RawTracker(() => {});
  const { port } = tracker;
  const faultOf = async (url: string) =>
    (await assertRejects(() => desk.client.announce(url, request(7)), TrackerError)).fault;
  for (const host of ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "LOCALHOST"]) {
    assertEquals(await faultOf(`udp://${host}:${port}`), "forbidden", host);
    assertEquals(await faultOf(`udp://${host}:${port}/x/announce`), "forbidden", host);
  }
  assertEquals(await faultOf(`udp://home.example:${port}/`), "forbidden");
  assertEquals(await faultOf(`udp://0.0.0.0:${port}/announce`), "forbidden");
  assertEquals(await faultOf(`udp://nowhere.example:${port}/announce`), "unknown-host");
  assertEquals(await faultOf("udp://127.0.0.1/announce"), "answers-badly");
  assertEquals(tracker.met, []);
});

Deno.test("an aborted announce rejects with the signal's reason, and nothing is sent any more", async () => {
  await using desk = new Desk();
  const controller = new AbortController();
  await using tracker = new RawTracker(() => controller.abort(new Error("leaving")));
  const announced = desk.client.announce(tracker.url, request(7), { signal: controller.signal });
  await assertRejects(() => announced, Error, "leaving");
  await assertRejects(
    () => desk.client.announce(tracker.url, request(7), { signal: controller.signal }),
    Error,
    "leaving",
  );
  assertEquals(tracker.met.length, 1);
});

Deno.test("without a UDP socket such a tracker cannot be reached", async () => {
  const client = new TrackerClient(new AddressPolicy({ resolve: () => Promise.resolve([]) }));
  const announced = client.announce("udp://127.0.0.1:1/announce", request(7));
  const error = await assertRejects(() => announced, TrackerError, "There is no UDP socket");
  assertEquals(error.fault, "unreachable");
  client.close();
});

Deno.test("a tracker of ours has one port for HTTP and UDP, and gives both back", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  assertEquals(server.udpUrl, server.announceUrl.replace("http", "udp"));
  for (
    const open of [
      () => Deno.listen({ hostname: "127.0.0.1", port: server.port }),
      () => UdpSocket.bind("127.0.0.1", server.port),
      () => new TrackerServer({ hostname: "127.0.0.1", port: server.port }),
    ]
  ) {
    try {
      open();
      throw new Error("Opened a port that is taken");
    } catch (error) {
      assert(error instanceof Deno.errors.AddrInUse, String(error));
    }
  }
  await server.shutdown();
  UdpSocket.bind("127.0.0.1", server.port).close();
});
