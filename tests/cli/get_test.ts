import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import { BencodeError } from "../../src/bencode/mod.ts";
import {
  completes,
  failure,
  FakeEngine,
  idOf,
  objects,
  progress,
  torrentOf,
  until,
  World,
} from "./world.ts";

const A = torrentOf("a.bin");
const B = torrentOf("b.bin");

/** A world with a.torrent and b.torrent in which an engine follows `script`. */
function worldOf(script: (engine: FakeEngine, id: string) => void = completes): World {
  const world = new World();
  world.files.set("a.torrent", A).set("b.torrent", B);
  world.engine = new FakeEngine(script);
  return world;
}

Deno.test("get downloads a file's torrent and exits 0", async () => {
  const world = worldOf();
  assertEquals(await world.run("get", "a.torrent"), 0);
  assertEquals(
    world.stdout.text,
    "a.bin: 39.1 KiB in 2.0 s (19.5 KiB/s), saved to downloads/a.bin\n",
  );
  assertEquals(world.stderr.text, "");
  assertEquals(world.engine.stops, [3000]);
});

Deno.test("the main thread gives up its files after the engine has started", async () => {
  const world = worldOf();
  await world.run("get", "a.torrent");
  assertEquals(world.log, ["make ./downloads", "start", "revoke"]);
  const { read, write } = world.engine.permissions;
  assertEquals([read, write], [["/home/user/downloads"], ["/home/user/downloads"]]);
  assertEquals(world.engine.options.folder, "/home/user/downloads");
});

Deno.test("a budget and a reserve reach the engine; used up, the budget ends with 7", async () => {
  const world = worldOf((engine, id) => engine.emit(failure(id, "budget")));
  assertEquals(await world.run("get", "a.torrent", "--max-total", "20G", "--reserve", "1M"), 7);
  assertStringIncludes(world.stderr.text, "It is budget");
  assertEquals(world.engine.options.budget, 20 * 2 ** 30);
  assertEquals(world.engine.added[0]!.options.reserve, 2 ** 20);
});

Deno.test("nothing is left behind: no signal handler, no timer", async () => {
  const world = worldOf();
  await world.run("get", "a.torrent");
  assertEquals([world.signalHandlers, world.pendingTimers], [0, 0]);
});

Deno.test("a URL and standard input are sources too", async () => {
  const world = worldOf();
  world.web.set("http://127.0.0.1/a", A);
  world.input = B;
  assertEquals(await world.run("get", "http://127.0.0.1/a", "-"), 0);
  assertEquals(world.engine.added.map(({ id }) => id), [await idOf(A), await idOf(B)]);
});

Deno.test("a router is asked to open the port when told to, whichever or a certain one", async () => {
  for (
    const [word, gateway] of [["--map-port", null], [
      "--map-port=192.168.1.1",
      "192.168.1.1",
    ]] as const
  ) {
    const world = worldOf();
    assertEquals(await world.run("get", word, "a.torrent"), 0);
    assertEquals(world.engine.options.portMapping, { gateway });
    assertEquals(world.engine.permissions.sys, ["statfs", "networkInterfaces"]);
  }
  const world = worldOf();
  assertEquals(await world.run("get", "a.torrent"), 0);
  assertEquals([world.engine.options.portMapping, world.engine.permissions.sys], [
    undefined,
    ["statfs"],
  ]);
  assertEquals(await worldOf().run("get", "--map-port=router.example", "a.torrent"), 28);
});

Deno.test("a proxy reaches the engine, excludes a port of the router, and its password is not told", async () => {
  const world = worldOf();
  assertEquals(await world.run("get", "--proxy", "socks5://me:hunter2@[::1]:9", "a.torrent"), 0);
  assertEquals(world.engine.options.proxy, {
    scheme: "socks5",
    host: "::1",
    port: 9,
    user: "me",
    password: "hunter2",
  });
  for (
    const words of [
      ["--proxy", "socks4://me:hunter2@a:1"],
      ["--proxy", "socks5://me:hunter2@a:1", "--map-port"],
    ]
  ) {
    const other = worldOf();
    assertEquals(await other.run("get", ...words, "a.torrent"), 28);
    assertEquals(other.stderr.text.includes("hunter2"), false);
  }
});

