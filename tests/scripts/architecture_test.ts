import { assertEquals } from "@std/assert";
import { check, medianLines } from "../../scripts/architecture/check.ts";

/** The faults of `files`, as printed, with the doors of the named folders added. */
function faultsOf(files: Record<string, string>): string[] {
  const map = new Map(Object.entries(files));
  for (const path of [...map.keys()]) {
    const folder = /^src\/([^/]+)\//.exec(path)?.[1];
    const door = `src/${folder}/mod.ts`;
    if (folder !== undefined && !map.has(door)) map.set(door, "");
  }
  return check(map).map(({ path, line, message }) => `${path}:${line} ${message}`);
}

Deno.test("imports downwards and inside a folder are fine", () => {
  assertEquals(
    faultsOf({
      "src/wire/a.ts": `import { b } from "./b.ts";\nimport type { Bytes } from "../base/mod.ts";`,
      "src/metainfo/create.ts": `export { decode } from "../bencode/mod.ts";`,
      "src/cli/version.ts": `import config from "../../deno.json" with { type: "json" };`,
      "mod.ts": `export * from "./src/session/mod.ts";`,
    }),
    [],
  );
});

Deno.test("an upward import is a fault and names both layers", () => {
  assertEquals(faultsOf({ "src/wire/a.ts": `\nimport { x } from "../swarm/mod.ts";` }), [
    "src/wire/a.ts:2 Import only lower layers: wire is layer 2, swarm is layer 3, got ../swarm/mod.ts",
  ]);
});

Deno.test("a sideways import is a fault, except metainfo importing bencode", () => {
  assertEquals(faultsOf({ "src/net/a.ts": `export * from "../storage/mod.ts";` }).length, 1);
  assertEquals(faultsOf({ "src/bencode/a.ts": `export * from "../metainfo/mod.ts";` }).length, 1);
  assertEquals(faultsOf({ "src/metainfo/a.ts": `export * from "../bencode/mod.ts";` }), []);
});

Deno.test("another folder is entered only by its mod.ts", () => {
  assertEquals(faultsOf({ "src/wire/a.ts": `import { x } from "../base/bytes.ts";` }), [
    "src/wire/a.ts:1 Enter base by its mod.ts, got ../base/bytes.ts",
  ]);
  assertEquals(faultsOf({ "mod.ts": `import "./src/cli/main.ts";` }), [
    "mod.ts:1 Enter cli by its mod.ts, got ./src/cli/main.ts",
  ]);
});

Deno.test("side-effect, dynamic and type imports count; a worker's URL does not", () => {
  for (
    const code of [
      `import "../cli/mod.ts";`,
      `const m = await import("../cli/mod.ts");`,
      `type T = import("../cli/mod.ts").T;`,
      `import type {\n  T,\n} from "../cli/mod.ts";`,
    ]
  ) {
    assertEquals(faultsOf({ "src/net/a.ts": code }).length, 1, code);
  }
  const worker = `new Worker(new URL("../cli/worker.ts", import.meta.url), { type: "module" });`;
  assertEquals(faultsOf({ "src/net/a.ts": worker }), []);
});

Deno.test("src imports nothing from scripts or tests", () => {
  assertEquals(faultsOf({ "src/net/a.ts": `import { x } from "../../scripts/x.ts";` }), [
    "src/net/a.ts:1 Import only from src/, got ../../scripts/x.ts",
  ]);
});

Deno.test("a core layer keeps clear of the system, the clock, chance and promises", () => {
  for (
    const code of [
      "Deno.cwd();",
      `import { x } from "node:fs";`,
      "new Date();",
      "Math.random();",
      "performance.now();",
      "setTimeout(f, 1);",
      "setInterval(f, 1);",
      "queueMicrotask(f);",
      "const f = async () => {};",
      "await f();",
      "crypto.randomUUID();",
      "globalThis.setTimeout(f);",
    ]
  ) {
    assertEquals(faultsOf({ "src/swarm/a.ts": code }).length, 1, code);
    assertEquals(faultsOf({ "src/net/a.ts": code }), [], code);
  }
});

Deno.test("a forbidden word in a comment, a string or a member's name is no fault", () => {
  const code = '// await Date\nconst s = "Deno.cwd()" + `await`;\nx.performance = creationDate;';
  assertEquals(faultsOf({ "src/swarm/a.ts": code }), []);
  assertEquals(faultsOf({ "src/swarm/a.ts": "`${await x}`" }).length, 1);
});

Deno.test("an exception allows its own words, as often as it says, and no others", () => {
  const once = "export async function f() { await x; }";
  assertEquals(faultsOf({ "src/metainfo/create.ts": once }), []);
  assertEquals(faultsOf({ "src/metainfo/create.ts": `${once}\nawait y;` }), [
    "src/metainfo/create.ts:2 Keep await out of the core layers more than 1 times, got await",
  ]);
  assertEquals(faultsOf({ "src/metainfo/create.ts": "Deno.cwd()" }).length, 1);
  assertEquals(faultsOf({ "src/base/random.ts": "crypto.getRandomValues(x)" }), []);
  assertEquals(faultsOf({ "src/base/std/assert.ts": "performance.now(); Deno.cwd()" }), []);
});

Deno.test("a file of 400 lines passes, one of 401 does not", () => {
  assertEquals(faultsOf({ "scripts/a.ts": "x\n".repeat(400) }), []);
  assertEquals(faultsOf({ "scripts/a.ts": "x\n".repeat(401) }), [
    "scripts/a.ts:401 Split the file: expected at most 400 lines, got 401",
  ]);
  assertEquals(faultsOf({ "tests/a.ts": "x\n".repeat(401) }), []);
});

Deno.test("every folder of src has a door and a place in the design", () => {
  const faults = check(new Map([["src/wire/a.ts", ""], ["src/misc/mod.ts", ""]]));
  assertEquals(faults.map(({ message }) => message), [
    "Expected a folder of the design, got src/misc",
    "Add a mod.ts to src/wire",
  ]);
});

Deno.test("the median counts code files of src, scripts and mod.ts", () => {
  const file = (lines: number) => "x\n".repeat(lines);
  const files: [string, string][] = [
    ["src/a.ts", file(1)],
    ["scripts/b.ts", file(3)],
    ["mod.ts", file(8)],
    ["tests/c.ts", file(100)],
    ["src/d.d.ts", file(100)],
  ];
  assertEquals(medianLines(new Map(files)), 3);
  assertEquals(medianLines(new Map(files.slice(0, 2))), 2);
  assertEquals(medianLines(new Map()), 0);
});
