import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Bitfield, infoHash, StorageError } from "../../src/base/mod.ts";
import { readFilesRecord, StateDb } from "../../src/storage/mod.ts";
import { checkpointState } from "../../src/storage/state_database.ts";
import { TempFolder } from "./bench.ts";

const HASH = infoHash(new Uint8Array(20).fill(7));
const OTHER = infoHash(new Uint8Array(20).fill(8));

function set(size: number, ...pieces: number[]): Bitfield {
  const out = new Bitfield(size);
  for (const piece of pieces) out.add(piece);
  return out;
}

const never = (message: string) => {
  throw new Error(`Expected no warning, got ${message}`);
};

Deno.test("a torrent's record is the same after the database was closed and opened", () => {
  using temp = new TempFolder();
  let now = 1000;
  const db = new StateDb(temp.path, never, () => now);
  assertEquals(db.load(HASH, 10), null);
  db.add(HASH, "name", 10, new Uint8Array([1, 2]));
  now = 2000;
  db.saveIntent(HASH, set(10, 1, 2, 3));
  now = 3000;
  db.saveGood(HASH, set(10, 1, 2), set(10, 1, 2, 3));
  db.saveCounters(HASH, 5_000_000_000, 7);
  db.saveCompleted(HASH);
  now = 4000;
  db.saveCompleted(HASH);
  db.savePeers(HASH, ["a:1", "b:2"]);
  db.savePeers(HASH, ["[::1]:3", "b:2"]);
  db.close();
  using again = new StateDb(temp.path, never);
  const record = again.load(HASH, 10)!;
  assertEquals([...record.good], [1, 2]);
  assertEquals([...record.intent], [1, 2, 3]);
  assertEquals(record.metainfo, new Uint8Array([1, 2]));
  const { name, touchedAt, downloaded, uploaded, addedAt, completedAt } = record;
  assertEquals({ name, touchedAt, downloaded, uploaded, addedAt, completedAt }, {
    name: "name",
    touchedAt: 3000,
    downloaded: 5_000_000_000,
    uploaded: 7,
    addedAt: 1000,
    completedAt: 3000,
  });
  assertEquals(again.loadPeers(HASH).sort(), ["[::1]:3", "b:2"]);
});

Deno.test("adding a known torrent keeps its pieces unless its data has another name", () => {
  using temp = new TempFolder();
  using db = new StateDb(temp.path, never);
  db.add(HASH, "name", 10, new Uint8Array([1]));
  db.saveGood(HASH, set(10, 4), set(10, 4, 5));
  db.saveCounters(HASH, 1, 2);
  db.add(HASH, "name", 10, null);
  assertEquals([...db.load(HASH, 10)!.intent], [4, 5]);
  assertEquals(db.load(HASH, 10)!.metainfo, new Uint8Array([1]));
  db.add(HASH, "elsewhere", 10, null);
  const moved = db.load(HASH, 10)!;
  assertEquals([moved.good.count, moved.intent.count, moved.downloaded], [0, 0, 1]);
});

Deno.test("a record of another piece count is none", () => {
  using temp = new TempFolder();
  using db = new StateDb(temp.path, never);
  db.add(HASH, "name", 10, null);
  assertEquals(db.load(HASH, 100), null);
});

Deno.test("a removed torrent is forgotten, others stay", () => {
  using temp = new TempFolder();
  using db = new StateDb(temp.path, never);
  for (const hash of [HASH, OTHER]) {
    db.add(hash, "name", 10, null);
    db.savePeers(hash, ["a:1"]);
  }
  db.remove(HASH);
  assertEquals([db.load(HASH, 10), db.loadPeers(HASH)], [null, []]);
  assertEquals([db.load(OTHER, 10)?.name, db.loadPeers(OTHER)], ["name", ["a:1"]]);
});

Deno.test("nodes of the DHT are replaced as a whole, and 200 are enough", () => {
  using temp = new TempFolder();
  {
    using db = new StateDb(temp.path, never);
    assertEquals(db.loadNodes(), []);
    db.saveNodes(["1.2.3.4:5", "[::1]:6"]);
    db.saveNodes(["1.2.3.4:5", "5.6.7.8:9", "5.6.7.8:9"]);
  }
  using again = new StateDb(temp.path, never);
  assertEquals(again.loadNodes().sort(), ["1.2.3.4:5", "5.6.7.8:9"]);
  again.saveNodes(Array.from({ length: 500 }, (_, i) => `1.2.3.4:${i + 1}`));
  assertEquals(again.loadNodes().length, 200);
});