Deno.test("options reach the engine", async () => {
  const world = worldOf();
  const line =
    "get a.torrent -d data -o x.bin --peer 1.2.3.4:5 --peer [::1]:6 --listen-port 7000 " +
    "--seed-time 1.5 --seed-ratio 2 --limit-rate 2M --max-upload-limit 500K " +
    "--max-overall-download-limit 3M --max-overall-upload-limit 1M --connect-timeout 5 " +
    "--dht-node dht.example:6881 --dht-node [::1]:7 --stall-timeout 1m --metadata-timeout 2m " +
    "--select-file 1,3-5 --select-file *.mkv --exclude {a,b}/ --deny *.lnk --priority high=2 --priority off=*.nfo --first-last --check --allow-overwrite --preallocate --sequential --super-seed -c --no-pex --no-ipv6 --no-lsd --no-utp --encryption require " +
    "--webseed http://w.example/x --no-webseed";
  assertEquals(await world.run(...line.split(" ")), 0);
  assertEquals(world.engine.options, {
    folder: "/home/user/data",
    listenPort: 7000,
    downloadLimit: 3_145_728,
    uploadLimit: 1_048_576,
    dht: { nodes: ["dht.example:6881", "[::1]:7"], entryPoints: [] },
    connectTimeout: 5,
    stallTimeout: 60,
    metadataTimeout: 120,
    waitPatience: 10,
    progressInterval: 1,
    verbose: false,
    peerExchange: false,
    encryption: "require",
    ipv6: false,
    tcp: true,
    utp: false,
    webseeds: false,
    localDiscovery: false,
    ipFilter: null,
  });
  assertEquals(world.engine.added[0]!.options, {
    name: "x.bin",
    webseeds: ["http://w.example/x"],
    peers: ["1.2.3.4:5", "[::1]:6"],
    typed: true,
    check: true,
    downloadLimit: 2_097_152,
    uploadLimit: 512_000,
    overwrite: true,
    preallocate: true,
    sequential: true,
    firstLast: true,
    select: [{ from: 0, to: 0 }, { from: 2, to: 4 }, { glob: "*.mkv" }],
    exclude: [{ glob: "{a,b}/" }],
    deny: ["*.lnk"],
    priorities: [
      { priority: "high", files: [{ from: 1, to: 1 }] },
      { priority: "off", files: [{ glob: "*.nfo" }] },
    ],
    superSeed: true,
    seed: { minutes: 1.5, ratio: 2 },
  });
});

Deno.test("by default a download ends when it is complete", async () => {
  const world = worldOf();
  await world.run("get", "a.torrent");
  assertEquals(world.engine.added[0]!.options.seed, null);
});

Deno.test("a ratio of 0 seeds without end, as in aria2", async () => {
  const world = worldOf();
  await world.run("get", "a.torrent", "--seed-ratio", "0");
  assertEquals(world.engine.added[0]!.options.seed, { minutes: null, ratio: null });
});

Deno.test("--no-listen takes no connections, --file-allocation is understood", async () => {
  const world = worldOf();
  await world.run("get", "a.torrent", "--no-listen", "--file-allocation=falloc");
  assertEquals(world.engine.options.listenPort, null);
  assertEquals(world.engine.added[0]!.options.preallocate, true);
});

const REASONS = [
  ["stalled", 2],
  ["disk-full", 9],
  ["locked", 12],
  ["file-exists", 13],
  ["cannot-create", 16],
  ["cannot-open", 17],
  ["incomplete", 7],
  ["bad-torrent", 26],
  ["other", 1],
] as const;
for (const [reason, code] of REASONS) {
  Deno.test(`a torrent that ends as ${reason} exits with ${code}`, async () => {
    const world = worldOf((engine, id) => engine.emit(failure(id, reason)));
    assertEquals(await world.run("get", "a.torrent"), code);
    assertEquals(world.stderr.text, `Error: a.bin: It is ${reason}\n`);
    assertEquals(world.stdout.text, "");
  });
}

