import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Bitfield, type Bytes, concat, equalBytes, sha1 } from "../../src/base/mod.ts";
import { DiskError, hashTree, reportFiles, walkTree } from "../../src/storage/mod.ts";
import { sampleTorrent } from "../contracts/sample_torrent.ts";
import { TempFolder } from "./bench.ts";

const never = (message: string) => {
  throw new Error(`Expected no warning, got ${message}`);
};

async function hashesOf(data: Bytes, pieceLength: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  for (let at = 0; at < data.length; at += pieceLength) {
    parts.push(await sha1(data.slice(at, at + pieceLength)));
  }
  return concat(...parts);
}

Deno.test("a tree is walked in the order of raw name bytes, folder by folder", () => {
  using temp = new TempFolder();
  for (const name of ["b", "a.txt", "a/z", "a/B", "é", "z", "\u{ff5e}", "\u{1f600}", ".tm/x"]) {
    temp.write(`root/${name}`, name);
  }
  const tree = walkTree(`${temp.path}/root/`, never);
  assertEquals(tree.isFolder, true);
  assertEquals(tree.files.map((file) => file.components.join("/")), [
    ...["a/B", "a/z", "a.txt", "b", "z", "é", "\u{ff5e}", "\u{1f600}"],
  ]);
  assertEquals(tree.files[0]!.path, `${temp.path}/root/a/B`);
  assertEquals(tree.totalLength, 3 + 3 + 5 + 1 + 1 + 2 + 3 + 4);
});

Deno.test("links are left out with a warning, and a loop of them does not matter", () => {
  using temp = new TempFolder();
  temp.write("root/a", "a");
  Deno.symlinkSync(`${temp.path}/root`, `${temp.path}/root/loop`);
  Deno.symlinkSync(`${temp.path}/nowhere`, `${temp.path}/root/dangling`);
  const warnings: string[] = [];
  const tree = walkTree(`${temp.path}/root`, (message) => warnings.push(message));
  assertEquals(tree.files.length, 1);
  assertEquals(warnings, [
    `Left out a link: ${temp.path}/root/dangling`,
    `Left out a link: ${temp.path}/root/loop`,
  ]);
});

Deno.test("what is not there is an error that names it", () => {
  using temp = new TempFolder();
  const error = assertThrows(() => walkTree(`${temp.path}/x`, never), DiskError);
  assertEquals([(error as DiskError).reason, (error as DiskError).path], [
    "missing",
    `${temp.path}/x`,
  ]);
});

for (const pieceLength of [99, 1000, 16_384, 600_000]) {
  Deno.test(`pieces of ${pieceLength} bytes over several files are hashed like one run of bytes`, async () => {
    using temp = new TempFolder();
    const lengths = [100, 0, 0, 1, 300_000, 63, 0, 400_000, 0];
    const parts = lengths.map((length, i) => {
      const bytes = new Uint8Array(length);
      for (let k = 0; k < length; k++) bytes[k] = i === 4 ? 0 : (k * 31 + i) >> 3;
      temp.write(`root/${i}`, bytes);
      return bytes;
    });
    const tree = walkTree(`${temp.path}/root`, never);
    const told: number[] = [];
    const hashes = await hashTree(tree, pieceLength, (bytes) => told.push(bytes));
    assertEquals(equalBytes(hashes, await hashesOf(concat(...parts), pieceLength)), true);
    assertEquals(told.at(-1), tree.totalLength);
  });
}

Deno.test("several threads hash what one does, and name a file that fails them", async () => {
  using temp = new TempFolder();
  const lengths = [70_000_001, 0, 12_345, 90_000_000, 7];
  lengths.forEach((length, i) => {
    const bytes = new Uint8Array(length);
    for (let k = 0; k < length; k += 997) bytes[k] = k ^ i;
    temp.write(`root/${i}`, bytes);
  });
  const tree = walkTree(`${temp.path}/root`, never);
  const expected = await hashTree(tree, 262_144);
  let told = 0;
  const progress = (bytes: number) => told = bytes;
  const hashes = await hashTree(tree, 262_144, progress, undefined, temp.path);
  assertEquals(equalBytes(hashes, expected), true);
  assertEquals(told, tree.totalLength);
  Deno.truncateSync(`${temp.path}/root/3`, 5);
  const shorter = () => hashTree(tree, 262_144, undefined, undefined, temp.path);
  const error = await assertRejects(shorter, DiskError, "shorter");
  assertEquals((error as DiskError).path, `${temp.path}/root/3`);
});

Deno.test("pieces of zeros, and zeros before data in a piece, are hashed like any bytes", async () => {
  using temp = new TempFolder();
  const data = new Uint8Array(7_000_001);
  // zeros only; zeros for more than one read, then data; data first; a short piece of zeros at the end
  data[2_097_152 + 1_300_000] = 1;
  data[2 * 2_097_152] = 2;
  temp.write("root/a", data.subarray(0, 3_000_000));
  temp.write("root/b", data.subarray(3_000_000));
  const tree = walkTree(`${temp.path}/root`, never);
  for (const pieceLength of [65_536, 524_288, 2_097_152, 8_388_608]) {
    const hashes = await hashTree(tree, pieceLength);
    assertEquals(equalBytes(hashes, await hashesOf(data, pieceLength)), true, `${pieceLength}`);
  }
});

Deno.test("a single file is a tree without components", async () => {
  using temp = new TempFolder();
  const path = temp.write("one", "hello");
  const tree = walkTree(path, never);
  assertEquals([tree.isFolder, tree.files[0]!.components], [false, []]);
  assertEquals(await hashTree(tree, 16), await sha1(new TextEncoder().encode("hello")));
});

Deno.test("a file that changes its size while it is hashed is an error that names it", async () => {
  using temp = new TempFolder();
  for (const [size, how] of [[5, "shorter"], [11, "longer"]] as const) {
    temp.write("root/a", new Uint8Array(10));
    temp.write("root/b", new Uint8Array(10));
    const tree = walkTree(`${temp.path}/root`, never);
    for (const name of ["a", "b"]) {
      const path = temp.write(`root/${name}`, new Uint8Array(size));
      const error = await assertRejects(() => hashTree(tree, 16), DiskError, how);
      assertEquals((error as DiskError).path, path);
      temp.write(`root/${name}`, new Uint8Array(10));
    }
  }
});

Deno.test("hashing stops when it is aborted", async () => {
  using temp = new TempFolder();
  temp.write("root/a", new Uint8Array(10));
  const tree = walkTree(`${temp.path}/root`, never);
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => hashTree(tree, 16, undefined, signal), Error, "enough");
});

Deno.test("a report counts bad pieces against each file they touch", async () => {
  const { layout } = await sampleTorrent([
    ["t/a", 25],
    ["t/b", 10],
    ["t/pad", 5, "pad"],
    ["t/c", 10],
    ["t/none", 0],
  ], 10);
  const state = (size: number) => ({ exists: true, size, mtimeMs: 0 });
  const gone = { exists: false, size: 0, mtimeMs: null };
  const good = new Bitfield(5);
  for (const piece of [0, 3, 4]) good.add(piece);
  const files = [state(25), state(10), gone, state(12), gone];
  assertEquals(reportFiles(layout, { files }, good), [
    { status: "damaged", badBytes: 15 },
    { status: "damaged", badBytes: 5 },
    { status: "ok" },
    { status: "wrong-size", size: 12 },
    { status: "missing" },
  ]);
});
