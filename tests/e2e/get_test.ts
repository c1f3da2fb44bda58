import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { WebServer } from "../loopback/web_server.ts";
import { answer, RawServer } from "../net/raw_server.ts";
import { assertFailure, assertPlain } from "./harness/expect.ts";
import { seeder } from "./harness/peer.ts";
import { Scene } from "./harness/scene.ts";
import { makeTorrent, noise } from "./harness/torrent.ts";

const QUICK = ["--listen-port", "0", "--stall-timeout", "10"];

Deno.test("get downloads a torrent given as a file into ./downloads and exits 0", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1_000_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const result = await scene.run(["get", path, "--peer", peer.address, ...QUICK]);
  assertEquals(result.code, 0, result.stderr);
  assertEquals(result.stderr, "");
  assertMatch(result.stdout, /^sample: 976\.\d KiB, 1 file\n/);
  assertMatch(result.stdout, /saved to downloads\/sample\n$/);
  assertPlain(result);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("get downloads a folder of files, empty ones too", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({
    name: "album",
    content: [
      [["one.bin"], noise(100_000, 1)],
      [["empty.txt"], noise(0, 1)],
      [["deep", "er", "två.bin"], noise(70_001, 2)],
    ],
  });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const result = await scene.run(["get", path, "-d", "out", "--peer", peer.address, ...QUICK]);
  assertEquals(result.code, 0, result.stderr);
  assertEquals(await scene.tree("out"), [
    "album/",
    "album/deep/",
    "album/deep/er/",
    "album/deep/er/två.bin",
    "album/empty.txt",
    "album/one.bin",
  ]);
  for (const [parts, bytes] of torrent.files) {
    assertEquals(await Deno.readFile(scene.path(["out/album", ...parts].join("/"))), bytes);
  }
});

Deno.test("get reads a torrent from standard input", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = seeder(torrent);
  const result = await scene.run(["get", "-", "--peer", peer.address, ...QUICK], {
    stdin: torrent.bytes,
  });
  assertEquals(result.code, 0, result.stderr);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("get fetches a torrent from a URL that the user typed", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = seeder(torrent);
  await using web = new RawServer(answer(torrent.bytes));
  const url = `http://127.0.0.1:${web.port}/some/test.torrent`;
  const result = await scene.run(["get", url, "--peer", peer.address, ...QUICK]);
  assertEquals(result.code, 0, result.stderr);
  assertMatch(web.requests[0]!, /^GET \/some\/test\.torrent /);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("get of a URL that fails says why: 3 not there, 6 not fetched, 25 not a torrent", async () => {
  await using scene = await Scene.open();
  await using missing = new RawServer(answer("no", "", "404 Not Found"));
  assertFailure(await scene.run(["get", `http://127.0.0.1:${missing.port}/a`]), 3, "has no http");
  await using broken = new RawServer(answer("no", "", "500 Oops"));
  assertFailure(await scene.run(["get", `http://127.0.0.1:${broken.port}/a`]), 6, "got 500");
  await using page = new RawServer(answer("<!doctype html><p>Sign in"));
  assertFailure(await scene.run(["get", `http://127.0.0.1:${page.port}/a`]), 25, "a web page");
  assertEquals(await scene.tree(), []);
});

Deno.test("get runs several torrents side by side and reports the first that failed", async () => {
  await using scene = await Scene.open();
  const first = await makeTorrent({ name: "first", content: 200_000 });
  const second = await makeTorrent({ name: "second", content: 300_000, seed: 2 });
  const paths = [
    await scene.torrent(first, "1.torrent"),
    await scene.torrent(second, "2.torrent"),
  ];
  await scene.data(first, "seed");
  await scene.data(second, "seed");
  const seed = scene.start(["seed", ...paths, "-d", "seed", "--json", "--listen-port", "0"]);
  const address = `127.0.0.1:${await seed.port()}`;
  await seed.event("done", (event) => event["torrent"] === first.id);
  await seed.event("done", (event) => event["torrent"] === second.id);
  const sources = [paths[0]!, "nowhere.torrent", paths[1]!];
  const result = await scene.run(["get", ...sources, "--peer", address, ...QUICK]);
  assertFailure(result, 3, "No such file: nowhere.torrent");
  assertEquals(await Deno.readFile(scene.path("downloads/first")), first.payload);
  assertEquals(await Deno.readFile(scene.path("downloads/second")), second.payload);
});

Deno.test("get -o saves under another name, which is remembered as such", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "-o", "renamed", "--peer", peer.address, ...QUICK];
  assertEquals((await scene.run(get)).code, 0);
  assertEquals(await scene.tree("downloads"), ["renamed"]);
  const asked = peer.pieces.length;
  assertEquals((await scene.run(get)).code, 0);
  assertEquals(peer.pieces.length, asked);
});

