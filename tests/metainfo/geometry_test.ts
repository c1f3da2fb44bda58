import { assertEquals } from "@std/assert";
import { BLOCK_SIZE, FileMap, Geometry } from "../../src/metainfo/mod.ts";

Deno.test("only the last piece and its last block are short", () => {
  const geometry = new Geometry(100_000, 40_000);
  assertEquals([geometry.pieceCount, geometry.blocksPerPiece], [3, 3]);
  assertEquals([0, 1, 2].map((piece) => geometry.pieceSize(piece)), [40_000, 40_000, 20_000]);
  assertEquals([0, 2].map((piece) => geometry.blockCount(piece)), [3, 2]);
  assertEquals(geometry.blockSize(0, 2), 40_000 - 2 * BLOCK_SIZE);
  assertEquals(geometry.blockSize(2, 1), 20_000 - BLOCK_SIZE);
  assertEquals(geometry.pieceOffset(2), 80_000);
});

Deno.test("pieces of a whole number of bytes leave no rest", () => {
  const geometry = new Geometry(64 * 1024, 32 * 1024);
  assertEquals([geometry.pieceCount, geometry.pieceSize(1), geometry.blockCount(1)], [
    2,
    32_768,
    2,
  ]);
});

Deno.test("a number is a piece only when it is whole and in range", () => {
  const geometry = new Geometry(100, 10);
  for (const index of [0, 9]) assertEquals<number | null>(geometry.piece(index), index);
  for (const index of [-1, 10, 0.5, NaN, Infinity]) assertEquals(geometry.piece(index), null);
});

Deno.test("a block is named exactly by where it begins and how long it is", () => {
  const geometry = new Geometry(100_000, 40_000);
  assertEquals(geometry.isBlock(0, 0, BLOCK_SIZE), true);
  assertEquals(geometry.isBlock(2, BLOCK_SIZE, 20_000 - BLOCK_SIZE), true);
  for (
    const [begin, length] of [[0, 1], [1, BLOCK_SIZE], [49_152, BLOCK_SIZE], [-16_384, BLOCK_SIZE]]
  ) {
    assertEquals(geometry.isBlock(0, begin!, length!), false, `${begin} ${length}`);
  }
});

Deno.test("a run of bytes is split at the files' ends, empty files passed over", () => {
  const lengths = [0, 10, 0, 0, 5, 20, 0];
  let offset = 0;
  const map = new FileMap(lengths.map((length, i) => {
    const file = { path: [String(i)], length, offset, pad: false };
    offset += length;
    return file;
  }));
  assertEquals(map.spans(8, 10), [
    { file: 1, fileOffset: 8, at: 0, length: 2 },
    { file: 4, fileOffset: 0, at: 2, length: 5 },
    { file: 5, fileOffset: 0, at: 7, length: 3 },
  ]);
  assertEquals(map.spans(0, 10), [{ file: 1, fileOffset: 0, at: 0, length: 10 }]);
  assertEquals(map.spans(10, 5), [{ file: 4, fileOffset: 0, at: 0, length: 5 }]);
  for (let at = 0; at < 35; at++) {
    for (let length = 1; at + length <= 35; length++) {
      const spans = map.spans(at, length);
      assertEquals(spans.reduce((sum, span) => sum + span.length, 0), length);
    }
  }
});