Deno.test("a database of an earlier version keeps what it holds and learns of nodes and files", () => {
  using temp = new TempFolder();
  {
    using db = new StateDb(temp.path, never);
    db.add(HASH, "name", 10, null);
  }
  const old = new DatabaseSync(`${temp.path}/.tm/state.db`);
  old.exec("DROP TABLE dht_nodes; DROP TABLE files; PRAGMA user_version = 1");
  old.close();
  using db = new StateDb(temp.path, never);
  assertEquals(db.load(HASH, 10)?.name, "name");
  db.saveNodes(["1.2.3.4:5"]);
  assertEquals(db.loadNodes(), ["1.2.3.4:5"]);
  const files = { priorities: ["off", "high"], apart: [true, false] } as const;
  db.saveFiles(HASH, files);
  assertEquals(db.loadFiles(HASH, 2), files);
});

Deno.test("how files are wanted is kept, one for each file or not at all, and goes with the torrent", () => {
  using temp = new TempFolder();
  {
    using db = new StateDb(temp.path, never);
    db.add(HASH, "name", 10, null);
    assertEquals(db.loadFiles(HASH, 4), null);
    db.saveFiles(HASH, {
      priorities: ["off", "low", "normal", "high"],
      apart: [true, false, false, false],
    });
    db.saveFiles(HASH, {
      priorities: ["low", "low", "off", "high"],
      apart: [false, false, true, false],
    });
  }
  const kept = {
    priorities: ["low", "low", "off", "high"],
    apart: [false, false, true, false],
  } as const;
  assertEquals(readFilesRecord(temp.path, HASH, 4), kept);
  using db = new StateDb(temp.path, never);
  assertEquals(db.loadFiles(HASH, 4), kept);
  assertEquals(db.loadFiles(HASH, 5), null);
  assertEquals([readFilesRecord(temp.path, HASH, 5), readFilesRecord(temp.path, OTHER, 4)], [
    null,
    null,
  ]);
  db.remove(HASH);
  assertEquals(db.loadFiles(HASH, 4), null);
});

Deno.test("where there is no state to read, or a link to it, nothing is known of files", () => {
  using temp = new TempFolder();
  using other = new TempFolder();
  assertEquals(readFilesRecord(temp.path, HASH, 1), null);
  {
    using db = new StateDb(other.path, never);
    db.saveFiles(HASH, { priorities: ["low"], apart: [false] });
  }
  Deno.symlinkSync(`${other.path}/.tm`, `${temp.path}/.tm`);
  assertEquals(readFilesRecord(temp.path, HASH, 1), null);
});

Deno.test("two sessions in one folder see and keep each other's torrents", () => {
  using temp = new TempFolder();
  using first = new StateDb(temp.path, never);
  using second = new StateDb(temp.path, never);
  first.add(HASH, "first", 10, null);
  second.add(OTHER, "second", 10, null);
  for (let i = 0; i < 10; i++) {
    first.saveGood(HASH, set(10, i), set(10, i));
    second.saveGood(OTHER, set(10, 9 - i), set(10, 9 - i));
  }
  assertEquals([...second.load(HASH, 10)!.good], [9]);
  assertEquals([...first.load(OTHER, 10)!.good], [0]);
});

Deno.test("a checkpoint by another connection empties the log and loses nothing", () => {
  using temp = new TempFolder();
  checkpointState(temp.path);
  assertEquals([...Deno.readDirSync(temp.path)], []);
  using db = new StateDb(temp.path, never);
  db.add(HASH, "name", 10, null);
  const logSize = () => Deno.statSync(`${temp.path}/.tm/state.db-wal`).size;
  for (let i = 0; i < 100; i++) db.saveCounters(HASH, i, i);
  const before = logSize();
  for (let round = 0; round < 5; round++) {
    checkpointState(temp.path);
    for (let i = 0; i < 50; i++) db.saveCounters(HASH, round, i);
  }
  assertEquals(logSize(), before);
  checkpointState(temp.path);
  assertEquals(db.load(HASH, 10)!.downloaded, 4);
});