Deno.test("a full disk names the path and what is missing", async () => {
  const world = worldOf((engine, id) =>
    engine.emit({
      type: "error",
      torrent: id,
      reason: "disk-full",
      message: "Not enough space",
      path: "/data/a.bin",
      missing: 1024 ** 2,
    })
  );
  assertEquals(await world.run("get", "a.torrent"), 9);
  assertEquals(
    world.stderr.text,
    "Error: a.bin: Not enough space (/data/a.bin); 1.0 MiB more are needed\n",
  );
});

Deno.test("an error of the engine itself ends every torrent", async () => {
  const world = worldOf((engine) => {
    if (engine.added.length === 2) engine.emit(failure(null, "other"));
  });
  assertEquals(await world.run("get", "a.torrent", "b.torrent"), 1);
  assertEquals(world.stderr.text, "Error: It is other\n");
});

Deno.test("an engine that does not start is an error", async () => {
  const world = worldOf();
  world.startError = new Error("No threads left");
  assertEquals(await world.run("get", "a.torrent"), 1);
  assertEquals(world.stderr.text, "Error: No threads left\n");
  assertEquals(world.signalHandlers, 0);
});

Deno.test("what add rejects with becomes the exit code", async () => {
  const world = worldOf(() => {
    throw new BencodeError(7, "Unexpected end of input");
  });
  assertEquals(await world.run("get", "a.torrent"), 25);
  assertStringIncludes(world.stderr.text, "a.bin: Unexpected end of input");
});

Deno.test("several torrents run side by side and the first listed failure is the exit code", async () => {
  const [a, b] = [await idOf(A), await idOf(B)];
  const world = worldOf((engine, id) => {
    if (id !== b) return;
    engine.emit(failure(b, "stalled"));
    engine.emit(failure(a, "disk-full"));
  });
  assertEquals(await world.run("get", "a.torrent", "b.torrent"), 9);
});

Deno.test("a source that cannot be read does not hold up the others", async () => {
  const world = worldOf();
  assertEquals(await world.run("get", "none.torrent", "a.torrent"), 3);
  assertEquals(world.engine.added.length, 1);
  assertStringIncludes(world.stderr.text, "Error: No such file: none.torrent\n");
  assertStringIncludes(world.stdout.text, "saved to");
});

Deno.test("a torrent given twice runs once", async () => {
  const world = worldOf();
  world.files.set("copy.torrent", A);
  assertEquals(await world.run("get", "a.torrent", "copy.torrent"), 0);
  assertEquals(world.engine.added.length, 1);
});

const BAD_SOURCES: [string, string, number, string][] = [
  ["a file that is not there", "none", 3, "No such file: none"],
  ["a folder", "folder", 17, "Expected a torrent file, got a folder: folder (tm share gives"],
  [
    "an info hash with a digit too many",
    "553a0f703c974a2454d07a6e1b8bf69554049dc70",
    3,
    "No such file: 553a0f703c974a2454d07a6e1b8bf69554049dc70; an info hash has 40 hexadecimal " +
    "digits, not 41",
  ],
  ["a file without permission", "secret", 17, "No permission to read secret"],
  ["a file too large", "huge", 26, "Expected a torrent of at most 64 MiB, got more from huge"],
  ["text", "text", 25, "text is not a torrent: "],
  ["a web page", "page", 25, "page is not a torrent (it looks like a web page): "],
  ["bencode that is no torrent", "empty", 26, "empty is not a torrent: "],
  [
    "a magnet link that is none",
    "magnet:?xt=urn:btih:x",
    27,
    "Cannot use the magnet link: Expected 40 hexadecimal digits",
  ],
  ["a URL that is not there", "http://h/none", 3, "The server has no http://h/none"],
  ["a silent server", "http://h/slow", 2, "Cannot fetch http://h/slow: silence"],
  ["a broken server", "http://h/broken", 6, "Cannot fetch http://h/broken: status 500"],
];
for (const [what, source, code, message] of BAD_SOURCES) {
  Deno.test(`${what} as a source exits with ${code} and touches nothing`, async () => {
    const world = worldOf();
    world.files.set("folder", "folder").set("text", utf8("hello")).set("empty", utf8("de"))
      .set("page", utf8("<html>")).set("secret", new Deno.errors.PermissionDenied("os error 13"))
      .set("huge", new Uint8Array(64 * 1024 * 1024 + 1));
    world.web.set("http://h/slow", new Deno.errors.TimedOut("silence"))
      .set("http://h/broken", new Error("status 500"));
    assertEquals(await world.run("get", source), code);
    assertStringIncludes(world.stderr.text, `Error: ${message}`);
    assertEquals(world.log, []);
  });
}

