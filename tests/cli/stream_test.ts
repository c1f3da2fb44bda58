import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Bytes } from "../../src/base/mod.ts";
import { completes, FakeEngine, objects, progress, torrentOf, until, World } from "./world.ts";

const A = torrentOf("a.bin");

function worldOf(script: (engine: FakeEngine, id: string) => void): World {
  const world = new World();
  world.files.set("a.torrent", A);
  world.engine = new FakeEngine(script);
  return world;
}

function bytesOf(size: number, value = 7): Bytes {
  return new Uint8Array(size).fill(value);
}

/** Sends two chunks and is done when both are taken. */
async function streams(engine: FakeEngine, id: string): Promise<void> {
  const chunks = [engine.sink!.write(bytesOf(3, 1)), engine.sink!.write(bytesOf(2, 2))];
  await Promise.all(chunks);
  completes(engine, id);
}

Deno.test("-o - writes the stream to standard output and, in a pipeline, nothing else", async () => {
  const world = worldOf((engine, id) => void streams(engine, id));
  assertEquals(await world.run("get", "-o", "-", "a.torrent"), 0);
  assertEquals([...world.stdout.bytes], [1, 1, 1, 2, 2]);
  assertEquals(world.stdout.text, "");
  assertEquals(world.stderr.text, "");
});

Deno.test("-o - has a summary on a terminal and with -v, on standard error", async () => {
  for (const options of [[], ["-v"]]) {
    const world = worldOf((engine, id) => void streams(engine, id));
    world.stderr.isTerminal = options.length === 0;
    assertEquals(await world.run("get", ...options, "-o", "-", "a.torrent"), 0);
    assertEquals(world.stdout.text, "");
    assertStringIncludes(
      world.stderr.text,
      "a.bin: 39.1 KiB in 2.0 s (19.5 KiB/s), written to standard output\n",
    );
  }
});

Deno.test("-o - makes no folder, and the engine may touch none", async () => {
  const world = worldOf((engine, id) => void streams(engine, id));
  assertEquals(await world.run("-v", "get", "-o", "-", "a.torrent"), 0);
  assertEquals(world.log, ["start", "revoke"]);
  assertEquals(world.engine.options.folder, null);
  assertEquals(world.engine.permissions, { read: [], write: [], net: true, sys: [] });
  assertMatch(world.stderr.text, /engine +read none\n +write none\n +net yes, sys none,/);
  assertEquals(world.engine.added[0]!.options, {
    peers: [],
    typed: true,
    webseeds: [],
    check: false,
    superSeed: false,
    downloadLimit: 0,
    uploadLimit: 0,
    seed: null,
  });
});

Deno.test("-o - works for tm-locked, of a torrent on standard input", async () => {
  const world = worldOf((engine, id) => void streams(engine, id));
  world.locked = true;
  world.input = A;
  assertEquals(await world.run("get", "-o", "-", "-"), 0);
  assertEquals(world.stdout.bytes.length, 5);
});

Deno.test("-o - with --json prints its lines on standard error", async () => {
  const world = worldOf((engine, id) => void streams(engine, id));
  assertEquals(await world.run("get", "--json", "--out=-", "a.torrent"), 0);
  assertEquals(world.stdout.text, "");
  assertEquals(objects(world.stderr.text).map(({ type }) => type), ["done", "finished"]);
});

Deno.test("-o - draws its status on standard error", async () => {
  const world = worldOf((engine, id) => {
    engine.emit(progress(id));
    engine.emit(progress(id, { state: "slow-reader" }));
    void streams(engine, id);
  });
  world.stderr.isTerminal = true;
  assertEquals(await world.run("get", "-o", "-", "a.torrent"), 0);
  assertEquals(world.stdout.text, "");
  assertStringIncludes(world.stderr.text, "█");
});

Deno.test("a reader that is slow is said to be", async () => {
  const world = worldOf((engine, id) => {
    engine.emit(progress(id));
    for (let i = 0; i < 9; i++) {
      engine.emit(progress(id, { state: "slow-reader" }));
      engine.emit(progress(id));
    }
    void streams(engine, id);
  });
  assertEquals(await world.run("get", "-v", "-o", "-", "a.torrent"), 0);
  const lines = world.stderr.text.split("\n").filter((line) => line.includes("waiting"));
  assertEquals(lines, ["a.bin: waiting for the reader, 50%, 19.5/39.1 KiB"]);
});

Deno.test("a reader that goes ends it with exit 7 and without a word", async () => {
  for (const options of [[], ["-v"], ["--json"], ["-q"]]) {
    const world = worldOf((engine) => {
      engine.emit({ type: "warning", torrent: null, message: "before" });
      world.stderr.text = "";
      world.stdout.closed = true;
      engine.sink!.write(bytesOf(10)).catch(() => {
        engine.emit({ type: "warning", torrent: null, message: "after" });
      });
    });
    assertEquals(await world.run("get", ...options, "-o", "-", "a.torrent"), 7);
    assertEquals(world.stderr.text, "", options.join(" "));
    assertEquals(world.engine.stops.length, 1);
  }
});

