import type { Bytes } from "../base/mod.ts";
import { BLOCK_SIZE } from "./geometry.ts";
import { treeHeight } from "./merkle.ts";

/** What the pieces of a v2 torrent must hash to (BEP 52). It can be posted between threads. */
export interface MerklePieces {
  /** The node of each piece in the tree of its file, 32 bytes each. */
  readonly hashes: Bytes;
  /** Bytes of its file that each piece holds; padding is not hashed. */
  readonly sizes: Uint32Array<ArrayBuffer>;
  /** Levels of each piece's node above the leaves: fewer where the file is smaller than a piece. */
  readonly heights: Uint8Array<ArrayBuffer>;
}

/** The tree of one file that has data, in the order of the files. */
export interface MerkleFile {
  /** 32 bytes. */
  readonly root: Bytes;
  readonly length: number;
  readonly firstPiece: number;
  readonly pieceCount: number;
}

/** The files of a v2 torrent that have data, and their pieces. */
export interface MerkleTrees {
  readonly files: readonly MerkleFile[];
  readonly pieces: MerklePieces;
}

/** Levels of a piece's node above the leaves, in a file larger than a piece. */
export function pieceLevel(pieceLength: number): number {
  return treeHeight(pieceLength / BLOCK_SIZE);
}

/** Levels of the root of a file's tree above the leaves. */
export function fileHeight(length: number): number {
  return treeHeight(Math.ceil(length / BLOCK_SIZE));
}

/** What is known of the pieces of `files` but their hashes, which are zeros. */
export function emptyPieces(files: readonly MerkleFile[], pieceLength: number): MerklePieces {
  const last = files[files.length - 1];
  const count = last === undefined ? 0 : last.firstPiece + last.pieceCount;
  const sizes = new Uint32Array(count).fill(pieceLength);
  const heights = new Uint8Array(count).fill(pieceLevel(pieceLength));
  for (const { length, firstPiece, pieceCount } of files) {
    const end = firstPiece + pieceCount - 1;
    sizes[end] = length - (pieceCount - 1) * pieceLength;
    if (pieceCount === 1) heights[end] = fileHeight(length);
  }
  return { hashes: new Uint8Array(count * 32), sizes, heights };
}
