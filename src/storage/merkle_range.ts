import { createHash } from "node:crypto";
import { type Bytes, SHA256_SIZE } from "../base/mod.ts";
import { BLOCK_SIZE, fileHeight, merkleRoot, pieceLevel } from "../metainfo/mod.ts";
import { type HashRange, hashWidth } from "./hash_range.ts";
import { TreeReader } from "./tree_reader.ts";

/** Bytes read at a time: whole blocks. */
const CHUNK = 32 * BLOCK_SIZE;

/** One piece of a tree whose files each begin a piece. */
interface Part {
  /** Of its file. */
  readonly length: number;
  /** Levels of its node above the leaves. */
  readonly height: number;
  /** Zeros that SHA-1 has behind it. */
  readonly padding: number;
}

/** What `hashRange` gives of a v2 or hybrid torrent. */
export function* merkleRange(range: HashRange): Generator<number, Bytes> {
  const { tree, pieceLength, version, from, to } = range;
  const width = hashWidth(version);
  const hashes = new Uint8Array(width * (to - from));
  const chunk = new Uint8Array(Math.min(CHUNK, pieceLength));
  const leaves = new Uint8Array(pieceLength / BLOCK_SIZE * SHA256_SIZE);
  using source = new TreeReader(tree, offsetOf(range));
  let at = 0;
  for (const { length, height, padding } of partsOf(range)) {
    const sha1 = version === "hybrid" ? createHash("sha1") : null;
    let leaf = 0;
    for (let done = 0; done < length; done += chunk.length) {
      const data = chunk.subarray(0, Math.min(chunk.length, length - done));
      source.fill(data);
      sha1?.update(data);
      for (let block = 0; block < data.length; block += BLOCK_SIZE) {
        const part = data.subarray(block, block + BLOCK_SIZE);
        leaves.set(createHash("sha256").update(part).digest(), SHA256_SIZE * leaf++);
      }
      yield data.length;
    }
    if (sha1 !== null) hashes.set(sha1.update(new Uint8Array(padding)).digest(), at);
    const node = merkleRoot(leaves.subarray(0, SHA256_SIZE * leaf), 0, height);
    hashes.set(node, at + width - SHA256_SIZE);
    at += width;
  }
  source.expectEnd();
  return hashes;
}

/** The pieces of the range, in order. */
function* partsOf({ tree, pieceLength, from, to }: HashRange): Generator<Part> {
  let piece = 0;
  for (const file of tree.files) {
    const count = Math.ceil(file.length / pieceLength);
    for (let i = Math.max(0, from - piece); i < count && piece + i < to; i++) {
      const length = Math.min(pieceLength, file.length - i * pieceLength);
      const height = count === 1 ? fileHeight(file.length) : pieceLevel(pieceLength);
      // a file that is no folder has nothing behind it to be padded for
      yield { length, height, padding: tree.isFolder ? pieceLength - length : 0 };
    }
    piece += count;
  }
}

/** Where the first piece of the range begins in the files laid end to end. */
function offsetOf({ tree, pieceLength, from }: HashRange): number {
  let piece = 0;
  let offset = 0;
  for (const { length } of tree.files) {
    const count = Math.ceil(length / pieceLength);
    if (from < piece + count) return offset + (from - piece) * pieceLength;
    piece += count;
    offset += length;
  }
  return offset;
}
