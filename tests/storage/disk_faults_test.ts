import { assert, assertEquals, assertRejects } from "@std/assert";
import { sha1 } from "../../src/base/mod.ts";
import { Geometry } from "../../src/metainfo/mod.ts";
import { DiskError } from "../../src/storage/mod.ts";
import { FilePool } from "../../src/storage/file_pool.ts";
import { sampleTorrent } from "../contracts/sample_torrent.ts";
import { FaultySystem, inProcess, PLAIN, systemError, TempFolder } from "./bench.ts";

const KIB64 = 64 * 1024;

Deno.test("a full disk says what is missing, returns the memory, and works again when freed", async () => {
  using temp = new TempFolder();
  const system = new FaultySystem();
  const sample = await sampleTorrent([["t", 4 * KIB64]], KIB64);
  await using bench = await inProcess(temp.path, system, sample.layout);
  await bench.store.write(0, sample.piece(0));
  system.room = 1000;
  const error = await assertRejects(() => bench.store.write(1, sample.piece(1)), DiskError);
  assertEquals(error.reason, "disk-full");
  assertEquals(error.path, `${temp.path}/t`);
  assertEquals(error.buffer, sample.piece(1));
  // Two or three pieces are not there yet; block sizes of the file system blur it.
  assert(error.missing !== null && error.missing >= 2 * KIB64 && error.missing <= 3 * KIB64);
  assertEquals(bench.line.bytesInFlight, 0);
  assertEquals([...await bench.store.check("all")], [0]);
  system.room = Infinity;
  await bench.store.write(1, error.buffer!);
  assertEquals([...await bench.store.check("all")], [0, 1]);
});

Deno.test("preallocation notices a full disk at the first write and goes on when freed", async () => {
  using temp = new TempFolder();
  const system = new FaultySystem();
  const sample = await sampleTorrent([["t/a", KIB64], ["t/b", KIB64]], KIB64);
  const options = { ...PLAIN, preallocate: true };
  await using bench = await inProcess(temp.path, system, sample.layout, options);
  system.room = KIB64 + 1000;
  const error = await assertRejects(() => bench.store.write(0, sample.piece(0)), DiskError);
  assertEquals([error.reason, error.path], ["disk-full", `${temp.path}/t/b`]);
  assertEquals(error.buffer, sample.piece(0));
  system.room = Infinity;
  await bench.store.write(0, error.buffer!);
  assertEquals((await bench.store.inspect()).files.map((file) => file.size), [KIB64, KIB64]);
  assertEquals([...await bench.store.check("all")], [0]);
});

Deno.test("running out of handles closes idle ones and goes on", async () => {
  using temp = new TempFolder();
  const system = new FaultySystem();
  const sample = await sampleTorrent([["t/a", 10], ["t/b", 10], ["t/c", 10]], 10);
  const pool = new FilePool();
  await using bench = await inProcess(temp.path, system, sample.layout, PLAIN, pool);
  await bench.store.write(0, sample.piece(0));
  await bench.store.write(1, sample.piece(1));
  assertEquals(pool.size, 2);
  system.openErrors.push(systemError("EMFILE"));
  await bench.store.write(2, sample.piece(2));
  assertEquals(pool.size, 2);
  system.openErrors.push(systemError("EMFILE"), systemError("EMFILE"));
  await bench.store.write(0, sample.piece(0));
});

Deno.test("a sector that cannot be read makes its piece bad, a lack of permission stops the check", async () => {
  using temp = new TempFolder();
  const system = new FaultySystem();
  const sample = await sampleTorrent([["t", 100]], 50);
  await using bench = await inProcess(temp.path, system, sample.layout);
  await bench.store.write(0, sample.piece(0));
  await bench.store.write(1, sample.piece(1));
  system.readError = systemError("EIO");
  assertEquals((await bench.store.check("all")).count, 0);
  system.readError = new Deno.errors.PermissionDenied("made up");
  const error = await assertRejects(() => bench.store.check("all"), DiskError);
  assertEquals([error.reason, error.path], ["permission", `${temp.path}/t`]);
  system.readError = null;
  assertEquals((await bench.store.check("all")).full, true);
});

Deno.test("each system error becomes the reason that decides what happens next", async () => {
  using temp = new TempFolder();
  const system = new FaultySystem();
  const sample = await sampleTorrent([["t", 100]], 100);
  await using bench = await inProcess(temp.path, system, sample.layout);
  const cases: [Error, string][] = [
    [systemError("EROFS"), "permission"],
    [systemError("EDQUOT"), "disk-full"],
    [systemError("ENAMETOOLONG"), "other"],
    [new Deno.errors.NotCapable("made up"), "permission"],
    [new Deno.errors.NotADirectory("made up"), "not-a-folder"],
    [new Error("made up"), "other"],
  ];
  for (const [thrown, reason] of cases) {
    system.openErrors.push(thrown);
    const error = await assertRejects(() => bench.store.write(0, sample.piece(0)), DiskError);
    assertEquals([error.reason, error.path], [reason, `${temp.path}/t`]);
    assert(error.message.includes(`${temp.path}/t`));
  }
});

