import { assert, assertEquals } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import { assertFailure } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, noise } from "./harness/torrent.ts";

const QUICK = ["--listen-port", "0", "--stall-timeout", "10"];
const TMP = "tm-e2e-must-not-be";

const EVIL_NAMES: readonly string[] = [
  "../x",
  "..",
  ".",
  "/etc/" + TMP,
  "/",
  "a/../../x",
  "..\\x",
  "C:\\x",
  "\\\\server\\share\\x",
  "x\0y",
  "../\0x",
  ".tm",
  ".TM",
  ".tm/state.db",
  "a\r\n\x1b[31mred",
  "\u202egpj.exe",
];

for (const name of EVIL_NAMES) {
  Deno.test(`nothing of a torrent named ${JSON.stringify(name)} appears outside the folder`, async () => {
    for (const [i, content] of [1000, [[["file"], noise(1000, 1)]] as const].entries()) {
      await using scene = await Scene.open();
      await download(scene, await makeTorrent({ name, content }), i === 0 ? 1 : 2);
    }
  });

  Deno.test(`nothing of a file at ${JSON.stringify(name)} in a torrent appears outside the folder`, async () => {
    await using scene = await Scene.open();
    const content = [
      [[name], noise(1000, 1)],
      [["a", name], noise(1000, 2)],
      [[name + "d", "b"], noise(1000, 3)],
      [["q", "..", "..", "c"], noise(1000, 4)],
    ] as const;
    await download(scene, await makeTorrent({ content }), 10);
  });
}

/** Downloads, and expects so many entries inside the folder, all of them plain, and nothing outside. */
async function download(
  scene: Scene,
  torrent: Awaited<ReturnType<typeof makeTorrent>>,
  entries: number,
): Promise<void> {
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  await Deno.mkdir(scene.path("deep/er/folder"), { recursive: true });
  const before = await scene.tree();
  const etc = [...Deno.readDirSync("/etc")].length;
  const get = ["get", path, "-d", "deep/er/folder", "--peer", peer.address, ...QUICK];
  const result = await scene.run(get);
  assertEquals(result.code, 0, result.stderr);
  // deno-lint-ignore no-control-regex -- a name must not reach the terminal as it is
  assert(!/[\x00-\x09\x0b-\x1f\u202e]/.test(result.stdout + result.stderr), result.stdout);
  const inside = await scene.tree("deep/er/folder");
  assertEquals(inside.length, entries, inside.join(" "));
  const after = (await scene.tree()).filter((path) => !path.startsWith("deep/er/folder/"));
  assertEquals(after, before.filter((path) => !path.startsWith("deep/er/folder/")));
  assertEquals([...Deno.readDirSync("/etc")].length, etc);
  // Our own state is whole: no torrent wrote into it.
  const state = await Deno.open(scene.path("deep/er/folder/.tm/state.db"));
  const magic = new Uint8Array(15);
  await state.read(magic);
  state.close();
  assertEquals(magic, utf8("SQLite format 3"));
}

/** A link that waits in the folder: its place, where it leads, and the exit code when it is refused. */
const LINKS: readonly (readonly [what: string, place: string, target: string, code: number])[] = [
  ["the torrent's folder is a link to a folder outside", "downloads/sample", "outside", 16],
  ["an inner folder is a link to a folder outside", "downloads/sample/in", "outside", 16],
  ["a file is a link to a file outside", "downloads/sample/in/a", "outside/a", 16],
  ["a file is a dangling link to outside", "downloads/sample/in/a", "outside/new", 16],
  ["our state's folder is a link to outside", "downloads/.tm", "outside", 17],
  ["our record is a link to a file outside", "downloads/.tm/state.db", "outside/a", 17],
  ["our record is a dangling link to outside", "downloads/.tm/state.db", "outside/new", 17],
  [
    "our record's log is a dangling link to outside",
    "downloads/.tm/state.db-wal",
    "outside/new",
    17,
  ],
];

for (const [what, place, target, code] of LINKS) {
  Deno.test(`no link leads out of the folder: ${what}`, async () => {
    await using scene = await Scene.open();
    const torrent = await makeTorrent({ content: [[["in", "a"], noise(100_000, 1)]] });
    await using peer = seeder(torrent);
    const path = await scene.torrent(torrent);
    await scene.write("outside/a", "precious");
    await Deno.mkdir(scene.path(place.split("/").slice(0, -1).join("/")), { recursive: true });
    await Deno.symlink(scene.path(target), scene.path(place));
    for (const more of [[], ["--allow-overwrite"], ["--check"]]) {
      const get = ["get", path, "--peer", peer.address, ...QUICK, ...more];
      const result = await scene.run(get);
      assertFailure(result, code, `Refused to follow a link: ${scene.path(place)}`);
      assertEquals(await scene.tree("outside"), ["a"]);
      assertEquals(await Deno.readTextFile(scene.path("outside/a")), "precious");
    }
  });
}

Deno.test("the folder that the user names may be a link itself", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  await Deno.mkdir(scene.path("real"));
  await Deno.symlink(scene.path("real"), scene.path("named"));
  const result = await scene.run(["get", path, "-d", "named", "--peer", peer.address, ...QUICK]);
  assertEquals(result.code, 0, result.stderr);
  assertEquals(await scene.tree("real"), ["sample"]);
});
