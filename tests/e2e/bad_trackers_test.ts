import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { concat, utf8 } from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { answer, type Behaviour, RawServer, send } from "../net/raw_server.ts";
import { assertFailure } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent } from "./harness/torrent.ts";

const BOUNDS = ["--listen-port", "0", "--stall-timeout", "3", "--connect-timeout", "2"];

/** Sends a body that never ends, as long as somebody reads. */
const endless: Behaviour = async (conn) => {
  await send(conn, "HTTP/1.1 200 OK\r\n\r\nd8:intervali60e5:peers");
  const chunk = new Uint8Array(65_536).fill(0x31);
  while (true) await send(conn, chunk);
};

/** Sends everybody back to itself. */
const loop: Behaviour = (conn, request) => {
  const path = /^GET (\S+)/.exec(request)?.[1] ?? "/announce";
  return send(conn, `HTTP/1.1 302 Found\r\nLocation: ${path}\r\nContent-Length: 0\r\n\r\n`);
};

/** Takes the request and never answers. */
const silent: Behaviour = async (conn) => {
  await conn.read(new Uint8Array(1));
};

const BAD_TRACKERS: readonly (readonly [what: string, behaviour: Behaviour, words: RegExp])[] = [
  ["sends a web page", answer("<!doctype html><html>Buy!</html>"), /Tracker http.*announce: \S/],
  ["sends nothing", answer(""), /Tracker http.*announce: \S/],
  ["refuses", answer(encode({ "failure reason": "not registered" })), /: not registered/],
  ["answers 500", answer("oops", "", "500 Internal Server Error"), /500/],
  ["sends a body without end", endless, /Tracker http.*announce: \S/],
  ["redirects in circles", loop, /redirect/i],
  ["is silent", silent, /the tracker 127.0.0.1:\d+ has not answered/],
  ["sends 200 MB of l", answer(new Uint8Array(200_000_000).fill(0x6c)), /Tracker http.*: \S/],
  ["sends peers of half a length", answer(encode({ interval: 60, peers: "12345" })), /peers/],
];

for (const [what, behaviour, words] of BAD_TRACKERS) {
  Deno.test(`a tracker that ${what} is named, and the next one is asked`, async () => {
    await using scene = await Scene.open();
    await using bad = new RawServer(behaviour);
    const alone = await makeTorrent({ content: 1000, trackers: [bad.url] });
    const path = await scene.torrent(alone);
    const result = await scene.run(["get", path, ...BOUNDS]);
    assertFailure(result, 2, "No data for 3 s");
    assertMatch(result.stderr, words);
    assert(result.stderr.length < 2000, result.stderr);

    await using peer = seeder(alone);
    const [host, port] = peer.address.split(":");
    const peers = [{ ip: host!, port: Number(port), "peer id": "x".repeat(20) }];
    await using good = new RawServer(answer(encode({ interval: 60, peers })));
    const both = await makeTorrent({ content: 1000, trackers: [bad.url, good.url] });
    const get = ["get", await scene.torrent(both), "--listen-port", "0", "--stall-timeout", "20"];
    const helped = await scene.run(get);
    assertEquals(helped.code, 0, helped.stderr);
  });
}

Deno.test("another torrent's peers are left, and the reason is told", async () => {
  await using scene = await Scene.open();
  const other = await makeTorrent({ content: 1000, seed: 2 });
  await using peer = seeder(other);
  const compact = concat(Uint8Array.of(127, 0, 0, 1, peer.port >> 8, peer.port & 255));
  await using tracker = new RawServer(answer(encode({ interval: 60, peers: compact })));
  const torrent = await makeTorrent({ content: 1000, trackers: [tracker.url] });
  const result = await scene.run(["get", await scene.torrent(torrent), ...BOUNDS]);
  assertFailure(result, 2, "serves another torrent");
  assertStringIncludes(result.stderr, peer.address);
  assertEquals(peer.pieces, []);
});

Deno.test("a tracker on this machine is asked at /announce only: a stranger's torrent is no key to it", async () => {
  await using scene = await Scene.open();
  await using server = new RawServer(answer("secret"));
  const hosts = ["127.0.0.1", "localhost", "localhost.", "2130706433", "[::ffff:127.0.0.1]"];
  const trackers = hosts.map((host) => `http://${host}:${server.port}/admin?do=reboot`);
  trackers.push(`udp://2130706433:${server.port}/`);
  const torrent = await makeTorrent({ content: 1000, trackers });
  const result = await scene.run(["get", "-v", await scene.torrent(torrent), ...BOUNDS]);
  assertFailure(result, 2, "is a local address, where only the path /announce is asked");
  assertEquals(server.requests, []);
});

Deno.test("a tracker's words are cleaned before they reach a terminal", async () => {
  await using scene = await Scene.open();
  const reason = utf8("bad\x1b[31m\r\nError: fake\x07");
  await using server = new RawServer(answer(encode({ "failure reason": reason })));
  const torrent = await makeTorrent({ content: 1000, trackers: [server.url] });
  const result = await scene.run(["get", await scene.torrent(torrent), ...BOUNDS]);
  assertFailure(result, 2, "No data for 3 s");
  assertStringIncludes(result.stderr, "bad");
});