Deno.test("a sync covers each file once, and again when it failed", async () => {
  using temp = new TempFolder();
  const system = new FaultySystem();
  const sample = await sampleTorrent([["t/a", 10], ["t/b", 10], ["t/c", 10]], 10);
  await using bench = await inProcess(temp.path, system, sample.layout);
  await bench.store.write(0, sample.piece(0));
  await bench.store.write(0, sample.piece(0));
  await bench.store.write(2, sample.piece(2));
  system.syncError = systemError("EIO");
  await assertRejects(() => bench.store.sync(), DiskError);
  system.syncError = null;
  await bench.store.sync();
  assertEquals(system.synced.sort(), [`${temp.path}/t/a`, `${temp.path}/t/c`]);
  await bench.store.sync();
  assertEquals(system.synced.length, 2);
});

Deno.test("a torrent of many files keeps no more handles than the pool allows", async () => {
  using temp = new TempFolder();
  const system = new FaultySystem();
  const specs = Array.from({ length: 50 }, (_, i) => [`t/${i}`, 10] as const);
  const sample = await sampleTorrent(specs, 25);
  const pool = new FilePool(4);
  await using bench = await inProcess(temp.path, system, sample.layout, PLAIN, pool);
  for (let i = 0; i < sample.layout.geometry.pieceCount; i++) {
    await bench.store.write(i, sample.piece(i));
    assert(pool.size <= 4);
  }
  assertEquals((await bench.store.check("all")).full, true);
  await bench.store.close();
  assertEquals(pool.size, 0);
});

Deno.test("reads and writes go on while a check runs, and close ends it", async () => {
  using temp = new TempFolder();
  const length = 512 * 1024 * 1024;
  const geometry = new Geometry(length, 1024 * 1024);
  const layout = {
    files: [{ path: ["t"], length, offset: 0, pad: false }],
    geometry,
    pieceHashes: new Uint8Array(20 * geometry.pieceCount),
  };
  temp.write("t", "");
  Deno.truncateSync(`${temp.path}/t`, length);
  await using bench = await inProcess(temp.path, new FaultySystem(), layout);
  const check = bench.store.check("all").then(() => "check");
  const write = bench.store.write(7, new Uint8Array(1024 * 1024)).then(() => "write");
  assertEquals(await Promise.race([check, write]), "write");
  assertEquals(await Promise.race([check, bench.store.read(3, 0, 9).then(() => "read")]), "read");
  await bench.store.close();
  assertEquals((await assertRejects(() => check, DiskError)).message, "Storage is closed");
});

Deno.test("pieces too large to be held in memory are checked as they are read", async () => {
  using temp = new TempFolder();
  const size = 17 * 1024 * 1024;
  const data = new Uint8Array(2 * size - 5);
  for (let i = 0; i < data.length; i += 1000) data[i] = i;
  const pieceHashes = new Uint8Array(40);
  pieceHashes.set(await sha1(data.slice(0, size)), 0);
  pieceHashes.set(await sha1(data.slice(size)), 20);
  const layout = {
    files: [{ path: ["t"], length: data.length, offset: 0, pad: false }],
    geometry: new Geometry(data.length, size),
    pieceHashes,
  };
  temp.write("t", data);
  await using bench = await inProcess(temp.path, new FaultySystem(), layout);
  assertEquals((await bench.store.check("all")).full, true);
  data[size] = 1;
  temp.write("t", data);
  assertEquals([...await bench.store.check("all")], [0]);
  Deno.truncateSync(`${temp.path}/t`, size - 1);
  assertEquals((await bench.store.check("all")).count, 0);
});

Deno.test("a file that another made meanwhile is refused at every write, not only at the first", async () => {
  using temp = new TempFolder();
  const sample = await sampleTorrent([["t", 100]], 50);
  await using bench = await inProcess(temp.path, new FaultySystem(), sample.layout);
  await bench.store.inspect();
  temp.write("t", "somebody else's");
  for (const piece of [0, 1, 0]) {
    const error = await assertRejects(
      () => bench.store.write(piece, sample.piece(piece)),
      DiskError,
    );
    assertEquals(error.reason, "exists");
  }
  assertEquals(Deno.readTextFileSync(`${temp.path}/t`), "somebody else's");
});

for (const isSlow of [false, true]) {
  const disk = isSlow ? "slow" : "quick";
  Deno.test(`many small files are synced while they are written, and a failure is told by the next sync (${disk})`, async () => {
    using temp = new TempFolder();
    const system = new FaultySystem();
    system.isSlow = isSlow;
    const specs = Array.from({ length: 200 }, (_, i) => [`t/${i}`, 10] as const);
    const sample = await sampleTorrent(specs, 10);
    await using bench = await inProcess(temp.path, system, sample.layout);
    for (let i = 0; i < 200; i++) await bench.store.write(i, sample.piece(i));
    assert(system.synced.length > 0);
    system.syncError = systemError("EIO");
    await assertRejects(() => bench.store.sync(), DiskError);
    system.syncError = null;
    await bench.store.sync();
    assertEquals(new Set(system.synced).size, 200);
  });
}