Deno.test("a password in a URL is not shown", async () => {
  const world = worldOf();
  await world.run("get", "http://me:secret@h/none");
  assertEquals(world.stderr.text.includes("secret"), false);
});

const BAD_LINES: [string[], string][] = [
  [[], "Expected a torrent file, its URL or a magnet link, got nothing"],
  [["a.torrent", "b.torrent", "-o", "x"], "Expected one torrent with -o, got 2"],
  [["-", "-"], "Expected - (standard input) once, got it again"],
  [["a.torrent", "--listen-port", "70000"], "Expected a port from 0 to 65535 after --listen-port"],
  [["a.torrent", "--seed-tme", "5"], "Unknown option --seed-tme; did you mean --seed-time?"],
  [["a.torrent", "--seed-time", "-5"], "Expected a number of 0 or more after --seed-time"],
  [["a.torrent", "--select-file", "0"], "Expected file numbers such as 1,3-5 after --select-file"],
  [["a.torrent", "b.torrent", "--select-file", "1"], "Expected one torrent with numbers"],
  [["a.torrent", "b.torrent", "--priority", "low=1"], "Expected one torrent with numbers"],
  [["a.torrent", "--priority", "urgent=1"], "Expected LEVEL=FILES"],
  [["a.torrent", "--exclude", "[a"], 'Expected a ] after the [ in "[a" after --exclude'],
  [["a.torrent", "--deny", ""], "Expected a pattern of 1 to 1000 characters"],
  [["a.torrent", "-o", "../x"], "Expected a plain name after --out"],
];
for (const [args, message] of BAD_LINES) {
  Deno.test(`get ${args.join(" ")} exits with 28`, async () => {
    const world = worldOf();
    assertEquals(await world.run("get", ...args), 28);
    assertStringIncludes(world.stderr.text, `Error: ${message}`);
    assertStringIncludes(world.stderr.text, "Try: tm help get\n");
    assertEquals(world.log, []);
  });
}

Deno.test("a file where the folder should be exits with 16", async () => {
  const world = worldOf();
  world.files.set("data", utf8("x"));
  assertEquals(await world.run("get", "a.torrent", "-d", "data"), 16);
  assertStringIncludes(world.stderr.text, "A file stands where the folder data should be");
});

Deno.test("a folder that may not be made exits with 16", async () => {
  const world = worldOf();
  world.files.set("data", new Deno.errors.PermissionDenied("os error 13"));
  assertEquals(await world.run("get", "a.torrent", "-d", "data"), 16);
  assertStringIncludes(world.stderr.text, "No permission to make the folder data");
});

Deno.test("the first Ctrl-C stops gently and exits 7 when unfinished", async () => {
  const world = worldOf((engine, id) => {
    engine.emit(progress(id));
    world.interrupt();
  });
  assertEquals(await world.run("get", "a.torrent"), 7);
  assertEquals(world.engine.stops, [3000]);
  assertEquals(
    world.stderr.text,
    "Stopping… press Ctrl-C again to quit at once\n" +
      "a.bin: stopped at 50% (19.5/39.1 KiB); run the same command again to go on\n",
  );
});

Deno.test("Ctrl-C while seeding what is complete exits 0", async () => {
  const world = worldOf((engine, torrent) => {
    engine.emit({ type: "done", torrent, name: "a", size: 1, downloaded: 0, seconds: 0 });
    world.interrupt();
  });
  assertEquals(await world.run("get", "a.torrent", "--seed-ratio", "0"), 0);
});

Deno.test("a second Ctrl-C does not wait for the engine", async () => {
  const world = worldOf(() => {
    world.interrupt();
    world.interrupt();
  });
  world.engine.stopsHang = true;
  assertEquals(await world.run("get", "a.torrent"), 7);
});

Deno.test("an engine that does not stop in time is left behind", async () => {
  const world = worldOf(() => world.interrupt());
  world.engine.stopsHang = true;
  const code = world.run("get", "a.torrent");
  await until(() => world.pendingTimers > 0);
  world.advance(4000);
  assertEquals(await code, 7);
});

