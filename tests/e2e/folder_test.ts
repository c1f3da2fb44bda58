import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertFailure } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, noise } from "./harness/torrent.ts";

const QUICK = ["--listen-port", "0", "--stall-timeout", "10"];
/** Nobody, on Debian. */
const NOBODY = 65_534;

Deno.test("a file that holds something else is not overwritten (13)", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "--peer", peer.address, ...QUICK];
  for (const mine of [noise(300_000, 9), noise(1000, 9), noise(400_000, 9)]) {
    await scene.write("downloads/sample", mine);
    assertFailure(await scene.run(get), 13, "downloads/sample");
    assertEquals(await Deno.readFile(scene.path("downloads/sample")), mine);
  }
  assertEquals(peer.pieces, []);
  const allowed = await scene.run([...get, "--allow-overwrite"]);
  assertEquals(allowed.code, 0, allowed.stderr);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("one foreign file in a torrent's folder is enough to change nothing", async () => {
  await using scene = await Scene.open();
  const content = [[["a"], noise(100_000, 1)], [["b"], noise(100_000, 2)]] as const;
  const torrent = await makeTorrent({ content });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  await scene.write("downloads/sample/b", "mine");
  const result = await scene.run(["get", path, "--peer", peer.address, ...QUICK]);
  assertFailure(result, 13, "downloads/sample/b");
  assertEquals(await scene.tree("downloads"), ["sample/", "sample/b"]);
  assertEquals(await Deno.readTextFile(scene.path("downloads/sample/b")), "mine");
});

Deno.test("data that is there and right is found and not fetched again", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "--peer", peer.address, ...QUICK];
  await scene.write("downloads/sample", torrent.payload.slice(0, 200_000));
  assertEquals((await scene.run(get)).code, 0);
  assertEquals([...new Set(peer.pieces)].toSorted(), [3, 4]);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
  await scene.data(torrent, "elsewhere");
  peer.pieces.length = 0;
  const whole = await scene.run([...get, "-d", "elsewhere"]);
  assertEquals(whole.code, 0, whole.stderr);
  assertEquals(peer.pieces, []);
});

Deno.test("a file where a folder must be is left alone (16)", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: [[["a", "b"], noise(1000, 1)]] });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "--peer", peer.address, ...QUICK];
  for (const place of ["downloads", "inner/sample", "deep/sample/a"]) {
    await scene.write(place, "mine");
    const result = await scene.run([...get, "-d", place.split("/")[0]!]);
    assertFailure(result, 16, place);
    assertEquals(await Deno.readTextFile(scene.path(place)), "mine");
  }
});

Deno.test("a folder where a file must be is left alone", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  await scene.write("downloads/sample/mine", "mine");
  const result = await scene.run(["get", path, "--peer", peer.address, ...QUICK]);
  assertFailure(result, 16, "downloads/sample");
  assertEquals(await scene.tree("downloads"), ["sample/", "sample/mine"]);
});

Deno.test("without permission tm says what it may not: 16 to create, 17 to open", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const options = ["--peer", peer.address, ...QUICK];
  const user = { user: NOBODY, path: await scene.publicProgram() };
  await Deno.mkdir(scene.path("locked"), { mode: 0o755 });
  assertFailure(await scene.run(["get", path, ...options], user), 16, "downloads");
  assertFailure(await scene.run(["get", path, "-d", "locked", ...options], user), 16, "locked");
  await Deno.chmod(path, 0o600);
  assertFailure(await scene.run(["get", path, ...options], user), 17, "No permission to read");
  assertEquals(await scene.tree(), ["locked/", "test.torrent", "tm"]);
});

Deno.test("on a disk that cannot be written tm says so (16) and names it", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const disk = await scene.mount("disk", "1m");
  await scene.remount(disk, "ro");
  const result = await scene.run(["get", path, "-d", disk, "--peer", peer.address, ...QUICK]);
  assertFailure(result, 16, disk);
});

Deno.test("what is complete on a disk that cannot be written is seeded all the same", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  const path = await scene.torrent(torrent);
  const disk = await scene.mount("disk", "1m");
  await scene.write("disk/sample", torrent.payload);
  await scene.remount(disk, "ro");
  const result = await scene.run(["seed", path, "-d", disk, "--seed-time", "0", "--no-listen"]);
  assertEquals(result.code, 0, result.stderr);
});

Deno.test("a second tm on the same torrent and folder is refused (12), another torrent goes on", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 4_000_000 });
  const other = await makeTorrent({ name: "other", content: 300_000, seed: 2 });
  await using peer = seeder(torrent);
  await using otherPeer = seeder(other);
  const path = await scene.torrent(torrent);
  const otherPath = await scene.torrent(other, "other.torrent");
  const get = ["get", path, "--peer", peer.address, "--json", ...QUICK];
  const first = scene.start([...get, "--max-download-limit", "1M"]);
  await first.event("piece");
  const second = scene.start(get);
  const refused = await second.end();
  assertEquals(refused.code, 12);
  assertStringIncludes(refused.stderr + refused.stdout, "Another tm works on this torrent");
  const third = await scene.run(["get", otherPath, "--peer", otherPeer.address, ...QUICK]);
  assertEquals(third.code, 0, third.stderr);
  assertEquals((await first.end()).code, 0, first.describe());
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
  assertEquals(await Deno.readFile(scene.path("downloads/other")), other.payload);
});

Deno.test("a record that is damaged costs a check and nothing else", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "--peer", peer.address, ...QUICK];
  assertEquals((await scene.run(get)).code, 0);
  peer.pieces.length = 0;
  for (const rubbish of ["", "SQLite format 3\0 not really", "x".repeat(20_000)]) {
    await scene.write("downloads/.tm/state.db", rubbish);
    const result = await scene.run(get);
    assertEquals(result.code, 0, result.stderr);
    assert(!result.stderr.includes("Error:"), result.stderr);
  }
  assertEquals(peer.pieces, []);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});
