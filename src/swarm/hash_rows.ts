import { type Bytes, concat, SHA256_SIZE } from "../base/mod.ts";
import {
  fileHeight,
  type MerkleFile,
  type MerkleTrees,
  padNode,
  parentsOf,
  pieceLevel,
} from "../metainfo/mod.ts";
import { type HashSpan, uncleCount } from "../wire/mod.ts";

/** The levels of a tree or a part of it, from some level up. */
export interface Rows {
  /** Of the first row. */
  readonly level: number;
  /** Where the first row begins in its level. */
  readonly first: number;
  /** The hashes of each level, those that have nothing of the file below them left out at the end. */
  readonly rows: readonly Bytes[];
}

/** The rows above `hashes`, which lie at `first` of `level`, up to the one at `top`. */
export function rowsOf(hashes: Bytes, level: number, first: number, top: number): Rows {
  const rows = [hashes];
  for (let i = level; i < top; i++) rows.push(parentsOf(rows[rows.length - 1]!, i));
  return { level, first, rows };
}

/** The levels of a file's tree from its pieces up to the root. */
export function pieceRows(
  { pieces }: MerkleTrees,
  { length, firstPiece, pieceCount }: MerkleFile,
  pieceLength: number,
): Rows {
  const from = firstPiece * SHA256_SIZE;
  const hashes = pieces.hashes.subarray(from, from + pieceCount * SHA256_SIZE);
  const height = fileHeight(length);
  const level = Math.min(pieceLevel(pieceLength), height);
  return rowsOf(hashes, level, 0, height);
}

/** True when the tree of a file has such a span, and what leads from it to the root. */
export function isInside({ base, index, length, proofs }: HashSpan, file: MerkleFile): boolean {
  const height = fileHeight(file.length);
  if (base >= height || proofs >= height - base) return false;
  return index + length <= 2 ** (height - base);
}

/** The hashes of a span and its uncles, out of rows that have all of them. */
export function hashesOfSpan(span: HashSpan, ...parts: readonly Rows[]): Bytes {
  const { base, index, length } = span;
  const nodes: Bytes[] = [];
  for (let i = index; i < index + length; i++) nodes.push(nodeOf(parts, base, i));
  const uncles = uncleCount(span);
  let at = index / length;
  for (let i = 0; i < uncles; i++) {
    nodes.push(nodeOf(parts, base + Math.log2(length) + i, at % 2 === 0 ? at + 1 : at - 1));
    at = Math.floor(at / 2);
  }
  return concat(...nodes);
}

function nodeOf(parts: readonly Rows[], level: number, index: number): Bytes {
  for (const { level: lowest, first, rows } of parts) {
    const row = rows[level - lowest];
    if (row === undefined) continue;
    const at = (index - Math.floor(first / 2 ** (level - lowest))) * SHA256_SIZE;
    if (at >= 0 && at < row.length) return row.subarray(at, at + SHA256_SIZE);
  }
  return padNode(level);
}
