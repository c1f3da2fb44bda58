/**
 * Merkle trees as BEP 52 has them: SHA-256, two children a node, a leaf for each 16 KiB of a file. The leaves are
 * filled up with zero hashes to a power of two. Level 0 are the leaves; hashes lie end to end, 32 bytes each.
 */
import { type Bytes, SHA256_SIZE, sha256Pair } from "../base/mod.ts";

/** The root of 2^i leaves beyond the end of a file, by i. */
const padding: Bytes[] = [new Uint8Array(SHA256_SIZE)];

/** The node at `level` that has nothing of the file below it. */
export function padNode(level: number): Bytes {
  for (let i = padding.length; i <= level; i++) {
    const node = new Uint8Array(SHA256_SIZE);
    const pair = new Uint8Array(2 * SHA256_SIZE);
    pair.set(padding[i - 1]!);
    pair.set(padding[i - 1]!, SHA256_SIZE);
    sha256Pair(pair, 0, node, 0);
    padding.push(node);
  }
  return padding[level]!;
}

/** Levels above the leaves of a tree over `count` of them: 0 for a single one. */
export function treeHeight(count: number): number {
  return count <= 1 ? 0 : Math.ceil(Math.log2(count));
}

/** The parents of the hashes of `level`, the last of which may have padding beside it. */
export function parentsOf(hashes: Bytes, level: number): Bytes {
  const count = hashes.length / SHA256_SIZE;
  const out = new Uint8Array(Math.ceil(count / 2) * SHA256_SIZE);
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) sha256Pair(hashes, 2 * i * SHA256_SIZE, out, i * SHA256_SIZE);
  if (count % 2 === 1) {
    const pair = new Uint8Array(2 * SHA256_SIZE);
    pair.set(hashes.subarray(-SHA256_SIZE));
    pair.set(padNode(level), SHA256_SIZE);
    sha256Pair(pair, 0, out, pairs * SHA256_SIZE);
  }
  return out;
}

/** The node `height` levels above the first of the hashes of `level`, at least one and 2^height at most. */
export function merkleRoot(hashes: Bytes, level: number, height: number): Bytes {
  let row = hashes;
  for (let i = 0; i < height; i++) row = parentsOf(row, level + i);
  return row === hashes ? hashes.slice(0, SHA256_SIZE) : row;
}

/** Where some hashes lie in a tree. */
export interface TreeRange {
  /** Levels above the leaves. */
  readonly base: number;
  /** The first one in its level, a multiple of `length`. */
  readonly index: number;
  /** How many, a power of two. */
  readonly length: number;
}

/** The node that `hashes` of a range, followed by one uncle from each level above them, lead to. */
export function climb({ base, index, length }: TreeRange, hashes: Bytes): Bytes {
  const size = length * SHA256_SIZE;
  const height = Math.log2(length);
  let node = merkleRoot(hashes.subarray(0, size), base, height);
  let at = index / length;
  for (let from = size; from < hashes.length; from += SHA256_SIZE) {
    const pair = new Uint8Array(2 * SHA256_SIZE);
    const isLeft = at % 2 === 0;
    pair.set(node, isLeft ? 0 : SHA256_SIZE);
    pair.set(hashes.subarray(from, from + SHA256_SIZE), isLeft ? SHA256_SIZE : 0);
    node = new Uint8Array(SHA256_SIZE);
    sha256Pair(pair, 0, node, 0);
    at = Math.floor(at / 2);
  }
  return node;
}