Deno.test("a reader that goes leaves no status on the screen", async () => {
  const world = worldOf((engine, id) => {
    engine.emit(progress(id));
    world.stdout.closed = true;
    void engine.sink!.write(bytesOf(10)).catch(() => {});
  });
  world.stderr.isTerminal = true;
  assertEquals(await world.run("get", "-o", "-", "a.torrent"), 7);
  // deno-lint-ignore no-control-regex -- what takes the status away
  assertMatch(world.stderr.text, /█.*\n\x1b\[1A\r\x1b\[J$/);
});

Deno.test("a disk that is full behind > is told as such (9)", async () => {
  const world = worldOf((engine, torrent) => {
    world.stdout.fault = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
    engine.sink!.write(bytesOf(10)).catch(({ reason, path, message }) => {
      engine.emit({ type: "error", torrent, reason, path, message, missing: null });
    });
  });
  assertEquals(await world.run("get", "-o", "-", "a.torrent"), 9);
  assertEquals(
    world.stderr.text,
    "Error: a.bin: Cannot write to standard output: No space left on device\n",
  );
});

Deno.test("chunks are written one after another, and come back when they are", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const back: number[] = [];
  const world = worldOf((engine, id) => {
    world.stdout.taken = promise;
    const chunks = [3, 2].map(async (size) => {
      back.push((await engine.sink!.write(bytesOf(size))).length);
    });
    void Promise.all(chunks).then(() => completes(engine, id));
  });
  const running = world.run("get", "-o", "-", "a.torrent");
  await until(() => world.engine.added.length > 0);
  assertEquals(back, []);
  resolve();
  assertEquals(await running, 0);
  assertEquals(back, [3, 2]);
});

Deno.test("Ctrl-C ends a stream whose reader takes nothing, with exit 7", async () => {
  const world = worldOf((engine, id) => {
    world.stdout.taken = new Promise(() => {});
    void engine.sink!.write(bytesOf(3));
    engine.emit(progress(id));
    world.interrupt();
  });
  assertEquals(await world.run("get", "-o", "-", "a.torrent"), 7);
  assertMatch(world.stderr.text, /a\.bin: stopped at 50% \(19\.5\/39\.1 KiB\)\n$/);
});

Deno.test("a terminal is no place for a stream (28)", async () => {
  const world = worldOf(() => {}).onTerminal();
  assertEquals(await world.run("get", "-o", "-", "a.torrent"), 28);
  assertStringIncludes(world.stderr.text, "Refused to write the data to a terminal; pipe it");
  assertEquals([world.stdout.text, world.log], ["", []]);
});

const REFUSED = [
  "-d data",
  "--check",
  "--allow-overwrite",
  "--preallocate",
  "--file-allocation prealloc",
  "--super-seed",
  "--seed-time 1",
  "--seed-ratio 1",
];

for (const given of REFUSED) {
  Deno.test(`-o - with ${given} is refused (28)`, async () => {
    const world = worldOf(() => {});
    assertEquals(await world.run("get", ...given.split(" "), "-o", "-", "a.torrent"), 28);
    const [name] = given.split(" ");
    assertStringIncludes(world.stderr.text, `Error: Expected no ${name} with -o -, `);
    assertEquals([world.stdout.text, world.log], ["", []]);
  });
}

Deno.test("-o - takes one torrent (28)", async () => {
  const world = worldOf(() => {});
  assertEquals(await world.run("get", "-o", "-", "a.torrent", "b.torrent"), 28);
  assertStringIncludes(world.stderr.text, "Expected one torrent with -o, got 2");
});

Deno.test("seed has nothing for standard output (28)", async () => {
  const world = worldOf(() => {});
  assertEquals(await world.run("seed", "-o", "-", "a.torrent"), 28);
  assertStringIncludes(world.stderr.text, "only tm get writes to standard output");
});

Deno.test("no error of any kind ends up among the data", async () => {
  const lines = [
    "get --json -o - nowhere.torrent",
    "get --json -o- a.torrent --bogus",
    "get --json -vo - a.torrent --check",
    "get --json --out - a.torrent --stall-timeout x",
    "--json get a.torrent --out=-  -d x",
  ];
  for (const line of lines) {
    const world = worldOf(() => {});
    const code = await world.run(...line.split(/ +/));
    assertEquals(code === 28 || code === 3, true, `${line}: ${code}`);
    assertEquals(world.stdout.text, "", line);
    assertStringIncludes(world.stderr.text, '"type":"error"', line);
  }
  // without a stream the JSON is where it always is
  const world = worldOf(() => {});
  await world.run("get", "--json", "nowhere.torrent", "-o", "name");
  assertStringIncludes(world.stdout.text, '"type":"error"');
});
