import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { type Bytes, infoHash, StorageError } from "../../src/base/mod.ts";
import { lockManager, ManagerState, readInside } from "../../src/storage/mod.ts";
import { TempFolder } from "./bench.ts";

const [A, B] = [1, 2].map((byte) => infoHash(new Uint8Array(20).fill(byte) as Bytes)) as [
  ReturnType<typeof infoHash>,
  ReturnType<typeof infoHash>,
];

function refuse(message: string): void {
  throw new Error(`Expected no warning, got ${message}`);
}

Deno.test("torrents and keys are kept, in order of their numbers, also by who was killed", () => {
  using temp = new TempFolder();
  const killed = new ManagerState(temp.path, refuse);
  assert(
    killed.save([{ infoHash: B, number: 2, data: "b" }, { infoHash: A, number: 1, data: "a" }]),
  );
  killed.set("key", "value");
  const next = new ManagerState(temp.path, refuse);
  assertEquals(next.load().map(({ number, data }) => [number, data]), [[1, "a"], [2, "b"]]);
  assertEquals([next.get("key"), next.get("other"), next.lost], ["value", null, false]);
  next.save([{ infoHash: A, number: 1, data: "new" }]);
  next.remove(B);
  assertEquals(next.load().map(({ data }) => data), ["new"]);
  next.close();
  next.close();
  killed.close();
});

Deno.test("a damaged database is kept aside, said once and loudly, and begun anew", () => {
  using temp = new TempFolder();
  const damages: ((path: string) => void)[] = [
    (path) => Deno.writeTextFileSync(path, "this is no database, it is a letter".repeat(100)),
    (path) => {
      const bytes = Deno.readFileSync(path);
      bytes.fill(0xaa, 0, 4096);
      Deno.writeFileSync(path, bytes);
    },
  ];
  for (const damage of damages) {
    const first = new ManagerState(temp.path, () => {});
    first.save([{ infoHash: A, number: 1, data: "a".repeat(10_000) }]);
    first.close();
    const path = `${temp.path}/.tm/manager.db`;
    damage(path);
    const damaged = Deno.readFileSync(path);
    const warnings: string[] = [];
    const next = new ManagerState(temp.path, (message) => warnings.push(message));
    assertEquals([next.lost, next.load()], [true, []]);
    assertEquals(warnings.length, 1);
    const [, aside = ""] = /moved it to (\S+);/.exec(warnings[0]!) ?? [];
    assertEquals(Deno.readFileSync(aside), damaged);
    assertStringIncludes(warnings[0]!, "settings are lost");
    assert(next.save([{ infoHash: A, number: 1, data: "again" }]));
    next.close();
  }
});

Deno.test("a save that fails says so and leaves nothing half kept; the next one works", () => {
  using temp = new TempFolder();
  const warnings: string[] = [];
  const state = new ManagerState(temp.path, (message) => warnings.push(message));
  state.save([{ infoHash: A, number: 1, data: "a" }]);
  const bad = [{ infoHash: B, number: 2, data: "b" }, { infoHash: A, number: null, data: "x" }];
  assertEquals(state.save(bad as never), false);
  assertEquals(warnings.length, 1);
  assertEquals(state.load().map(({ data }) => data), ["a"]);
  assert(state.save([{ infoHash: B, number: 2, data: "b" }]));
  assertEquals(state.load().length, 2);
  state.close();
});

Deno.test("a link in place of the database is refused", () => {
  using temp = new TempFolder();
  using outside = new TempFolder();
  Deno.mkdirSync(`${temp.path}/.tm`);
  const target = outside.write("db", "");
  for (const name of ["manager.db", "manager.db-wal", "manager.lock"]) {
    Deno.symlinkSync(target, `${temp.path}/.tm/${name}`);
    const open = () =>
      name.endsWith("lock") ? lockManager(temp.path) : new ManagerState(temp.path, refuse);
    const error = assertThrows(open, StorageError);
    assertEquals(error.reason, "link");
    Deno.removeSync(`${temp.path}/.tm/${name}`);
  }
  assertEquals(Deno.readTextFileSync(target), "");
});

Deno.test("two managers do not share a folder", () => {
  using temp = new TempFolder();
  using elsewhere = new TempFolder();
  const first = lockManager(temp.path);
  const error = assertThrows(() => lockManager(temp.path), StorageError, "Another manager");
  assertEquals(error.reason, "locked");
  using _there = lockManager(elsewhere.path);
  first.release();
  using _again = lockManager(temp.path);
});

Deno.test("a file below the folder is read, and nothing else", () => {
  using temp = new TempFolder();
  using outside = new TempFolder();
  temp.write("deep/a.torrent", "abc");
  outside.write("secret", "theirs");
  Deno.symlinkSync(`${outside.path}/secret`, `${temp.path}/link`);
  Deno.symlinkSync(outside.path, `${temp.path}/way`);
  const read = (path: string, limit = 10) => readInside(temp.path, path.split("/"), limit);
  assertEquals(new TextDecoder().decode(read("deep/a.torrent")), "abc");
  assertEquals(read("deep/a.torrent", 3).length, 3);
  const reasons: [string, string][] = [
    ["nothing", "missing"],
    ["deep/nothing", "missing"],
    ["deep", "not-a-folder"],
    ["deep/a.torrent/x", "not-a-folder"],
    ["link", "link"],
    ["way/secret", "link"],
    ["../secret", "other"],
    [".tm/state.db", "exists"],
  ];
  for (const [path, reason] of reasons) {
    const error = assertThrows(() => read(path), StorageError);
    assertEquals([path, error.reason], [path, reason as never]);
  }
  assertThrows(() => read("deep/a.torrent", 2), StorageError, "at most 2 bytes");
  assertNotEquals(Deno.lstatSync(`${outside.path}/secret`).size, 0);
});
