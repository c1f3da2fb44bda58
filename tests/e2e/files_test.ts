/** Files of a torrent on the binary: chosen, left out, first, denied; killed and gone on with; verified. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertFailure } from "./harness/expect.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, noise, type TestTorrent } from "./harness/torrent.ts";

const PORT = ["--listen-port", "0"];
const PIECE = 32 * 1024;
const content = [
  [["a.mkv"], noise(500_000, 1)],
  [["b.nfo"], noise(10_000, 2)],
  [["Extra", "c.jpg"], noise(200_000, 3)],
  [["Extra", "d.JPG"], noise(300_000, 4)],
] as const;

async function served(scene: Scene): Promise<{ torrent: TestTorrent; path: string; peer: string }> {
  const torrent = await makeTorrent({ name: "files", content, pieceLength: PIECE });
  await scene.data(torrent, "data");
  const path = await scene.torrent(torrent);
  return { torrent, path, peer: await scene.seed(path, "data") };
}

async function assertFile(scene: Scene, name: string, index: number): Promise<void> {
  const got = await Deno.readFile(scene.path(name));
  const expected = content[index]![1];
  assertEquals(got.length, expected.length);
  assert(got.every((byte, i) => byte === expected[i]), name);
}

Deno.test("get downloads what patterns and numbers choose, verify knows, and a later get has the rest", async () => {
  await using scene = await Scene.open();
  const { path, peer } = await served(scene);
  const get = ["get", path, "--peer", peer, "-d", "to", ...PORT];
  const some = await scene.run([...get, "--exclude", "*.{nfo,mkv}", "--priority", "off=3"]);
  assertEquals(some.code, 0, some.stderr);
  assertEquals(await scene.tree("to"), ["files/", "files/Extra/", "files/Extra/d.JPG"]);
  await assertFile(scene, "to/files/Extra/d.JPG", 3);
  const verify = await scene.run(["verify", path, "-d", "to"]);
  assertEquals(verify.code, 0, verify.stdout);
  assertStringIncludes(verify.stdout, "1 ok, 3 not chosen");
  const rest = await scene.run(get);
  assertEquals(rest.code, 0, rest.stderr);
  for (const [i, [names]] of content.entries()) {
    await assertFile(scene, `to/files/${names.join("/")}`, i);
  }
  assertStringIncludes((await scene.run(["verify", path, "-d", "to"])).stdout, "4 files");
  const left = [...Deno.readDirSync(scene.path("to/.tm"))].map(({ name }) => name);
  assert(!left.includes("parts"), left.join());
});

Deno.test("a choice that changes between kills loses nothing and fetches nothing twice", async () => {
  await using scene = await Scene.open();
  const { path, peer } = await served(scene);
  const get = ["get", path, "--peer", peer, "-d", "to", "--json", ...PORT];
  const choices = [["--select-file", "*.jpg"], ["--select-file", "1"], ["--priority", "high=4"]];
  for (let run = 0; run < 9; run++) {
    const slow = ["--max-download-limit", "150K", ...choices[run % 3]!];
    const tm = scene.start([...get, ...slow]);
    await tm.event("piece");
    tm.signal("SIGKILL");
    assertEquals((await tm.end()).code, 137, tm.describe());
  }
  const last = await scene.run(get);
  assertEquals(last.code, 0, last.stderr);
  for (const [i, [names]] of content.entries()) {
    await assertFile(scene, `to/files/${names.join("/")}`, i);
  }
  const left = [...Deno.readDirSync(scene.path("to/.tm"))].map(({ name }) => name);
  assert(!left.includes("parts"), left.join());
});

Deno.test("a denied file refuses the torrent with an exit code of its own, a link's too", async () => {
  await using scene = await Scene.open();
  const { torrent, path, peer } = await served(scene);
  const deny = ["--deny", "*.lnk", "--deny", "*.NFO", "-d", "to", "--save-torrent", ...PORT];
  const file = await scene.run(["get", path, ...deny]);
  assertFailure(file, 33, "Refused the torrent: its file files/b.nfo is denied by *.NFO");
  const link = await scene.run(["get", `magnet:?xt=urn:btih:${torrent.id}&x.pe=${peer}`, ...deny]);
  assertFailure(link, 33, "denied by *.NFO");
  assertEquals(await scene.tree("to"), []);
  const streamed = await scene.run(["get", "-o", "-", path, "--deny", "*.jpg", ...PORT]);
  assertEquals([streamed.code, streamed.stdout], [33, ""]);
  assertFailure(await scene.run(["get", path, "--deny", "[x"]), 28, "Expected a ] after the [");
});