for (
  const [name, content] of [
    ["garbage", "no database ".repeat(1000)],
    ["a header and nothing more", "SQLite format 3\0" + "x".repeat(5000)],
  ] as const
) {
  Deno.test(`a database of ${name} is moved aside and begun anew with a warning`, () => {
    using temp = new TempFolder();
    temp.write(".tm/state.db", content);
    temp.write(".tm/state.db.corrupt-1", "an earlier one");
    const warnings: string[] = [];
    using db = new StateDb(temp.path, (message) => warnings.push(message));
    assertEquals(warnings.length, 1);
    assert(warnings[0]!.includes("state.db.corrupt-2"));
    assertEquals(Deno.readTextFileSync(`${temp.path}/.tm/state.db.corrupt-2`), content);
    assertEquals(Deno.readTextFileSync(`${temp.path}/.tm/state.db.corrupt-1`), "an earlier one");
    db.add(HASH, "name", 10, null);
    assertEquals(db.load(HASH, 10)?.name, "name");
  });
}

Deno.test("damage that shows itself later is moved aside as well", () => {
  using temp = new TempFolder();
  const path = `${temp.path}/.tm/state.db`;
  const before = new StateDb(temp.path, never);
  for (let i = 0; i < 200; i++) {
    before.add(infoHash(new Uint8Array(20).fill(i)), "name", 10, new Uint8Array(500).fill(i));
  }
  before.close();
  const bytes = Deno.readFileSync(path);
  bytes.fill(0xee, 3 * 4096, bytes.length - 4096);
  Deno.writeFileSync(path, bytes);
  const warnings: string[] = [];
  using db = new StateDb(temp.path, (message) => warnings.push(message));
  for (let i = 0; i < 200; i++) {
    const hash = infoHash(new Uint8Array(20).fill(i));
    db.load(hash, 10);
    db.add(hash, "name", 10, new Uint8Array(500));
  }
  assert(warnings.length >= 1);
  db.add(HASH, "name", 10, null);
  assertEquals(db.load(HASH, 10)?.name, "name");
});

Deno.test("a database of a later version is left alone", () => {
  using temp = new TempFolder();
  const first = new StateDb(temp.path, never);
  first.close();
  const path = `${temp.path}/.tm/state.db`;
  const bytes = Deno.readFileSync(path);
  new DataView(bytes.buffer).setUint32(60, 99); // user_version, in the header of every SQLite file
  Deno.writeFileSync(path, bytes);
  const warnings: string[] = [];
  using db = new StateDb(temp.path, (message) => warnings.push(message));
  assert(warnings[0]?.includes("99"));
  db.add(HASH, "name", 10, null);
  assertEquals(db.load(HASH, 10)?.name, "name");
  assertEquals(Deno.readFileSync(path), bytes);
});

Deno.test("the state's folder is private, and a link in its place is refused", () => {
  using temp = new TempFolder();
  new StateDb(temp.path, never).close();
  if (Deno.build.os !== "windows") {
    assertEquals(Deno.statSync(`${temp.path}/.tm`).mode! & 0o777, 0o700);
  }
  using outside = new TempFolder();
  using linked = new TempFolder();
  Deno.symlinkSync(outside.path, `${linked.path}/.tm`);
  const error = assertThrows(() => new StateDb(linked.path, never), StorageError);
  assertEquals((error as StorageError).reason, "link");
  assertEquals([...Deno.readDirSync(outside.path)], []);
});

for (const name of ["state.db", "state.db-wal", "state.db-shm", "state.db-journal"]) {
  Deno.test(`a link in place of ${name} is refused`, () => {
    using outside = new TempFolder();
    using temp = new TempFolder();
    Deno.mkdirSync(`${temp.path}/.tm`);
    Deno.symlinkSync(`${outside.path}/x`, `${temp.path}/.tm/${name}`);
    assertThrows(() => new StateDb(temp.path, never), StorageError, "link");
    assertEquals([...Deno.readDirSync(outside.path)], []);
  });
}
