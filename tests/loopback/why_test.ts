/** Downloads that do not move, over real sockets: each must name its stage and its first cause. */
import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import type { Waiting } from "../../src/session/mod.ts";
import { TrackerServer } from "../../src/net/mod.ts";
import { answer, RawServer as WebServer } from "../net/raw_server.ts";
import { encode } from "../../src/bencode/mod.ts";
import { frame } from "../wire/talk.ts";
import { Client, Folder, labTorrent } from "./lab.ts";
import { hello, type RawPeer, RawServer } from "./raw_peer.ts";

const BOUNDS = { stallTimeout: 2, waitPatience: 0.6, connectTimeout: 1 };
const DATA = ["stalled", [["", 100_000]], 16_384] as const;
/** All of its seven pieces, and the first. */
const ALL = frame(5, new Uint8Array([0xfe]));
const FIRST = frame(5, new Uint8Array([0x80]));
const UNCHOKE = frame(1);

/** How a download with these peers and trackers ends, and what was told before. */
async function stallOf(over: { peers?: readonly string[]; announce?: string }): Promise<{
  readonly message: string;
  readonly end: Waiting;
  readonly told: readonly Waiting[];
}> {
  const stalled = await labTorrent(...DATA, over.announce);
  using target = new Folder();
  await using client = await Client.start(target, BOUNDS);
  await client.add(stalled, { peers: over.peers ?? [] });
  const error = await client.heard("error");
  assertEquals(error.reason, "stalled");
  assert(client.all("warning").some(({ message }) => /^No data for [12] s, /.test(message)));
  assertGreater(client.all("waiting").length, 0);
  return { message: error.message, end: error.waiting!, told: client.all("waiting") };
}

/** A peer that says something after its handshake and then only listens. */
async function peerOf(...parts: readonly Uint8Array[]): Promise<RawServer> {
  const stalled = await labTorrent(...DATA);
  return new RawServer(async (raw: RawPeer) => {
    await raw.send(hello(stalled), ...parts);
    await raw.end();
  });
}

function closedPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

Deno.test("why: no tracker and no peer", async () => {
  const { end, message, told } = await stallOf({});
  assertEquals([end.stage, end.causes[0]!.cause], ["peers", "no-source"]);
  assertMatch(message, /^No data for 2 s, waiting for peers: the torrent names no tracker/);
  assertEquals([told[0]!.stage, told[0]!.causes[0]!.cause], ["peers", "no-source"]);
});

Deno.test("why: a tracker that refuses the connection, with its last error and next announce", async () => {
  const url = `http://127.0.0.1:${closedPort()}/announce`;
  const { end } = await stallOf({ announce: url });
  assertEquals([end.stage, end.causes[0]!.cause], ["peers", "tracker-unreachable"]);
  const [tracker] = end.trackers;
  assertEquals([tracker!.url, tracker!.state], [url, "failed"]);
  assertMatch(tracker!.message!, /^Connection refused/);
  assertGreater(tracker!.next!, 5);
  assertLess(tracker!.next!, 16);
});

Deno.test("why: a tracker that answers with HTTP status 404", async () => {
  await using tracker = new WebServer(answer("gone", "", "404 Not Found"));
  const { end } = await stallOf({ announce: tracker.url });
  assertEquals(end.causes[0]!.cause, "tracker-answers-badly");
  assertMatch(end.causes[0]!.text, /: HTTP status 404$/);
});

Deno.test("why: a tracker that does not know the torrent", async () => {
  const refusal = encode({ "failure reason": "unregistered torrent" });
  await using tracker = new WebServer(answer(refusal));
  const { end } = await stallOf({ announce: tracker.url });
  assertEquals(end.causes[0]!.cause, "tracker-refuses");
  assertMatch(end.causes[0]!.text, /: unregistered torrent$/);
});

Deno.test("why: a tracker that answers and knows nobody", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  const { end, message } = await stallOf({ announce: server.announceUrl });
  await server.shutdown();
  assertEquals([end.stage, end.causes[0]!.cause], ["peers", "no-peers"]);
  assertMatch(message, /the tracker answers, but knows no other peers$/);
  assertEquals([end.trackers[0]!.state, end.trackers[0]!.peers], ["ok", 0]);
});

