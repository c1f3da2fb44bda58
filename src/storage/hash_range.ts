import { createHash, type Hash } from "node:crypto";
import { type Bytes, SHA256_SIZE } from "../base/mod.ts";
import type { TorrentVersion } from "../metainfo/mod.ts";
import { merkleRange } from "./merkle_range.ts";
import { isZero } from "./piece_hasher.ts";
import type { Tree } from "./tree.ts";
import { TreeReader } from "./tree_reader.ts";

/** Bytes read at a time, small enough to stay in the processor's cache until they are hashed. */
const CHUNK = 512 * 1024;
const ZEROS = new Uint8Array(CHUNK);

/**
 * Some consecutive pieces of a tree's files: of v1 laid end to end, otherwise each file begins a piece.
 */
export interface HashRange {
  readonly tree: Pick<Tree, "isFolder" | "files" | "totalLength">;
  readonly pieceLength: number;
  readonly version: TorrentVersion;
  /** First piece, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** Bytes of the hashes of one piece: SHA-1 of v1, the node of v2, of a hybrid both in this order. */
export function hashWidth(version: TorrentVersion): number {
  return (version === "v2" ? 0 : 20) + (version === "v1" ? 0 : SHA256_SIZE);
}

/** Pieces of a tree. */
export function piecesOfTree(
  { files, totalLength }: Pick<Tree, "files" | "totalLength">,
  pieceLength: number,
  version: TorrentVersion,
): number {
  if (version === "v1") return Math.ceil(totalLength / pieceLength);
  return files.reduce((sum, { length }) => sum + Math.ceil(length / pieceLength), 0);
}

/**
 * The hashes of each piece of the range, as many bytes a piece as {@linkcode hashWidth} says, hashed as it is read: Web
 * Crypto takes whole pieces only and copies them, which a piece that is to be verified has to bear and one that is to
 * be described has not. Yields the bytes gone through each time. Throws `DiskError` when a file cannot be read or
 * changes its size.
 */
export function hashRange(range: HashRange): Generator<number, Bytes> {
  return range.version === "v1" ? sha1Range(range) : merkleRange(range);
}

/** SHA-1 of each piece, 20 bytes a piece. */
function* sha1Range({ tree, pieceLength, from, to }: HashRange): Generator<number, Bytes> {
  const hashes = new Uint8Array(20 * (to - from));
  const chunk = new Uint8Array(Math.min(CHUNK, pieceLength));
  const holes = new Map<number, Uint8Array>();
  using source = new TreeReader(tree, from * pieceLength);
  for (let piece = from; piece < to; piece++) {
    const size = Math.min(pieceLength, tree.totalLength - piece * pieceLength);
    let hash: Hash | null = null;
    for (let at = 0; at < size; at += chunk.length) {
      const part = chunk.subarray(0, Math.min(chunk.length, size - at));
      source.fill(part);
      // holes of a sparse file are looked at six times as fast as they are hashed
      if (hash === null && !isZero(part)) hash = hashOfZeros(at);
      hash?.update(part);
      yield part.length;
    }
    let digest: Uint8Array | undefined = hash?.digest() ?? holes.get(size);
    if (digest === undefined) holes.set(size, digest = hashOfZeros(size).digest());
    hashes.set(digest, 20 * (piece - from));
  }
  source.expectEnd();
  return hashes;
}

/** A SHA-1 that has gone through `length` zeros. */
function hashOfZeros(length: number): Hash {
  const hash = createHash("sha1");
  for (let left = length; left > 0; left -= CHUNK) {
    hash.update(ZEROS.subarray(0, Math.min(left, CHUNK)));
  }
  return hash;
}
