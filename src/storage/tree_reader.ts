import type { Bytes } from "../base/mod.ts";
import { asDiskError, DiskError } from "./disk_error.ts";
import type { Tree } from "./tree.ts";

/** Reads a tree's files one after the other as one run of bytes, from `offset` on. */
export class TreeReader {
  readonly #tree: Pick<Tree, "files">;
  #index = -1;
  #file: Deno.FsFile | null = null;
  /** Bytes of the present file still to be read. */
  #left = 0;

  /** Bytes to pass over in the next file that is opened. */
  #skip: number;

  constructor(tree: Pick<Tree, "files">, offset = 0) {
    this.#tree = tree;
    while (tree.files[this.#index + 1] !== undefined) {
      const { length } = tree.files[this.#index + 1]!;
      if (offset === 0 || offset < length) break;
      offset -= length;
      this.#index++;
    }
    this.#skip = offset;
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

  /** Call where the part read ends: throws when a file that ends here has grown. */
  expectEnd(): void {
    while (this.#left === 0 && this.#index < this.#tree.files.length - 1) this.#next();
    if (this.#left === 0) this.#expectEndOfFile();
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
      if (this.#skip > 0) this.#file.seekSync(this.#skip, Deno.SeekMode.Start);
    } catch (error) {
      throw asDiskError(error, path);
    }
    this.#left = length - this.#skip;
    this.#skip = 0;
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
