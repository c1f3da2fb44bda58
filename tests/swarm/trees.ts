/** The Merkle trees of what a bench's store holds. */
import { type Bytes, concat } from "../../src/base/mod.ts";
import {
  emptyPieces,
  fileHeight,
  Geometry,
  type MerkleFile,
  merkleRoot,
  type MerkleTrees,
  pieceLevel,
} from "../../src/metainfo/mod.ts";
import { BLOCK, sha256Of } from "./bench.ts";

/** Trees, and the leaves of each piece. */
export interface BenchTrees {
  readonly merkle: MerkleTrees;
  readonly geometry: Geometry;
  leaves(piece: number): Bytes;
}

/** Of files of these lengths, whose data in piece `n` is `n + 1` in every byte. */
export function treesOf(lengths: readonly number[], blocks: number): BenchTrees {
  const pieceLength = blocks * BLOCK;
  let next = 0;
  const shapes = lengths.map((length) => {
    const pieceCount = Math.ceil(length / pieceLength);
    next += pieceCount;
    return { root: new Uint8Array(32), length, firstPiece: next - pieceCount, pieceCount };
  });
  const pieces = emptyPieces(shapes, pieceLength);
  const leavesOf = (piece: number) => {
    const parts: Bytes[] = [];
    for (let at = 0; at < pieces.sizes[piece]!; at += BLOCK) {
      const size = Math.min(BLOCK, pieces.sizes[piece]! - at);
      parts.push(sha256Of(new Uint8Array(size).fill(piece + 1)));
    }
    return concat(...parts);
  };
  for (let piece = 0; piece < next; piece++) {
    pieces.hashes.set(merkleRoot(leavesOf(piece), 0, pieces.heights[piece]!), piece * 32);
  }
  const level = pieceLevel(pieceLength);
  const files = shapes.map((shape): MerkleFile => {
    const { firstPiece, pieceCount, length } = shape;
    const layer = pieces.hashes.slice(firstPiece * 32, (firstPiece + pieceCount) * 32);
    const root = pieceCount === 1 ? layer : merkleRoot(layer, level, fileHeight(length) - level);
    return { ...shape, root };
  });
  const total = (next - 1) * pieceLength + pieces.sizes[next - 1]!;
  return {
    merkle: { files, pieces },
    geometry: new Geometry(total, pieceLength, pieces.sizes),
    leaves: leavesOf,
  };
}
