import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assertFailure, assertPlain } from "./harness/expect.ts";
import { Scene } from "./harness/scene.ts";
import type { Tm } from "./harness/tm.ts";
import { makeTorrent } from "./harness/torrent.ts";

/** Files settle for three seconds, what makes no sense for twelve. */
const QUIET = ["--listen-port", "0", "--json"];

/** A daemon that can be driven by the socket `name`. */
async function daemon(scene: Scene, name: string, ...args: string[]): Promise<Tm> {
  const tm = scene.start(["daemon", "--rpc", `unix:${scene.path(name)}`, ...QUIET, ...args]);
  await tm.event("ready");
  return tm;
}

/** What the daemon behind a socket has. */
async function listed(scene: Scene, name: string): Promise<Record<string, unknown>[]> {
  const list = await scene.run(["list", "--host", `unix:${scene.path(name)}`, "--json"]);
  assertEquals(list.code, 0, list.stderr);
  const lines = list.stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

Deno.test("--watch: torrents and links put into a folder are added, what is none is set aside", async () => {
  await using scene = await Scene.open();
  const [torrent, labelled] = [
    await makeTorrent({ content: 1000 }),
    await makeTorrent({ content: 2000, name: "labelled", seed: 2 }),
  ];
  await scene.data(torrent, "dl");
  await scene.write("outside/secret.torrent", torrent.bytes);
  const tm = await daemon(scene, "tm.sock", "-d", "dl", "--watch", "in", "-v");
  const receipt = (await tm.event("receipt"))["lines"] as string[];
  const [folder, watched] = [scene.path("dl"), scene.path("in")];
  assertStringIncludes(receipt.join("\n"), `write ${folder}, ${watched}\n`);
  assertStringIncludes(receipt.join("\n"), "main thread  read none, write none");

  await scene.write("in/a.torrent", torrent.bytes);
  await scene.write("in/again\x1b[31m\n.torrent", torrent.bytes);
  await scene.write("in/linux/b.torrent", labelled.bytes);
  await scene.write("in/c.magnet", `magnet:?xt=urn:btih:${"c".repeat(40)}&dn=link\r\n`);
  await scene.write("in/bad.torrent", "<html>");
  await scene.write("in/large.torrent", "");
  await Deno.truncate(scene.path("in/large.torrent"), 2 ** 40);
  await Deno.symlink(scene.path("outside/secret.torrent"), scene.path("in/secret.torrent"));
  await new Deno.Command("mkfifo", { args: [scene.path("in/pipe.torrent")] }).output();

  const of = (name: string) => tm.event("watched", ({ path }) => path === scene.path(`in/${name}`));
  assertEquals((await of("bad.torrent"))["outcome"], "failed");
  assertEquals((await of("large.torrent"))["outcome"], "failed");
  assertEquals((await of("secret.torrent"))["outcome"], "left");
  assertEquals((await of("pipe.torrent"))["outcome"], "left");
  assertEquals((await of("linux/b.torrent"))["torrent"], labelled.id);
  assertEquals((await of("c.magnet"))["torrent"], "c".repeat(40));
  const outcomes = [await of("a.torrent"), await of("again\x1b[31m\n.torrent")];
  assertEquals(outcomes.map((event) => event["outcome"]).sort(), ["added", "duplicate"]);
  await tm.event("done", (event) => event["torrent"] === torrent.id);

  assertEquals((await listed(scene, "tm.sock")).map(({ name }) => name).sort(), [
    "labelled",
    "link",
    "sample",
  ]);
  assertEquals(await scene.tree("in"), [
    "added/",
    "added/a.torrent",
    "added/again\x1b[31m\n.torrent",
    "added/b.torrent",
    "added/c.magnet",
    "failed/",
    "failed/bad.torrent",
    "failed/bad.torrent.txt",
    "failed/large.torrent",
    "failed/large.torrent.txt",
    "linux/",
    "pipe.torrent",
    "secret.torrent@",
  ]);
  assertEquals(await scene.tree("outside"), ["secret.torrent"]);
  tm.signal("SIGTERM");
  const result = await tm.end(6);
  assertEquals(result.code, 0, result.stderr);
  assertPlain(result);
});

Deno.test("--watch: what a torrent writes into a watched folder is not added", async () => {
  await using scene = await Scene.open();
  const inner = await makeTorrent({ content: 500, name: "inner", seed: 3 });
  const outer = await makeTorrent({ name: "in", content: [[["inner.torrent"], inner.bytes]] });
  await scene.write("dl/in/inner.torrent", inner.bytes);
  const path = await scene.torrent(outer);
  const tm = await daemon(scene, "tm.sock", "-d", "dl", "--watch", "dl/in");
  const add = await scene.run(["add", path, "--host", `unix:${scene.path("tm.sock")}`]);
  assertEquals(add.code, 0, add.stderr);
  const event = await tm.event("watched");
  assertEquals([event["outcome"], event["torrent"]], ["left", null]);
  assertStringIncludes(String(event["message"]), "a torrent has written it");
  assertEquals((await listed(scene, "tm.sock")).map(({ name }) => name), ["in"]);
});

Deno.test("SIGHUP does nothing to a daemon, SIGTERM ends it in time, and its torrents stay", async () => {
  await using scene = await Scene.open();
  // it takes connections and never answers
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const trackers = [`http://127.0.0.1:${silent.addr.port}/announce`];
  const torrent = await makeTorrent({ content: 1000, trackers });
  const path = await scene.torrent(torrent);
  const host = `unix:${scene.path("tm.sock")}`;
  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
    const tm = await daemon(scene, "tm.sock");
    if (signal === "SIGKILL") await scene.run(["add", path, "--host", host]);
    tm.signal("SIGHUP");
    assertEquals((await listed(scene, "tm.sock")).map(({ name }) => name), ["sample"]);
    tm.signal(signal);
    const { code, stdout } = await tm.end(5);
    if (signal === "SIGKILL") continue;
    assertEquals(code, 0);
    const times = stdout.trimEnd().split("\n").map((line) => String(JSON.parse(line)["time"]));
    for (const time of times) assertMatch(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assertEquals(tm.events().at(-1)?.type, "stopping");
  }
});

Deno.test("a daemon's socket is its owner's, goes with it, and that of a dead one is replaced", async () => {
  await using scene = await Scene.open();
  const path = scene.path("tm.sock");
  const args = ["daemon", "--rpc", `unix:${path}`, "--listen-port", "0"];
  const first = await daemon(scene, "tm.sock");
  assertEquals((await Deno.lstat(path)).mode! & 0o777, 0o600);
  const second = await scene.run([...args, "-d", "other"]);
  assertFailure(second, 1, `${path} is in use`);
  assertEquals(await listed(scene, "tm.sock"), []);
  await first.kill();
  assert((await Deno.lstat(path)).isSocket);
  const third = await daemon(scene, "tm.sock");
  assertEquals(await listed(scene, "tm.sock"), []);
  third.signal("SIGTERM");
  assertEquals((await third.end(6)).code, 0);
  assertEquals(await scene.tree(), ["downloads/", "other/"]);
  await scene.write("tm.sock", "precious");
  assertFailure(await scene.run(args), 1, path);
  assertEquals(await Deno.readTextFile(path), "precious");
});

Deno.test("tm-locked watches a folder in ./downloads and no other (28)", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1000 });
  await scene.write("downloads/in/a.torrent", torrent.bytes);
  const locked = { program: "tm-locked" } as const;
  for (const option of [["--watch", "elsewhere"], ["--rpc", `unix:${scene.path("tm.sock")}`]]) {
    assertFailure(await scene.run(["daemon", ...option], locked), 28, "tm-locked");
  }
  const args = ["daemon", "--rpc", "127.0.0.1:0", ...QUIET, "--watch", "downloads/in"];
  const tm = scene.start(args, locked);
  assertEquals((await tm.event("watched"))["torrent"], torrent.id);
  assertEquals(await scene.tree(), [
    "downloads/",
    "downloads/in/",
    "downloads/in/added/",
    "downloads/in/added/a.torrent",
  ]);
});

Deno.test("the unit file in the manual is one that systemd understands", async () => {
  const manual = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const unit = /```ini\n(.*?)```/s.exec(manual)?.[1] ?? "";
  await using scene = await Scene.open();
  const program = await scene.publicProgram();
  const text = unit.replace("/usr/local/bin/tm ", `${program} `);
  assertStringIncludes(text, `ExecStart=${program} daemon`);
  const path = await scene.write("tm.service", text);
  const verify = new Deno.Command("systemd-analyze", { args: ["verify", "--man=no", path] });
  try {
    const { code, stderr } = await verify.output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  } catch (error) {
    // a machine without systemd
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  // what it starts is a command line that tm takes
  const [, ...args] = /^ExecStart=(.*)$/m.exec(text)![1]!.split(" ");
  const here = args.map((word) => word.replace("/var/lib/tm", scene.path("state")));
  const tm = scene.start([...here, "--rpc", `unix:${scene.path("tm.sock")}`, ...QUIET]);
  assertEquals((await tm.event("ready"))["watch"], [scene.path("state/in")]);
});
