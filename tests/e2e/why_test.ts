/** Downloads that do not move: each must name its stage and its first cause, for people and for programs. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { encode } from "../../src/bencode/mod.ts";
import { answer, RawServer } from "../net/raw_server.ts";
import { assertFailure, assertPlain } from "./harness/expect.ts";
import { FakePeer, fullBitfield, Message, seeder, type Wire } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import type { JsonEvent } from "./harness/tm.ts";
import { makeTorrent, type TestTorrent } from "./harness/torrent.ts";

const BOUNDS = ["--listen-port", "0", "--stall-timeout", "3", "--connect-timeout", "1"];

/** What a download must say. */
interface Words {
  readonly stage: string;
  readonly cause: string;
  /** Begins with the stage in words. */
  readonly line: string;
  readonly advice: string;
}

/** Runs the download three times at once: as it is, with -v and with --json; all must end with 2 and say the same. */
async function expectWait(torrent: TestTorrent, peer: string | null, words: Words): Promise<void> {
  await using scene = await Scene.open();
  const path = await scene.torrent(torrent);
  const get = ["get", path, ...BOUNDS, ...(peer === null ? [] : ["--peer", peer])];
  const json = scene.start([...get, "-d", "json", "--json"]);
  const [plain, verbose, result] = await Promise.all([
    scene.run([...get, "-d", "plain"]),
    scene.run([...get, "-d", "verbose", "-v"]),
    json.end(),
  ]);
  assertFailure(plain, 2, `No data for 3 s, ${words.line}`);
  const [stage] = words.line.split(":");
  assertStringIncludes(plain.stderr, `Warning: sample: No data for 2 s, ${words.line}`);
  assertStringIncludes(plain.stderr.slice(plain.stderr.indexOf("Error:")), words.advice);
  assert(
    plain.stdout.split("\n").some((line) => line.startsWith(`sample: ${stage} `)),
  );

  assertPlain(verbose);
  for (const part of ["  tried    ", "  peers    ", "  likely causes\n  1. ", words.advice]) {
    assertStringIncludes(verbose.stderr, part);
  }

  assertEquals(result.code, 2);
  const events = json.events();
  const last = events.findLast(({ type }) => type === "waiting")!;
  const error = events.find(({ type }) => type === "error")!;
  for (const each of [last, error["waiting"] as JsonEvent]) {
    const causes = each["causes"] as readonly { cause: string; text: string; advice: string }[];
    assertEquals([each["stage"], causes[0]!.cause], [words.stage, words.cause]);
    assertStringIncludes(`${each["text"]}: ${causes[0]!.text}`, words.line);
    assertStringIncludes(causes[0]!.advice, words.advice);
  }
  assertEquals(error["reason"], "stalled");
}

function closedPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

Deno.test("why: no tracker answers", async () => {
  const host = `127.0.0.1:${closedPort()}`;
  const trackers = [`http://${host}/announce`];
  await expectWait(await makeTorrent({ content: 1000, trackers }), null, {
    stage: "peers",
    cause: "tracker-unreachable",
    line: `waiting for peers: the tracker ${host} cannot be reached: Connection refused`,
    advice: "it is down, or a firewall is between",
  });
});

Deno.test("why: the tracker answers and knows nobody", async () => {
  await using tracker = new RawServer(answer(encode({ interval: 60, peers: "" })));
  await expectWait(await makeTorrent({ content: 1000, trackers: [tracker.url] }), null, {
    stage: "peers",
    cause: "no-peers",
    line: "waiting for peers: the tracker answers, but knows no other peers",
    advice: "wait until somebody serves it",
  });
});

Deno.test("why: the peer refuses the connection", async () => {
  const peer = `127.0.0.1:${closedPort()}`;
  await expectWait(await makeTorrent({ content: 1000 }), peer, {
    stage: "peers",
    cause: "peers-refused",
    line: `waiting for peers: peer ${peer} refuses the connection`,
    advice: "nothing listens there now",
  });
});

Deno.test("why: the peer hangs up at our handshake", async () => {
  await using peer = new FakePeer(async (wire) => void await wire.read(68));
  await expectWait(await makeTorrent({ content: 1000 }), peer.address, {
    stage: "peers",
    cause: "peers-hung-up",
    line: `waiting for peers: peer ${peer.address} closes the connection right after our handshake`,
    advice: "it may be full, or want encryption",
  });
});

Deno.test("why: the peer chokes us", async () => {
  const torrent = await makeTorrent({ content: 1000 });
  const { promise, resolve } = Promise.withResolvers<void>();
  await using peer = seeder(torrent, undefined, promise);
  await expectWait(torrent, peer.address, {
    stage: "unchoke",
    cause: "choked",
    line: "waiting to be served: the one peer connected serves only others now (choked)",
    advice: "places change about every half minute",
  });
  resolve();
});

Deno.test("why: the peer lets us ask and sends nothing", async () => {
  const torrent = await makeTorrent({ content: 1000 });
  await using peer = seeder(torrent, () => null);
  await expectWait(torrent, peer.address, {
    stage: "data",
    cause: "snubbed",
    line: "waiting for data: the peer that lets us ask sends nothing",
    advice: "the same blocks are asked of others",
  });
});

Deno.test("why: nobody has what is missing", async () => {
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = new FakePeer(async (wire: Wire) => {
    await wire.handshake(torrent);
    const nothing = fullBitfield(torrent.pieceCount).fill(0);
    await wire.message(Message.bitfield, nothing);
    await wire.message(Message.unchoke);
    await wire.closed();
  });
  const count = torrent.pieceCount;
  await expectWait(torrent, peer.address, {
    stage: "data",
    cause: "pieces-missing",
    line: `waiting for data: the one peer connected has none of the ${count} missing pieces`,
    advice: "a seed has everything",
  });
});

Deno.test("why: each tracker's last error and next announce stand in -v and in JSON", async () => {
  await using scene = await Scene.open();
  const reason = "unregistered\x1b[31m torrent";
  await using refusing = new RawServer(answer(encode({ "failure reason": reason })));
  await using broken = new RawServer(answer("", "", "503 Busy"));
  const trackers = [refusing.url, broken.url, "udp://127.0.0.1:9"];
  const path = await scene.torrent(await makeTorrent({ content: 1000, trackers }));
  const get = ["get", path, ...BOUNDS];
  const json = scene.start([...get, "-d", "json", "--json"]);
  const [verbose] = await Promise.all([scene.run([...get, "-v"]), json.end()]);
  assertPlain(verbose);
  const text = verbose.stderr.replace(/\n {11}/g, " ");
  assertMatch(
    text,
    /^ {2}tracker {2}http.*: The tracker refused: unregistered.*torrent; asked in \d+s$/m,
  );
  assertMatch(text, /^ {2}tracker {2}http.*: .*HTTP status 503; asked in \d+s$/m);
  assertMatch(
    text,
    /^ {2}tracker {2}udp:.*: 127\.0\.0\.1 is a local address, where only the path \/announce is asked/m,
  );
  assertMatch(text, /^ {2}1\. one of 3 trackers refuses this torrent: unregistered/m);
  const { trackers: notes } = await json.event("waiting") as unknown as {
    readonly trackers: readonly { url: string; state: string; next: number | null }[];
  };
  assertEquals(notes.map(({ url, state }) => [url, state]), [
    [refusing.url, "failed"],
    [broken.url, "failed"],
    ["udp://127.0.0.1:9", "failed"],
  ]);
  assertEquals(notes.map(({ next }) => next === null), [false, false, false]);
});
