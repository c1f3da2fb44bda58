import { createHash, type Hash } from "node:crypto";
import type { Bytes } from "../base/mod.ts";
import { isZero } from "./piece_hasher.ts";
import type { Tree } from "./tree.ts";
import { TreeReader } from "./tree_reader.ts";

/** Bytes read at a time, small enough to stay in the processor's cache until they are hashed. */
const CHUNK = 512 * 1024;
const ZEROS = new Uint8Array(CHUNK);

/** Some consecutive pieces of a tree's files laid end to end. */
export interface HashRange {
  readonly tree: Pick<Tree, "files" | "totalLength">;
  readonly pieceLength: number;
  /** First piece, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/**
 * SHA-1 of each piece of the range, 20 bytes a piece, hashed as it is read: Web Crypto takes whole pieces only and
 * copies them, which a piece that is to be verified has to bear and one that is to be described has not. Yields the
 * bytes gone through each time. Throws `DiskError` when a file cannot be read or changes its size.
 */
export function* hashRange({ tree, pieceLength, from, to }: HashRange): Generator<number, Bytes> {
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