Deno.test("when nobody reads the output the download stops quietly", async () => {
  const world = worldOf((engine, torrent) => {
    world.stdout.closed = true;
    engine.emit({
      type: "added",
      torrent,
      name: "a",
      size: 1,
      files: 1,
      pieces: 1,
      pieceLength: 1,
      private: false,
    });
  });
  assertEquals(await world.run("get", "a.torrent"), 7);
  assertEquals(world.stderr.text, "");
  assertEquals(world.engine.stops.length, 1);
});

Deno.test("--json prints every event as it is, and nothing else", async () => {
  const world = worldOf((engine, torrent) => {
    engine.emit(progress(torrent));
    engine.emit({ type: "piece", torrent, piece: 3, done: 4 });
    completes(engine, torrent);
  });
  assertEquals(await world.run("get", "--json", "a.torrent"), 0);
  const torrent = await idOf(A);
  assertEquals(objects(world.stdout.text).map(({ type }) => type), [
    "progress",
    "piece",
    "done",
    "finished",
  ]);
  assertEquals(objects(world.stdout.text)[0], { ...progress(torrent) });
  assertEquals(world.engine.options.verbose, true);
});

Deno.test("--json tells of a bad source as an error event", async () => {
  const world = worldOf();
  assertEquals(await world.run("get", "--json", "none"), 3);
  assertEquals(objects(world.stdout.text), [{
    type: "error",
    torrent: null,
    reason: "cannot-open",
    message: "No such file: none",
    path: null,
    missing: null,
  }]);
});

Deno.test("-q prints errors only", async () => {
  const world = worldOf((engine, torrent) => {
    engine.emit({ type: "warning", torrent, message: "careful" });
    engine.emit(progress(torrent));
    engine.emit(failure(torrent, "stalled"));
  });
  assertEquals(await world.run("get", "-q", "a.torrent"), 2);
  assertEquals([world.stdout.text, world.stderr.text], ["", "Error: a.bin: It is stalled\n"]);
});

Deno.test("-v prints what may be touched once files are given up", async () => {
  const world = worldOf();
  await world.run("-v", "get", "a.torrent");
  assertEquals(world.engine.options.verbose, true);
  assertMatch(
    world.stderr.text,
    /engine +read \/home\/user\/downloads\n +write \/home\/user\/downloads/,
  );
  assertStringIncludes(
    world.stderr.text,
    "main thread  read none, write none, net yes\n" +
      "               run none, env none, ffi none, sys none\n",
  );
});

Deno.test("empty standard input is called by its name", async () => {
  const world = worldOf();
  assertEquals(await world.run("get", "-"), 25);
  assertEquals(world.stderr.text, "Error: Standard input is not a torrent, it is empty\n");
});

Deno.test("a URL of another kind is no file that is missing", async () => {
  const world = worldOf();
  assertEquals(await world.run("get", "ftp://host/a.torrent"), 28);
  assertStringIncludes(
    world.stderr.text,
    "Expected a file, an http or https URL, or -, got ftp://",
  );
});

Deno.test("a torrent given twice is downloaded once, and tm says which one it left out", async () => {
  const world = worldOf();
  world.files.set("copy.torrent", A);
  assertEquals(await world.run("get", "a.torrent", "copy.torrent"), 0);
  assertEquals(world.engine.added.length, 1);
  assertEquals(world.stderr.text, "copy.torrent is the same torrent as a.torrent, left out\n");
});

Deno.test("a torrent in use is told without the path of its lock", async () => {
  const world = worldOf((engine, id) => {
    const path = "/home/user/downloads/.tm/x.lock";
    const message = "It is locked";
    engine.emit({ type: "error", torrent: id, reason: "locked", message, path, missing: null });
  });
  assertEquals(await world.run("get", "a.torrent"), 12);
  assertEquals(world.stderr.text, "Error: a.bin: It is locked\n");
});

Deno.test("the receipt fits 80 columns", async () => {
  const world = worldOf();
  assertEquals(await world.run("-v", "get", "a.torrent"), 0);
  assertStringIncludes(world.stderr.text, "main thread");
  for (const line of world.stderr.text.split("\n")) assertEquals(line.length <= 80, true, line);
});
