import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assertFailure, assertPlain } from "./harness/expect.ts";
import { Scene } from "./harness/scene.ts";
import type { Tm } from "./harness/tm.ts";
import { noise } from "./harness/torrent.ts";

/** On this machine only, and on no fixed port. */
const HERE = ["--address", "127.0.0.1", "--listen-port", "0", "--tracker-port", "0"];
/** Long before a file is shared, so that nothing is said to have changed since. */
const EARLIER = new Date(2020, 1, 1);

/** Shares what is at `path` of a scene. */
async function sharing(scene: Scene, path: string, ...options: string[]): Promise<[Tm, string]> {
  const tm = scene.start(["share", path, "--json", ...HERE, ...options]);
  return [tm, String((await tm.event("shared"))["magnet"])];
}

async function fetched(scene: Scene, magnet: string, folder: string): Promise<void> {
  const { code, stderr } = await scene.run(["get", magnet, "-d", folder, "--listen-port", "0"]);
  assertEquals(code, 0, stderr);
}

const infoHashOf = (magnet: string) => new URL(magnet).searchParams.get("xt");

/** Every path below a folder, what tm would keep included. */
async function everything(path: string, above = ""): Promise<string[]> {
  const out: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    out.push(above + name);
    if (isDirectory) out.push(...await everything(`${path}/${name}`, `${above}${name}/`));
  }
  return out.sort();
}

Deno.test("tm get of the link that tm share prints: a folder, names and empty files too; nothing is written beside it", async () => {
  await using scene = await Scene.open();
  await scene.write('given/it\'s "a" dir/a & b.bin', noise(3_000_000, 1));
  await scene.write('given/it\'s "a" dir/sub/größe', noise(70_000, 2));
  await scene.write('given/it\'s "a" dir/sub/empty', "");
  await scene.write('given/it\'s "a" dir/bad\nname', "left out");
  await Deno.symlink("/etc/passwd", scene.path('given/it\'s "a" dir/link'));
  const before = await everything(scene.path("given"));
  const [share, magnet] = await sharing(scene, 'given/it\'s "a" dir');
  assert(!/['"<> ]/.test(magnet), magnet);
  await fetched(scene, magnet, "got");
  assertEquals(await scene.tree("got"), [
    'it\'s "a" dir/',
    'it\'s "a" dir/a & b.bin',
    'it\'s "a" dir/sub/',
    'it\'s "a" dir/sub/empty',
    'it\'s "a" dir/sub/größe',
  ]);
  for (const file of ["a & b.bin", "sub/größe"]) {
    const [given, got] = ["given", "got"].map((each) =>
      Deno.readFile(scene.path(`${each}/it's "a" dir/${file}`))
    );
    assertEquals(await got, await given);
  }
  const warnings = share.events().filter(({ type }) => type === "warning");
  assertEquals(warnings.map((each) => String(each["message"]).replace(/: .*/s, "")), [
    "Left out a link",
    "Left out a file whose name is not safe everywhere",
  ]);
  share.signal("SIGINT");
  assertEquals((await share.end(8)).code, 0);
  assertEquals(await everything(scene.path("given")), before);
});

Deno.test("tm share hashes a file once, unless it changes meanwhile; -q prints the link alone; its torrent names the tracker", async () => {
  await using scene = await Scene.open();
  const path = await scene.write("a.bin", noise(1_000_000, 3));
  await Deno.utime(path, EARLIER, EARLIER);
  // what hashes for the torrent has none yet
  const checks = (tm: Tm) =>
    tm.events().filter(({ type, torrent }) => type === "checking" && torrent !== null).length;
  const [share, magnet] = await sharing(scene, "a.bin", "--name", "b.bin", "-o", "b.torrent");
  assertEquals(checks(share), 0);
  await fetched(scene, magnet, "got");
  assertEquals(await Deno.readFile(scene.path("got/b.bin")), noise(1_000_000, 3));
  const info = await scene.run(["info", "b.torrent"]);
  assertStringIncludes(info.stdout, "http://127.0.0.1:");
  share.signal("SIGTERM");
  assertEquals((await share.end(8)).code, 0);

  // a date that no clock has reached yet: it may have been changed at any time
  await Deno.utime(path, new Date(2100, 1, 1), new Date(2100, 1, 1));
  const [wary, same] = await sharing(scene, "a.bin", "--name", "b.bin");
  assert(checks(wary) > 0);
  assertEquals(infoHashOf(same), infoHashOf(magnet));
  wary.signal("SIGINT");
  assertEquals((await wary.end(8)).code, 0);
  const quiet = scene.start(["share", "a.bin", "-q", ...HERE]);
  await quiet.until(() => quiet.stdout.includes("\n"), "a link");
  assertEquals(quiet.stdout.split("\n").length, 2);
  await fetched(scene, quiet.stdout.trim(), "again");
  quiet.signal("SIGINT");
  const { code, stdout, stderr } = await quiet.end(8);
  assertEquals([code, stdout.split("\n").length, stderr], [0, 2, ""]);
});

Deno.test("tm share for people: short, plain, what it may touch, how much was sent; its own tracker serves nothing else", async () => {
  await using scene = await Scene.open();
  await scene.write("a.bin", noise(200_000, 4));
  const tm = scene.start(["share", "a.bin", "-v", "--seed-ratio", "1", ...HERE]);
  await tm.until(() => tm.stdout.includes("Ctrl-C ends it"), "how to end it");
  const [, magnet = ""] = /^tm get '(.*)'$/m.exec(tm.stdout) ?? [];
  assert(tm.stdout.split("\n").every((line) => line.length < 80 || line.includes("magnet:")));
  const url = new URL(magnet).searchParams.get("tr") ?? "";
  const other = await fetch(`${url}?info_hash=${"x".repeat(20)}&peer_id=${"y".repeat(20)}&port=1`);
  assertStringIncludes(await other.text(), "failure reason");
  await fetched(scene, magnet, "got");
  // its goal is reached
  const { code, stdout, stderr } = await tm.end();
  assertEquals(code, 0);
  assertPlain({ stdout, stderr });
  assertStringIncludes(stdout, "a.bin: 195.3 KiB sent");
  assertStringIncludes(
    stderr,
    `engine       read ${scene.path("a.bin")}\n               write none\n`,
  );
  assertStringIncludes(stderr, "main thread  read none, write none");
});

Deno.test("tm share refuses what is missing, empty, without a name or outside of tm-locked's folder", async () => {
  await using scene = await Scene.open();
  await Deno.mkdir(scene.path("empty/inside"), { recursive: true });
  await scene.write("a.bin", "abc");
  assertFailure(await scene.run(["share", "empty", ...HERE]), 3, "it is empty");
  assertFailure(await scene.run(["share", "missing", ...HERE]), 3, "No such file or folder");
  for (const command of [["share", "/", ...HERE], ["create", "/"]]) {
    assertFailure(await scene.run(command), 28, "Expected something with a name");
  }
  const locked = { program: "tm-locked" } as const;
  assertFailure(await scene.run(["share", "a.bin", ...HERE], locked), 17, "./downloads only");
  await scene.write("downloads/b.bin", "abc");
  const tm = scene.start(["share", "downloads/b.bin", "--json", ...HERE], locked);
  await fetched(scene, String((await tm.event("shared"))["magnet"]), "got");
  tm.signal("SIGINT");
  assertEquals((await tm.end(8)).code, 0);
});
