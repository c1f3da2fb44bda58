import type { Bytes } from "../base/mod.ts";
import { Breather } from "./breather.ts";
import { asDiskError, DiskError } from "./disk_error.ts";
import { PieceHasher, type Slice } from "./piece_hasher.ts";
import type { Tree } from "./tree.ts";

/**
 * SHA-1 of each piece of a tree's files laid end to end, 20 bytes a piece, hashed on all cores.
 * `onProgress` hears the bytes read so far. Rejects with `DiskError` when a file cannot be read or
 * changes its size meanwhile, and with the signal's reason.
 */
export async function hashTree(
  tree: Tree,
  pieceLength: number,
  onProgress: (bytes: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Bytes> {
  const pieceCount = Math.ceil(tree.totalLength / pieceLength);
  const hashes = new Uint8Array(20 * pieceCount);
  const hasher = new PieceHasher(pieceLength, (piece, digest) => hashes.set(digest, 20 * piece));
  const breather = new Breather();
  using source = new TreeReader(tree);
  try {
    for (let piece = 0; piece < pieceCount; piece += hasher.batch) {
      signal?.throwIfAborted();
      await breather.pause();
      const offset = piece * pieceLength;
      const buffer = await hasher.take();
      const length = Math.min(buffer.length, tree.totalLength - offset);
      source.fill(buffer.subarray(0, length));
      const slices: Slice[] = [];
      for (let at = 0; at < length; at += pieceLength) {
        slices.push({
          piece: piece + slices.length,
          at,
          length: Math.min(pieceLength, length - at),
        });
      }
      hasher.submit(buffer, slices);
      onProgress(offset + length);
    }
    source.expectEnd();
  } finally {
    await hasher.drain();
  }
  return hashes;
}

/** Reads a tree's files one after the other as one run of bytes. */
class TreeReader {
  readonly #tree: Tree;
  #index = -1;
  #file: Deno.FsFile | null = null;
  /** Bytes of the present file still to be read. */
  #left = 0;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  fill(into: Bytes): void {
    let at = 0;
    while (at < into.length) {
      while (this.#left === 0) this.#next();
      const count = this.#read(into.subarray(at, at + Math.min(this.#left, into.length - at)));
      if (count === 0) throw this.#changed("shorter");
      at += count;
      this.#left -= count;
    }
  }

  /** Throws when the last file has grown. */
  expectEnd(): void {
    while (this.#index < this.#tree.files.length - 1) this.#next();
    this.#expectEndOfFile();
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = null;
  }

  #next(): void {
    this.#expectEndOfFile();
    this.#file?.close();
    this.#file = null;
    this.#index++;
    const { path, length } = this.#tree.files[this.#index]!;
    try {
      this.#file = Deno.openSync(path);
    } catch (error) {
      throw asDiskError(error, path);
    }
    this.#left = length;
  }

  #expectEndOfFile(): void {
    if (this.#file !== null && this.#read(new Uint8Array(1)) > 0) throw this.#changed("longer");
  }

  #read(into: Bytes): number {
    try {
      return this.#file?.readSync(into) ?? 0;
    } catch (error) {
      throw asDiskError(error, this.#tree.files[this.#index]!.path);
    }
  }

  #changed(how: string): DiskError {
    const { path, length } = this.#tree.files[this.#index]!;
    return new DiskError("other", path, `Expected ${length} bytes, the file got ${how}: ${path}`);
  }
}
