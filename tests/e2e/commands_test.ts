import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { binary } from "./harness/binary.ts";
import { assertFailure, assertPlain } from "./harness/expect.ts";
import { handshake } from "./harness/peer.ts";
import { Scene, system } from "./harness/scene.ts";
import { makeTorrent, noise } from "./harness/torrent.ts";

const COMMANDS = ["get", "info", "create", "verify", "seed", "tracker", "completions", "help"];

Deno.test("--version prints one line, from both programs", async () => {
  await using scene = await Scene.open();
  for (const program of ["tm", "tm-locked"] as const) {
    const { code, stdout, stderr } = await scene.run(["--version"], { program });
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^tm \d+\.\d+\.\d+ \(Deno \S+, \S+\)\n$/);
  }
  assertEquals(await scene.tree(), []);
});

Deno.test("help lists the commands and explains each in 80 columns with examples", async () => {
  await using scene = await Scene.open();
  const overview = await scene.run(["help"]);
  assertEquals(overview.code, 0);
  for (const command of COMMANDS) {
    assertMatch(overview.stdout, new RegExp(`^ +${command} `, "m"));
    const page = await scene.run(["help", command]);
    assertEquals([page.code, page.stderr], [0, ""]);
    assertStringIncludes(page.stdout, `Usage: tm ${command}`);
    assertStringIncludes(page.stdout, "Examples:");
    assert(page.stdout.split("\n").every((line) => line.length <= 80), page.stdout);
    assertPlain(page);
  }
});

Deno.test("a command or an option that is not known is refused with a suggestion (28)", async () => {
  await using scene = await Scene.open();
  assertFailure(await scene.run(["gte", "x"]), 28, "did you mean get?");
  assertFailure(await scene.run(["get", "--sed-ratio", "1", "x"]), 28, "--seed-ratio");
  assertFailure(await scene.run(["get", "--seed-ratio", "much", "x"]), 28, "much");
  assertFailure(await scene.run(["get", "--listen-port", "65536", "x"]), 28, "65536");
  assertFailure(await scene.run(["get", "--max-download-limit", "fast", "x"]), 28, "fast");
  assertFailure(await scene.run(["get", "--peer", "nowhere", "x"]), 28, "nowhere");
  assertFailure(await scene.run(["get"]), 28, "Expected a torrent");
  assertFailure(await scene.run(["get", "-o", "x", "a", "b"]), 28, "one torrent with -o");
  assertFailure(await scene.run(["help", "gte"]), 28, "did you mean get?");
  assertFailure(await scene.run(["completions", "tcsh"]), 28, "bash, zsh or fish");
});

Deno.test("completions for bash are accepted by bash, those of all shells name every command", async () => {
  await using scene = await Scene.open();
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout, stderr } = await scene.run(["completions", shell]);
    assertEquals([code, stderr], [0, ""]);
    for (const command of COMMANDS) assertStringIncludes(stdout, command);
    if (shell === "bash") await system("bash", "-n", await scene.write("tm.bash", stdout));
  }
});

Deno.test("create makes a torrent of a folder that info reads back", async () => {
  await using scene = await Scene.open();
  await scene.write("album/b.bin", noise(100_000, 1));
  await scene.write("album/a/c.bin", noise(50_000, 2));
  const made = await scene.run([
    "create",
    "album",
    "-a",
    "http://tracker.example.org/announce",
    "-a",
    "http://second.example.org/announce",
    "--piece-length",
    "32K",
    "--private",
    "--comment",
    "Live in 1999",
    "--webseed",
    "http://example.org/album/",
  ]);
  assertEquals([made.code, made.stderr], [0, ""]);
  assertStringIncludes(made.stdout, "album.torrent: 146.5 KiB, 2 files, 5 pieces of 32.0 KiB");
  const info = await scene.run(["info", "album.torrent"]);
  assertEquals([info.code, info.stderr], [0, ""]);
  assertStringIncludes(info.stdout, "Live in 1999");
  assertPlain(info);
  const json = scene.start(["info", "--json", "album.torrent"]);
  assertEquals((await json.end()).code, 0);
  const [event, ...more] = json.events();
  assertEquals(more, []);
  const { type, name, size, pieces, pieceLength, private: isPrivate, comment } = event!;
  assertEquals(
    { type, name, size, pieces, pieceLength, isPrivate, comment },
    {
      type: "torrent",
      name: "album",
      size: 150_000,
      pieces: 5,
      pieceLength: 32_768,
      isPrivate: true,
      comment: "Live in 1999",
    },
  );
  assertEquals(event!["trackers"], [
    ["http://tracker.example.org/announce"],
    ["http://second.example.org/announce"],
  ]);
  assertEquals(event!["webseeds"], ["http://example.org/album/"]);
  assertEquals(event!["files"], [
    { number: 1, path: "album/a/c.bin", size: 50_000 },
    { number: 2, path: "album/b.bin", size: 100_000 },
  ]);
});