Deno.test("why: a peer that refuses the connection", async () => {
  const port = closedPort();
  const { end, message } = await stallOf({ peers: [`127.0.0.1:${port}`] });
  assertEquals([end.stage, end.causes[0]!.cause], ["peers", "peers-refused"]);
  assertMatch(message, new RegExp(`peer 127.0.0.1:${port} refuses the connection$`));
  assertEquals([end.tried.known, end.tried.failed], [1, { refused: 1 }]);
});

Deno.test("why: peers that hang up, say nothing, talk HTTP or serve something else", async () => {
  const other = await labTorrent("other", [["", 1000]], 16_384);
  await using hangs = new RawServer(async (raw) => void await raw.take(68));
  await using silent = new RawServer((raw) => raw.end());
  await using web = new RawServer(async (raw) => {
    await raw.send(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await raw.end();
  });
  await using elsewhere = new RawServer(async (raw) => {
    await raw.send(hello(other));
    await raw.end();
  });
  for (
    const [peer, cause] of [
      [hangs, "peers-hung-up"],
      [silent, "peers-no-handshake"],
      [web, "peers-nonsense"],
      [elsewhere, "peers-other-torrent"],
    ] as const
  ) {
    const { end } = await stallOf({ peers: [peer.address] });
    assertEquals([end.stage, end.causes[0]!.cause], ["peers", cause]);
  }
});

Deno.test("why: a peer that chokes us", async () => {
  await using peer = await peerOf(ALL);
  const { end, message } = await stallOf({ peers: [peer.address] });
  assertEquals([end.stage, end.causes[0]!.cause], ["unchoke", "choked"]);
  assertMatch(message, /waiting to be served: the one peer connected serves only others now/);
  assertEquals([end.tried.connected, end.tried.useful, end.tried.unchoked], [1, 1, 0]);
});

Deno.test("why: a peer that unchokes us and sends nothing", async () => {
  await using peer = await peerOf(ALL, UNCHOKE);
  const { end } = await stallOf({ peers: [peer.address] });
  assertEquals([end.stage, end.causes[0]!.cause], ["data", "snubbed"]);
});

Deno.test("why: a peer that has nothing", async () => {
  await using peer = await peerOf(UNCHOKE);
  const { end } = await stallOf({ peers: [peer.address] });
  assertEquals([end.stage, end.causes[0]!.cause], ["data", "pieces-missing"]);
  assertMatch(end.causes[0]!.text, /none of the 7 missing pieces$/);
});

Deno.test("why: a peer that has served all it has, and the rest is nowhere", async () => {
  const torrent = await labTorrent(...DATA);
  await using peer = new RawServer(async (raw) => {
    await raw.send(hello(torrent), FIRST, UNCHOKE);
    await raw.take(68);
    for (let said = await raw.message(); said !== null; said = await raw.message()) {
      if (said[0] === 6) await raw.send(frame(7, 0, 0, torrent.data.slice(0, 16_384)));
    }
  });
  const { end, told } = await stallOf({ peers: [peer.address] });
  assertEquals([end.stage, end.causes[0]!.cause], ["data", "pieces-missing"]);
  assertMatch(end.causes[0]!.text, /none of the 6 missing pieces$/);
  assertEquals(told.length, 1);
});

Deno.test("why: data that comes again is told, and the wait it ended", async () => {
  const torrent = await labTorrent(...DATA);
  const late = Promise.withResolvers<void>();
  await using peer = new RawServer(async (raw) => {
    await raw.send(hello(torrent));
    await raw.take(68);
    await late.promise;
    await raw.seed(torrent);
  });
  using target = new Folder();
  await using client = await Client.start(target, { waitPatience: 0.6 });
  await client.add(torrent, { peers: [peer.address] });
  await client.heard("waiting", ({ stage }) => stage === "data");
  late.resolve();
  const { seconds } = await client.heard("moving");
  assert(Number.isInteger(seconds), String(seconds));
  await client.heard("done");
  assertEquals(client.all("moving").length, 1);
});

Deno.test("why: a download limit that is the bound is no fault", async () => {
  const torrent = await labTorrent("limited", [["", 100_000]], 16_384);
  await using peer = new RawServer(async (raw) => {
    await raw.send(hello(torrent));
    await raw.take(68);
    await raw.seed(torrent);
  });
  using target = new Folder();
  // less than a block in the time of the test
  await using client = await Client.start(target, { downloadLimit: 500, waitPatience: 0.6 });
  await client.add(torrent, { peers: [peer.address] });
  const { stage, causes } = await client.heard("waiting", ({ stage }) => stage === "data");
  assertEquals([stage, causes[0]!.cause], ["data", "download-limit"]);
});
