import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { concat, utf8 } from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { RawServer } from "../net/raw_server.ts";
import { assertFailure } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { recordedPieces } from "./harness/record.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent } from "./harness/torrent.ts";

const QUICK = ["--listen-port", "0", "--stall-timeout", "10"];

Deno.test("a disk that is too small is noticed before the first write: exit 9, path and bytes", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 6_000_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const disk = await scene.mount("disk", "4m");
  const get = ["get", path, "-d", disk, "--peer", peer.address, ...QUICK];
  const full = await scene.run(get);
  assertFailure(full, 9, `Not enough space in ${disk}`);
  assertMatch(full.stderr, /; \d\.\d MiB more are needed/);
  assertEquals(await scene.tree("disk"), []);
  assertEquals(peer.pieces, []);
  await scene.remount(disk, "size=8m");
  const result = await scene.run(get);
  assertEquals(result.code, 0, result.stderr);
  assertEquals(await Deno.readFile(`${disk}/sample`), torrent.payload);
});

Deno.test("what is there already counts against the space that is needed", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 6_000_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const disk = await scene.mount("disk", "8m");
  await scene.write("disk/sample", torrent.payload.slice(0, 5_000_000));
  const result = await scene.run(["get", path, "-d", disk, "--peer", peer.address, ...QUICK]);
  assertEquals(result.code, 0, result.stderr);
});

Deno.test("a disk that runs full on the way: exit 9, all pieces kept, and on it goes with space", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 6_000_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const disk = await scene.mount("disk", "8m");
  const get = ["get", path, "-d", disk, "--peer", peer.address, "--json", ...QUICK];
  const tm = scene.start([...get, "--max-download-limit", "1500K"]);
  await tm.event("piece");
  fill(`${disk}/filler`);
  assertEquals((await tm.end()).code, 9, tm.describe());
  const error = tm.events().find(({ type }) => type === "error")!;
  assertEquals([error["reason"], error["path"]], ["disk-full", `${disk}/sample`]);
  assert(Number(error["missing"]) > 1_000_000, `Expected what is missing, got ${error["missing"]}`);
  assertStringIncludes(String(error["message"]), `Disk full: ${disk}/sample`);
  const again = await scene.run(get.filter((word) => word !== "--json"));
  assertFailure(again, 9, "more are needed");

  const done = new Set(
    tm.events().filter(({ type }) => type === "piece").map((event) => Number(event["piece"])),
  );
  peer.pieces.length = 0;
  await Deno.remove(`${disk}/filler`);
  assert((await recordedPieces(scene, "disk", torrent)).isSubsetOf(done));
  const rest = scene.start(get);
  assertEquals((await rest.end()).code, 0, rest.describe());
  assert(peer.pieces.every((piece) => !done.has(piece)), "Expected no piece twice");
  assertEquals(await Deno.readFile(`${disk}/sample`), torrent.payload);
});

Deno.test("a full disk pauses a daemon's download, once, and it goes on by itself when there is room", async () => {
  await using scene = await Scene.open();
  let peers = new Uint8Array(0);
  await using tracker = new RawServer(async (conn) => {
    const body = encode({ interval: 1800, peers });
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`;
    await conn.write(concat(utf8(head), body));
  });
  const torrent = await makeTorrent({ content: 6_000_000, trackers: [tracker.url] });
  await using peer = seeder(torrent);
  peers = new Uint8Array([127, 0, 0, 1, peer.port >> 8, peer.port & 255]);
  const path = await scene.torrent(torrent);
  const disk = await scene.mount("disk", "8m");
  const at = `unix:${scene.path("tm.sock")}`;
  const daemon = scene.start(
    ["daemon", "-d", disk, "--rpc", at, "--reserve", "0", "--listen-port", "0", "--json"],
  );
  await daemon.event("ready");
  const run = async (...args: string[]) => {
    const { code, stderr } = await scene.run([...args, "--host", at]);
    assertEquals([code, stderr], [0, ""], args.join(" "));
  };
  await run("limit", "--down", "1500K");
  await run("add", path);
  while (peer.pieces.length < 8) await new Promise((resolve) => setTimeout(resolve, 20));
  fill(`${disk}/filler`);
  assertEquals((await daemon.event("error"))["reason"], "disk-full");
  await Deno.remove(`${disk}/filler`);
  await daemon.event("done");
  assertEquals(await Deno.readFile(`${disk}/sample`), torrent.payload);
  assertEquals(daemon.events().filter(({ type }) => type === "error").length, 1);
});

/** Writes zeros until nothing more fits. */
function fill(path: string): void {
  using file = Deno.openSync(path, { write: true, create: true });
  const chunk = new Uint8Array(4096);
  try {
    while (true) file.writeSync(chunk);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}