Deno.test("create makes the torrent that others make of the same file", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  await scene.data(torrent, ".");
  const tm = scene.start(["create", "sample", "-o", "x.torrent", "-l", "64K", "--json"]);
  assertEquals((await tm.end()).code, 0);
  const created = await tm.event("created");
  assertEquals([created["torrent"], created["pieces"]], [torrent.id, torrent.pieceCount]);
});

Deno.test("create overwrites nothing without --force (13), and names what is missing (3)", async () => {
  await using scene = await Scene.open();
  await scene.write("a.bin", noise(1000, 1));
  await scene.write("a.bin.torrent", "mine");
  assertFailure(await scene.run(["create", "a.bin"]), 13, "a.bin.torrent exists");
  assertEquals(await Deno.readTextFile(scene.path("a.bin.torrent")), "mine");
  assertEquals((await scene.run(["create", "a.bin", "--force"])).code, 0);
  assertEquals((await scene.run(["info", "a.bin.torrent"])).code, 0);
  assertFailure(await scene.run(["create", "nothing"]), 3, "No such file or folder: nothing");
  assertFailure(await scene.run(["create", "a.bin", "-o", "no/where"]), 16, "no/where");
  assertFailure(await scene.run(["create", "a.bin", "--piece-length", "100"]), 28, "100");
  await Deno.mkdir(scene.path("empty"));
  assertFailure(await scene.run(["create", "empty"]), 3, "it is empty");
});

Deno.test("verify tells ok, missing, damaged and too long files apart, and exits 32", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({
    name: "album",
    pieceLength: 16_384,
    content: ["ok", "missing", "damaged", "long"].map((name, i) =>
      [[name], noise(32_768, i)] as const
    ),
  });
  const path = await scene.torrent(torrent);
  await scene.data(torrent, "data");
  const verify = ["verify", path, "-d", "data"];
  const good = await scene.run(verify);
  assertEquals([good.code, good.stderr], [0, ""]);
  assertStringIncludes(good.stdout, "4 files, 128.0 KiB: all ok");
  await Deno.remove(scene.path("data/album/missing"));
  await Deno.writeFile(scene.path("data/album/long"), Uint8Array.of(1), { append: true });
  {
    using file = await Deno.open(scene.path("data/album/damaged"), { write: true });
    await file.write(Uint8Array.of(1, 2, 3, 4));
  }
  const before = await scene.tree();
  const bad = await scene.run(verify);
  assertEquals([bad.code, bad.stderr], [32, ""]);
  assertMatch(bad.stdout, /^ok +32\.0 KiB +album\/ok$/m);
  assertMatch(bad.stdout, /^missing +32\.0 KiB +album\/missing$/m);
  assertMatch(bad.stdout, /^damaged 50% +32\.0 KiB +album\/damaged$/m);
  assertMatch(bad.stdout, /^too long +32\.0 KiB +album\/long$/m);
  assertPlain(bad);
  const json = scene.start([...verify, "--json"]);
  assertEquals((await json.end()).code, 32);
  const events = json.events();
  const states = events.filter(({ type }) => type === "file").map((file) => file["state"]);
  assertEquals(states, ["ok", "missing", "damaged", "too long"]);
  const { ok, files, bad: badFiles, pieces, goodPieces } = events.at(-1)!;
  assertEquals([ok, files, badFiles, pieces, goodPieces], [false, 4, 3, 8, 5]);
  assertEquals(await scene.run([...verify, "-q"]), { code: 32, stdout: "", stderr: "" });
  assertEquals(await scene.tree(), before);
  assertFailure(await scene.run(["verify", path, "-d", "nowhere"]), 3, "No such folder: nowhere");
});

Deno.test("seed serves what is whole, and refuses what is not (7)", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  const path = await scene.torrent(torrent);
  await scene.data(torrent, "data");
  const address = await scene.seed(path, "data");
  const get = ["get", path, "--peer", address, "--listen-port", "0", "--stall-timeout", "10"];
  assertEquals((await scene.run(get)).code, 0);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
  await scene.write("half/sample", torrent.payload.slice(0, 150_000));
  const half = await scene.run(["seed", path, "-d", "half", "--listen-port", "0"]);
  assertFailure(half, 7, "Expected a complete torrent to seed, 2 of 5 pieces are here");
  assertEquals((await Deno.readFile(scene.path("half/sample"))).length, 150_000);
  assertFailure(await scene.run(["seed", path, "-d", "nowhere"]), 3, "No such folder: nowhere");
});

