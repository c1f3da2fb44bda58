import { assertEquals } from "@std/assert";
import { Bitfield } from "../../src/base/mod.ts";
import { Geometry, type TorrentFile } from "../../src/metainfo/mod.ts";
import {
  type FileState,
  resumePlan,
  type ResumeRecord,
  type TorrentLayout,
} from "../../src/storage/mod.ts";

const TOUCHED = 1_000_000;
const file = (name: string, offset: number, length: number, pad = false): TorrentFile => ({
  path: ["t", name],
  offset,
  length,
  pad,
});
/** Pieces of 10: 0, 1 in a; 2 in a and b; 3 in b and padding; 4 in c. */
const LAYOUT: TorrentLayout = {
  files: [file("a", 0, 25), file("b", 25, 10), file("pad", 35, 5, true), file("c", 40, 10)],
  geometry: new Geometry(50, 10),
  pieceHashes: new Uint8Array(100),
};
const there = (size: number, mtimeMs: number | null = TOUCHED): FileState => ({
  exists: true,
  size,
  mtimeMs,
});
const GONE: FileState = { exists: false, size: 0, mtimeMs: null };
const WHOLE = [there(25), there(10), GONE, there(10)];

function set(...pieces: number[]): Bitfield {
  const out = new Bitfield(5);
  for (const piece of pieces) out.add(piece);
  return out;
}

function plan(record: ResumeRecord | null, files: FileState[]) {
  const { trusted, recheck } = resumePlan(record, { files }, LAYOUT);
  return { trusted: [...trusted], recheck: [...recheck] };
}

function record(good: number[], begun: number[] = []): ResumeRecord {
  return { good: set(...good), intent: set(...good, ...begun), touchedAt: TOUCHED };
}

Deno.test("good pieces of untouched files are trusted, begun ones are hashed", () => {
  assertEquals(plan(record([0, 2, 4], [3]), WHOLE), { trusted: [0, 2, 4], recheck: [3] });
});

Deno.test("nothing is hashed when nothing is there", () => {
  assertEquals(plan(null, [GONE, GONE, GONE, GONE]), { trusted: [], recheck: [] });
  assertEquals(plan(record([0, 1, 2, 3, 4]), [GONE, GONE, GONE, GONE]), {
    trusted: [],
    recheck: [],
  });
});

Deno.test("without a record everything that is long enough is hashed", () => {
  assertEquals(plan(null, [there(19), there(10), GONE, there(10)]), {
    trusted: [],
    recheck: [0, 3, 4],
  });
});

Deno.test("a file changed after the record was saved is hashed, its neighbours are trusted", () => {
  const files = [there(25), there(10, TOUCHED + 10_001), GONE, there(10)];
  assertEquals(plan(record([0, 1, 2, 3, 4]), files), { trusted: [0, 1, 4], recheck: [2, 3] });
  const inTime = [there(25), there(10, TOUCHED + 10_000), GONE, there(10)];
  assertEquals(plan(record([0, 1, 2, 3, 4]), inTime).recheck, []);
});

Deno.test("a changed file is hashed whole, with the pieces that were never begun", () => {
  const files = [there(25, TOUCHED + 60_000), there(10), GONE, GONE];
  assertEquals(plan(record([1, 3]), files), { trusted: [3], recheck: [0, 1, 2] });
});

Deno.test("a file whose time is not told is hashed", () => {
  const files = [there(25, null), there(10), GONE, there(10)];
  assertEquals(plan(record([0, 3, 4]), files), { trusted: [3, 4], recheck: [0, 1, 2] });
});

Deno.test("a file that appeared though no piece of it was begun is hashed", () => {
  assertEquals(plan(record([0]), [there(25), GONE, GONE, there(10, 5)]), {
    trusted: [0],
    recheck: [4],
  });
});

Deno.test("pieces cut off by a shorter or missing file are neither trusted nor hashed", () => {
  const files = [there(15), GONE, GONE, there(10)];
  assertEquals(plan(record([0, 1, 2, 3, 4]), files), { trusted: [0, 4], recheck: [] });
});

Deno.test("a longer file does not disturb the pieces in it", () => {
  assertEquals(plan(record([4]), [GONE, GONE, GONE, there(99)]), { trusted: [4], recheck: [] });
});