Deno.test("get -o refuses a path (28)", async () => {
  await using scene = await Scene.open();
  const path = await scene.torrent(await makeTorrent({ content: 100 }));
  for (const name of ["../x", "/etc/x", "a/b", "..", ".tm"]) {
    const result = await scene.run(["get", path, "-o", name]);
    assertEquals(result.code, 28, `${name}: ${result.stderr}`);
  }
  assertEquals(await scene.tree(), ["test.torrent"]);
});

Deno.test("get -q prints nothing when all goes well, and errors only when not", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const result = await scene.run(["get", "-q", path, "--peer", peer.address, ...QUICK]);
  assertEquals(result, { code: 0, stdout: "", stderr: "" });
  assertFailure(await scene.run(["get", "-q", "nowhere"]), 3, "nowhere");
});

Deno.test("get -v prints a receipt: the engine has the folder, the main thread no files", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const { code, stderr } = await scene.run(["get", "-v", path, "--peer", peer.address, ...QUICK]);
  assertEquals(code, 0);
  const folder = scene.path("downloads");
  assertStringIncludes(stderr, `engine       read ${folder}\n               write ${folder}\n`);
  assertStringIncludes(stderr, "net yes, sys statfs, run none, env none, ffi none");
  assertStringIncludes(
    stderr,
    "main thread  read none, write none, net yes\n               run none, env none, ffi none",
  );
});

Deno.test("get --json prints an object a line with all that happens", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const tm = scene.start(["get", "--json", path, "--peer", peer.address, ...QUICK]);
  const { code, stderr } = await tm.end();
  assertEquals([code, stderr], [0, ""]);
  const events = tm.events();
  const types = new Set(events.map(({ type }) => type));
  for (const type of ["listening", "added", "progress", "piece", "peer", "done", "finished"]) {
    assert(types.has(type), `Expected an event ${type}, got ${[...types].join(" ")}`);
  }
  const pieces = events.filter(({ type }) => type === "piece").map((event) => event["piece"]);
  assertEquals(pieces.toSorted(), [0, 1, 2, 3, 4]);
  const done = events.find(({ type }) => type === "done")!;
  assertEquals([done["torrent"], done["name"], done["size"], done["downloaded"]], [
    torrent.id,
    "sample",
    300_000,
    300_000,
  ]);
});

Deno.test("every --json event has exactly the fields that the README gives", async () => {
  await using scene = await Scene.open();
  await using tracker = new RawServer(answer("no", "", "500 Oops"));
  const torrent = await makeTorrent({ content: 300_000, trackers: [tracker.url] });
  await using peer = seeder(torrent);
  using busy = Deno.listen({ hostname: "::", port: 0 });
  await scene.write("downloads/sample", torrent.payload.slice(0, 100_000));
  const path = await scene.torrent(torrent);
  const port = String(busy.addr.port);
  const good = scene.start(["get", "--json", path, "--peer", peer.address, "--listen-port", port]);
  const bad = scene.start(["get", "--json", "nowhere.torrent"]);
  const ready = Promise.withResolvers<void>();
  await using late = seeder(torrent, undefined, ready.promise);
  const other = await makeTorrent({ content: 1000, name: "other" });
  await scene.data(other, "other");
  const node = await scene.seed(
    await scene.torrent(other, "other.torrent"),
    "other",
    ...["--dht-node", "127.0.0.1:9"],
  );
  const from = [
    ...["--peer", late.address, "--stall-timeout", "20", "--listen-port", "0"],
    ...["--dht-node", node],
  ];
  const waiting = scene.start(["get", "--json", path, "-d", "late", ...from]);
  await waiting.event("waiting", ({ stage }) => stage === "unchoke");
  ready.resolve();
  const link = `magnet:?xt=urn:btih:${other.id}&x.pe=${node}`;
  const linked = scene.start(["get", "--json", link, "-d", "linked", "--listen-port", "0"]);
  await using web = new WebServer({ files: [{ path: "sample", data: torrent.payload }] });
  const served = ["--webseed", web.url, "--listen-port", "0"];
  const fetched = scene.start(["get", "--json", path, "-d", "fetched", ...served]);
  const runs = [good, bad, waiting, linked, fetched];
  const codes = [];
  for (const run of runs) codes.push((await run.end()).code);
  assertEquals(codes, [0, 3, 0, 0, 0], runs.map((run) => run.describe()).join("\n"));
  const documented = await documentedEvents();
  const events = runs.flatMap((run) => run.events());
  for (const event of events) {
    assertEquals(Object.keys(event).toSorted(), documented.get(event.type), event.type);
  }
  // for a mapping there has to be a router: `tests/interop/map_port_test.ts`
  const types = new Set([...events.map(({ type }) => type), "mapping"]);
  assertEquals([...types].toSorted(), [...documented.keys()]);
});

