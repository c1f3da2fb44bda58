import { assertEquals, assertStringIncludes } from "@std/assert";
import { AddressSet, type Bytes, utf8 } from "../../src/base/mod.ts";
import { completes, FakeEngine, torrentOf, World } from "./world.ts";

/** A world with a.torrent and a list of addresses. */
function worldOf(list: Bytes | string | Error): World {
  const world = new World();
  world.engine = new FakeEngine(completes);
  world.files.set("a.torrent", torrentOf("a.bin"));
  world.files.set("list", typeof list === "string" ? utf8(list) : list);
  return world;
}

const get = (world: World, ...more: string[]) =>
  world.run("get", "a.torrent", "--ip-filter", "list", ...more);

Deno.test("the addresses of a list reach the engine", async () => {
  for (const more of [[], ["-o", "-"]]) {
    const world = worldOf("# bad people\nx:1.2.3.0-1.2.3.9\n1.2.3.10\n2600::/32\n");
    assertEquals(await get(world, ...more), 0);
    const set = new AddressSet(world.engine.options.ipFilter!);
    assertEquals([set.size, set.has("1.2.3.10"), set.has("2600::1")], [2, true, true]);
    assertEquals(set.has("1.2.3.11"), false);
    assertEquals(world.stderr.text, "");
  }
});

Deno.test("without a list there is none", async () => {
  const world = worldOf("");
  await world.run("get", "a.torrent");
  assertEquals(world.engine.options.ipFilter, null);
});

Deno.test("lines that are not understood are told once, and not with -q", async () => {
  const list = "1.2.3.4\nnonsense\n1.2.3.5\nmore\n";
  const world = worldOf(list);
  assertEquals(await get(world), 0);
  assertStringIncludes(
    world.stderr.text,
    "list: 2 lines not understood and left out, the first is line 2\n",
  );
  const quiet = worldOf(list);
  await get(quiet, "-q");
  assertEquals(quiet.stderr.text.includes("not understood"), false);
  const verbose = worldOf(list);
  await get(verbose, "-v");
  assertStringIncludes(verbose.stderr.text, "list: 1 range kept away\n");
});

/** Lists that cannot be used: what comes of them. */
const BAD:
  readonly (readonly [what: string, Bytes | string | Error, code: number, says: string])[] = [
    [
      "is empty",
      "",
      28,
      "Cannot use --ip-filter list: it has no addresses. Expected lines such as",
    ],
    ["has comments alone", "# x\n", 28, "it has no addresses"],
    ["is something else", "<html>\n<body>\n", 28, "it has no addresses"],
    ["is compressed", new Uint8Array([0x1f, 0x8b, 8, 0]), 28, "unpack it first"],
    ["is a ZIP archive", utf8("PK\x03\x04"), 28, "unpack it first"],
    ["is not there", new Deno.errors.NotFound("x"), 3, "No such file: list"],
    [
      "may not be read",
      new Deno.errors.PermissionDenied("Permission denied"),
      17,
      "Cannot read --ip",
    ],
  ];

for (const [what, list, code, says] of BAD) {
  Deno.test(`a list that ${what} ends it with exit ${code}, before anything is downloaded`, async () => {
    const world = worldOf(list);
    assertEquals(await get(world), code);
    assertStringIncludes(world.stderr.text, says);
    assertEquals(world.log, []);
  });
}

Deno.test("tm-locked says what it can read", async () => {
  const world = worldOf(new Deno.errors.NotCapable("Requires read access"));
  world.files.set("downloads/a.torrent", torrentOf("a.bin"));
  world.locked = true;
  assertEquals(await world.run("get", "downloads/a.torrent", "--ip-filter", "list"), 17);
  assertStringIncludes(world.stderr.text, "tm-locked can read only what is in ./downloads");
});
