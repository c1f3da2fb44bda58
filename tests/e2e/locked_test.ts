import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertFailure } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent } from "./harness/torrent.ts";

const LOCKED = { program: "tm-locked" } as const;
const QUICK = ["--listen-port", "0", "--stall-timeout", "10"];

Deno.test("tm-locked downloads into ./downloads, from a torrent there, from stdin and by -d", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  await using peer = seeder(torrent);
  const options = ["--peer", peer.address, ...QUICK];
  const piped = await scene.run(["get", "-", ...options], { ...LOCKED, stdin: torrent.bytes });
  assertEquals(piped.code, 0, piped.stderr);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
  await scene.torrent(torrent, "downloads/test.torrent");
  for (const folder of [[], ["-d", "downloads"], ["-d", "./downloads/"], ["-d", "downloads/in"]]) {
    const get = ["get", "downloads/test.torrent", "-v", ...folder, ...options];
    const { code, stderr } = await scene.run(get, LOCKED);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "main thread  read none, write none");
  }
  assertEquals(await scene.tree(), [
    "downloads/",
    "downloads/in/",
    "downloads/in/sample",
    "downloads/sample",
    "downloads/test.torrent",
  ]);
});

Deno.test("tm-locked refuses every other folder (28), in every command, and changes nothing", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  await scene.torrent(torrent, "downloads/test.torrent");
  await Deno.mkdir(scene.path("elsewhere"));
  await Deno.symlink(scene.path("elsewhere"), scene.path("downloads/link"));
  const before = await scene.tree();
  for (const folder of ["elsewhere", scene.path("elsewhere"), "downloads/../elsewhere", "/tmp"]) {
    for (const command of ["get", "seed", "verify"]) {
      const args = [command, "downloads/test.torrent", "-d", folder];
      assertFailure(await scene.run(args, LOCKED), 28, "tm-locked uses ./downloads");
    }
  }
  const create = ["create", "downloads/test.torrent", "-o", "elsewhere/x.torrent"];
  assertFailure(await scene.run(create, LOCKED), 28, "tm-locked can write in ./downloads only");
  assertEquals(await scene.tree(), before);
});

Deno.test("tm-locked cannot read a torrent outside ./downloads (17), and says how to pass it", async () => {
  await using scene = await Scene.open();
  const path = await scene.torrent(await makeTorrent({ content: 1000 }));
  const result = await scene.run(["get", path], LOCKED);
  assertFailure(result, 17, `tm-locked cannot read ${path}`);
  assertStringIncludes(result.stderr, `tm-locked get - < ${path}`);
  assertEquals(await scene.tree(), ["test.torrent"]);
});

Deno.test("a folder in ./downloads that is a link to elsewhere is no way out of tm-locked", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  await using peer = seeder(torrent);
  await scene.torrent(torrent, "downloads/test.torrent");
  await Deno.mkdir(scene.path("elsewhere"));
  await Deno.symlink(scene.path("elsewhere"), scene.path("downloads/link"));
  const get = ["get", "downloads/test.torrent", "-d", "downloads/link", "--peer", peer.address];
  const result = await scene.run([...get, ...QUICK], LOCKED);
  assertEquals(result.code === 0, false, result.stdout);
  assertEquals(await scene.tree("elsewhere"), []);
});