Deno.test("tracker brings a seeder and a downloader together, and answers scrapes", async () => {
  await using scene = await Scene.open();
  const tracker = scene.start(["tracker", "--listen", "127.0.0.1:0", "--json"]);
  const url = String((await tracker.event("listening"))["url"]);
  const torrent = await makeTorrent({ content: 300_000, trackers: [url] });
  const path = await scene.torrent(torrent);
  await scene.data(torrent, "data");
  const seed = scene.start(["seed", path, "-d", "data", "--json", "--listen-port", "0"]);
  const told = await seed.event("tracker");
  assertEquals([told["ok"], told["url"]], [true, url]);
  const get = ["get", path, "--listen-port", "0", "--stall-timeout", "15"];
  const result = await scene.run(get);
  assertEquals(result.code, 0, result.stderr);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
  const hash = [...torrent.infoHash].map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
  const scrape = await fetch(`${url.replace("announce", "scrape")}?info_hash=${hash.join("")}`);
  assertStringIncludes(await scrape.text(), "8:completei1e10:downloadedi1e");
  tracker.signal("SIGTERM");
  assertEquals((await tracker.end()).code, 0);
});

Deno.test("tracker says so when its port is taken", async () => {
  await using scene = await Scene.open();
  using busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = busy.addr;
  const result = await scene.run(["tracker", "--listen", `127.0.0.1:${port}`]);
  assertFailure(result, 1, `Port ${port} is in use; choose another with --listen`);
});

Deno.test("info names what is wrong with a source: 3 missing, 17 a folder, 25 and 26 no torrent", async () => {
  await using scene = await Scene.open();
  assertFailure(await scene.run(["info", "nowhere"]), 3, "No such file: nowhere");
  assertFailure(await scene.run(["info", scene.folder]), 17, "got a folder");
  await scene.write("text", "hello");
  assertFailure(await scene.run(["info", "text"]), 25, "text is not a torrent");
  await scene.write("empty", "de");
  assertFailure(await scene.run(["info", "empty"]), 26, "empty is not a torrent");
});

Deno.test("a reader that goes away ends tm without a word", async () => {
  await using scene = await Scene.open();
  const content = Array.from({ length: 5000 }, (_, i) => [[`file ${i}`], noise(4, i)] as const);
  const path = await scene.torrent(await makeTorrent({ content, pieceLength: 16_384 }));
  const script = '"$1" info "$2" 2>"$3" | head -1; echo "${PIPESTATUS[0]}"';
  const errors = scene.path("errors");
  const out = await system("bash", "-c", script, "bash", binary("tm"), path, errors);
  assertEquals(out, "Name       sample\n0\n");
  assertEquals(await Deno.readTextFile(errors), "");
});

Deno.test("on a terminal there are colours and a bar, with NO_COLOR or --no-color no colours", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  const path = await scene.torrent(torrent);
  const tm = binary("tm");
  const onTerminal = (command: string) =>
    system(
      "env",
      "-u",
      "NO_COLOR",
      "script",
      "-qec",
      `cd ${scene.folder}; ${command}`,
      "/dev/null",
    );
  // deno-lint-ignore no-control-regex -- colours
  const colour = /\x1b\[\d+m/;
  await scene.data(torrent, "data");
  assertMatch(await onTerminal(`${tm} verify ${path} -d data`), colour);
  for (const plain of [`NO_COLOR=1 ${tm} verify`, `${tm} --no-color verify`, `${tm} verify -q`]) {
    const text = await onTerminal(`${plain} ${path} -d data`);
    assert(!colour.test(text), text);
  }
  const address = await scene.seed(path, "data");
  const get = `${tm} get ${path} --peer ${address} --listen-port 0 --stall-timeout 10`;
  // deno-lint-ignore no-control-regex -- the bar is drawn over
  assertMatch(await onTerminal(get), /\x1b\[\d+A\r\x1b\[J/);
});

Deno.test("a peer of another torrent is sent away by a seeder, which goes on", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  const path = await scene.torrent(torrent);
  await scene.data(torrent, "data");
  const seed = scene.start(["seed", path, "-d", "data", "--json", "--listen-port", "0"]);
  await seed.event("done");
  const port = await seed.port();
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    await conn.write(handshake(new Uint8Array(20)));
    assertEquals(await conn.read(new Uint8Array(100)).catch(() => null), null);
  } finally {
    conn.close();
  }
  const address = `127.0.0.1:${port}`;
  const get = ["get", path, "--peer", address, "--listen-port", "0", "--stall-timeout", "10"];
  assertEquals((await scene.run(get)).code, 0);
});
