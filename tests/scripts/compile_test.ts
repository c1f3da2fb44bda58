import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { PROXY_VARIABLES } from "../../src/cli/proxy_variables.ts";
import {
  bundleAll,
  programPath,
  workerArguments,
  workerStub,
} from "../../scripts/compile/bundle.ts";
import {
  compileArguments,
  LOCKED_BUILD,
  OPEN_BUILD,
  outputPath,
  parseRequest,
  TARGETS,
} from "../../scripts/compile/plan.ts";
import { cutRuntime, verifyRuntime } from "../../scripts/compile/runtime.ts";

const HOST = "x86_64-unknown-linux-gnu";

Deno.test("no arguments build tm for this machine", () => {
  const request = parseRequest([]);
  assertEquals(request, { build: OPEN_BUILD, target: null });
  assertEquals(outputPath(request, HOST), "dist/tm");
});

Deno.test("--target takes Deno's five platforms, in both spellings of an option", () => {
  for (const target of TARGETS) {
    assertEquals(parseRequest(["--target", target]).target, target);
    assertEquals(parseRequest([`--target=${target}`]).target, target);
  }
  assertThrows(() => parseRequest(["--target", "vax"]), TypeError, 'got "vax"');
  assertThrows(() => parseRequest(["--target"]), TypeError, 'got ""');
  assertThrows(() => parseRequest(["--tarnet=x"]), TypeError, "got --tarnet=x");
});

Deno.test("a program for another platform carries its name, and .exe on Windows", () => {
  const windows = parseRequest(["--locked", "--target", "x86_64-pc-windows-msvc"]);
  assertEquals(outputPath(windows, HOST), "dist/tm-locked-x86_64-pc-windows-msvc.exe");
  assertEquals(outputPath(parseRequest([]), "x86_64-pc-windows-msvc"), "dist/tm.exe");
});

Deno.test("neither build may run programs, load libraries or read more of the environment than it takes out of it", () => {
  for (const build of [OPEN_BUILD, LOCKED_BUILD]) {
    const args = compileArguments({ build, target: null }, HOST, ["src/x_worker.ts"]);
    assertEquals(args.filter((arg) => /^(-A|--allow-(all|run|ffi|env|import))/.test(arg)), [
      `--allow-env=${PROXY_VARIABLES.join(",")}`,
    ]);
    assertEquals(args.includes("--no-prompt") && args.includes("--no-code-cache"), true);
    const program = args.at(-1)!;
    assertEquals(program, programPath(build.entry));
    const worker = args[args.indexOf("--include") + 1];
    assertEquals(worker, program.replace(/\/[^/]*$/, "/x_worker.ts"));
  }
});

Deno.test("the locked build has its one folder baked in", () => {
  const args = compileArguments({ build: LOCKED_BUILD, target: null }, HOST, []);
  assertEquals(args.filter((arg) => /^--allow-(read|write)/.test(arg)), [
    "--allow-read=./downloads",
    "--allow-write=./downloads",
  ]);
});

Deno.test("a program is split where it loads parts later, its threads are a file each beside it", async () => {
  const made: string[][] = [];
  const run = (args: string[]) => Promise.resolve(void made.push(args));
  await bundleAll("src/a/one.ts", ["src/b/two_worker.ts"], run);
  const bundle = ["bundle", "--quiet", "--minify"];
  assertEquals(made, [
    [...bundle, "--code-splitting", "--outdir", "dist/bundle/one", "src/a/one.ts"],
    [...bundle, "--output", "dist/bundle/one/two_worker.ts", "src/b/two_worker.ts"],
  ]);
  const same = ["src/a/one_worker.ts", "src/b/one_worker.ts"];
  await assertRejects(() => bundleAll("src/a/one.ts", same, run), Error, "names");
});

Deno.test("the first bundle is made alone, as it fetches the bundler on a new machine", async () => {
  const begun: string[] = [];
  const first = Promise.withResolvers<void>();
  const run = (args: string[]) => {
    begun.push(args.at(-1)!);
    return begun.length === 1 ? first.promise : Promise.resolve();
  };
  const all = bundleAll("a.ts", ["b.ts", "c.ts"], run);
  assertEquals(begun, ["a.ts"]);
  first.resolve();
  await all;
  assertEquals(begun, ["a.ts", "b.ts", "c.ts"]);
});

Deno.test("the runtime is what stands before the appended bytes", () => {
  const program = new Uint8Array([1, 2, 3, 9, 9, 10, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals([...cutRuntime(program)], [1, 2, 3]);
});

Deno.test("a length longer than the program is refused", () => {
  const program = new Uint8Array(9).fill(0xff);
  assertThrows(() => cutRuntime(program), Error, "Expected at most 9 appended bytes");
  assertThrows(() => cutRuntime(new Uint8Array(7)), Error, "got 7");
});

Deno.test("a runtime of another size or digest is refused", () => {
  const expected = {
    size: 3,
    sha256: "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
  };
  verifyRuntime(new Uint8Array([1, 2, 3]), expected);
  assertThrows(() => verifyRuntime(new Uint8Array([1, 2]), expected), Error, "got 2");
  assertThrows(() => verifyRuntime(new Uint8Array([1, 2, 4]), expected), Error, "SHA-256");
});

Deno.test("the engine's thread is split as the program's start is, and found by the name the source says", () => {
  const [entry, engine, disk] = ["src/a/one.ts", "src/e/engine_worker.ts", "src/d/disk_worker.ts"];
  assert(workerArguments(entry, engine).includes("--code-splitting"));
  assertEquals(workerStub(engine), 'import "./engine_worker.js";\n');
  assert(!workerArguments(entry, disk).includes("--code-splitting"));
  assertEquals(workerStub(disk), null);
});