Deno.test("get --json tells of an error as an event too, with the same exit code", async () => {
  await using scene = await Scene.open();
  const tm = scene.start(["get", "--json", "nowhere.torrent"]);
  const { code, stderr } = await tm.end();
  assertEquals(code, 3);
  assertStringIncludes(stderr, "Error: No such file: nowhere.torrent");
  assertEquals(tm.events().map(({ type }) => type), ["error"]);
});

Deno.test("get goes to the next port when one is busy, and says so", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  // The default address of `tm`, so that ours is in its way.
  using busy = Deno.listen({ hostname: "::", port: 0 });
  const { port } = busy.addr;
  const options = ["--peer", peer.address, "--listen-port", String(port), "-v"];
  const result = await scene.run(["get", path, ...options]);
  assertEquals(result.code, 0, result.stderr);
  const warning = /^Warning: Port (\d+) is busy, listening on (\d+) instead$/m.exec(result.stderr);
  assertEquals(Number(warning?.[1]), port);
  assert(Number(warning?.[2]) > port);
});

Deno.test("get --check finds damage that the record does not know of, and repairs it", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 300_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const get = ["get", path, "--peer", peer.address, ...QUICK];
  assertEquals((await scene.run(get)).code, 0);
  const before = await Deno.stat(scene.path("downloads/sample"));
  {
    using file = await Deno.open(scene.path("downloads/sample"), { write: true });
    await file.seek(70_000, Deno.SeekMode.Start);
    await file.write(Uint8Array.of(1, 2, 3, 4));
    await file.utime(before.atime!, before.mtime!);
  }
  peer.pieces.length = 0;
  assertEquals((await scene.run([...get, "--check"])).code, 0);
  assertEquals([...new Set(peer.pieces)], [1]);
  assertEquals(await Deno.readFile(scene.path("downloads/sample")), torrent.payload);
});

Deno.test("get --seed-ratio serves until that is reached, then exits 0", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 500_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const options = ["--json", "--listen-port", "0", "--seed-ratio", "0.9"];
  const first = scene.start(["get", path, "-d", "a", "--peer", peer.address, ...options]);
  await first.event("done");
  const address = `127.0.0.1:${await first.port()}`;
  assertEquals((await scene.run(["get", path, "-d", "b", "--peer", address, ...QUICK])).code, 0);
  assertEquals((await first.end()).code, 0);
  const finished = await first.event("finished");
  assert(Number(finished["uploaded"]) >= 450_000);
});

Deno.test("get --seed-time serves for so long, then exits 0", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 100_000 });
  await using peer = seeder(torrent);
  const path = await scene.torrent(torrent);
  const options = ["--json", ...QUICK, "--seed-time", "0.02"];
  const tm = scene.start(["get", path, "--peer", peer.address, ...options]);
  assertEquals((await tm.end()).code, 0);
  assert(tm.events().some((event) => event.type === "progress" && event["state"] === "seeding"));
});

Deno.test("get keeps to its limits, down and up", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 1_500_000 });
  const path = await scene.torrent(torrent);
  for (const limited of ["down", "up"]) {
    await scene.data(torrent, `seed-${limited}`);
    const up = limited === "up" ? ["--max-upload-limit", "500K"] : [];
    const down = limited === "down" ? ["--max-download-limit", "500K"] : [];
    const address = await scene.seed(path, `seed-${limited}`, ...up);
    const options = ["--json", "-d", limited, "--peer", address, ...QUICK, ...down];
    const tm = scene.start(["get", path, ...options]);
    assertEquals((await tm.end()).code, 0, tm.describe());
    const done = await tm.event("done");
    // 1.5 MB at 0.5 MiB/s is 2.9 s; a burst of a second is allowed at the start.
    assert(Number(done["seconds"]) > 1.5, `${limited}: ${done["seconds"]} s`);
  }
});

Deno.test("get without peers says why and exits 2", async () => {
  await using scene = await Scene.open();
  const path = await scene.torrent(await makeTorrent({ content: 100_000 }));
  const result = await scene.run(["get", path, "--stall-timeout", "1", "--listen-port", "0"]);
  assertFailure(result, 2, "names no tracker and no peer was given");
});

/** The README's table of events: each type with its fields, `type` among them, both sorted. */
async function documentedEvents(): Promise<Map<string, string[]>> {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const start = readme.indexOf("### JSON");
  const section = readme.slice(start, readme.indexOf("The other commands", start));
  const rows = section.matchAll(/^\| `(\w+)` +\| .* \| `([\w ]+)`.*\|$/gm);
  const table = [...rows].map(([, type, fields]) =>
    [type!, ["type", ...fields!.split(" ")].toSorted()] as const
  );
  return new Map(table.toSorted(([a], [b]) => a < b ? -1 : 1));
}
