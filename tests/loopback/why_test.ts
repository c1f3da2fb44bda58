/** Downloads that do not move, over real sockets: each must name its stage and its first cause. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { CauseCode, Stage, Waiting } from "../../src/session/mod.ts";
import { TrackerServer } from "../../src/net/mod.ts";
import { answer, RawServer as WebServer } from "../net/raw_server.ts";
import { encode } from "../../src/bencode/mod.ts";
import { frame } from "../wire/talk.ts";
import { Client, Folder, labTorrent } from "./lab.ts";
import { hello, type RawPeer, RawServer } from "./raw_peer.ts";

const DATA = ["stalled", [["", 100_000]], 16_384] as const;
/** All of its seven pieces, and the first. */
const ALL = frame(5, new Uint8Array([0xfe]));
const FIRST = frame(5, new Uint8Array([0x80]));
const UNCHOKE = frame(1);

interface Around {
  readonly peers?: readonly string[];
  readonly announce?: string;
  readonly connectTimeout?: number;
}

/**
 * What is told of a download among these peers and trackers when it waits in `stage`, for `cause` before all. However
 * slow the machine, that is told some time, maybe after other words: it is waited for, with no bound of the session's.
 */
async function told(stage: Stage, cause: CauseCode, around: Around): Promise<Waiting> {
  const { peers = [], announce, connectTimeout = 10 } = around;
  const stalled = await labTorrent(...DATA, announce);
  using target = new Folder();
  await using client = await Client.start(target, { waitPatience: 0.6, connectTimeout });
  await client.add(stalled, { peers });
  return await client.heard(
    "waiting",
    (waiting) => waiting.stage === stage && waiting.causes[0]!.cause === cause,
  );
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
  await told("peers", "no-source", {});
});

Deno.test("why: a download that ends because it stood still says why, as a sentence and as a value", async () => {
  using target = new Folder();
  await using client = await Client.start(target, { stallTimeout: 2 });
  await client.add(await labTorrent(...DATA));
  const { reason, message, waiting } = await client.heard("error");
  assertEquals(reason, "stalled");
  assertMatch(message, /^No data for 2 s, waiting for peers: the torrent names no tracker/);
  assertEquals([waiting!.stage, waiting!.causes[0]!.cause], ["peers", "no-source"]);
});

Deno.test("why: a tracker that refuses the connection, with its last error and next announce", async () => {
  const url = `http://127.0.0.1:${closedPort()}/announce`;
  const { trackers: [tracker] } = await told("peers", "tracker-unreachable", { announce: url });
  assertEquals([tracker!.url, tracker!.state], [url, "failed"]);
  assertMatch(tracker!.message!, /^Connection refused/);
  assert(tracker!.next !== null && tracker!.next < 16, String(tracker!.next));
});

Deno.test("why: a tracker that answers with HTTP status 404", async () => {
  await using tracker = new WebServer(answer("gone", "", "404 Not Found"));
  const { causes } = await told("peers", "tracker-answers-badly", { announce: tracker.url });
  assertMatch(causes[0]!.text, /: HTTP status 404$/);
});

Deno.test("why: a tracker that does not know the torrent", async () => {
  const refusal = encode({ "failure reason": "unregistered torrent" });
  await using tracker = new WebServer(answer(refusal));
  const { causes } = await told("peers", "tracker-refuses", { announce: tracker.url });
  assertMatch(causes[0]!.text, /: unregistered torrent$/);
});

Deno.test("why: a tracker that answers and knows nobody", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  const { causes, trackers } = await told("peers", "no-peers", { announce: server.announceUrl });
  await server.shutdown();
  assertMatch(causes[0]!.text, /^the tracker answers, but knows no other peers$/);
  assertEquals([trackers[0]!.state, trackers[0]!.peers], ["ok", 0]);
});

Deno.test("why: a peer that refuses the connection", async () => {
  const port = closedPort();
  const peers = [`127.0.0.1:${port}`];
  const { causes, tried } = await told("peers", "peers-refused", { peers });
  assertEquals(causes[0]!.text, `peer 127.0.0.1:${port} refuses the connection`);
  assertEquals([tried.known, tried.failed], [1, { refused: 1 }]);
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
    const [peer, cause, connectTimeout] of [
      [hangs, "peers-hung-up", 10],
      [silent, "peers-no-handshake", 1],
      [web, "peers-nonsense", 10],
      [elsewhere, "peers-other-torrent", 10],
    ] as const
  ) {
    await told("peers", cause, { peers: [peer.address], connectTimeout });
  }
});

Deno.test("why: a peer that chokes us", async () => {
  await using peer = await peerOf(ALL);
  const { text, causes, tried } = await told("unchoke", "choked", { peers: [peer.address] });
  assertEquals(text, "waiting to be served");
  assertMatch(causes[0]!.text, /^the one peer connected serves only others now/);
  assertEquals([tried.connected, tried.useful, tried.unchoked], [1, 1, 0]);
});

Deno.test("why: a peer that unchokes us and sends nothing", async () => {
  await using peer = await peerOf(ALL, UNCHOKE);
  await told("data", "snubbed", { peers: [peer.address] });
});

Deno.test("why: a peer that has nothing", async () => {
  await using peer = await peerOf(UNCHOKE);
  const { causes } = await told("data", "pieces-missing", { peers: [peer.address] });
  assertMatch(causes[0]!.text, /none of the 7 missing pieces$/);
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
  const { causes } = await told("data", "pieces-missing", { peers: [peer.address] });
  assertMatch(causes[0]!.text, /none of the 6 missing pieces$/);
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
  await client.heard("done");
  for (const { seconds } of client.all("moving")) assert(Number.isInteger(seconds));
  // each wait that was told ends once, and no other
  const said = client.events.map(({ type }) => type)
    .filter((type) => type === "waiting" || type === "moving");
  assertMatch(said.join(" "), /^((waiting )+moving ?)+$/);
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
  await client.heard(
    "waiting",
    ({ stage, causes }) => stage === "data" && causes[0]!.cause === "download-limit",
  );
});
