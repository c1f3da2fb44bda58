import { codeOf } from "./disk_error.ts";
import type { OpenFile } from "./file_system.ts";

/** Open files of all torrents by path, at most `limit`; the one not used for longest is closed first. */
export class FilePool {
  /** In the order of last use: a `Map` keeps the order of insertion. */
  readonly #open = new Map<string, OpenFile>();

  constructor(readonly limit: number = 128) {}

  get size(): number {
    return this.#open.size;
  }

  /** The open file at `path`, to be written or to be read, or undefined. */
  get(path: string, write: boolean): OpenFile | undefined {
    const file = this.#open.get(path);
    if (file === undefined) return undefined;
    if (write ? !file.writable : !file.readable) {
      this.close(path);
      return undefined;
    }
    this.#open.delete(path);
    this.#open.set(path, file);
    return file;
  }

  /** Opens with `open` and keeps the file. Out of handles: closes half of its own and tries again. */
  add(path: string, open: () => OpenFile): OpenFile {
    this.close(path);
    this.#shrink(this.limit - 1);
    const file = this.#openWith(open);
    this.#open.set(path, file);
    return file;
  }

  /** Gives the open file at `path` away: the caller closes it. */
  take(path: string): OpenFile | undefined {
    const file = this.#open.get(path);
    this.#open.delete(path);
    return file;
  }

  /** Closes the file at `path` if it is open. */
  close(path: string): void {
    this.#open.get(path)?.close();
    this.#open.delete(path);
  }

  closeAll(): void {
    this.#shrink(0);
  }

  #openWith(open: () => OpenFile): OpenFile {
    for (;;) {
      try {
        return open();
      } catch (error) {
        const code = codeOf(error);
        if ((code !== "EMFILE" && code !== "ENFILE") || this.#open.size === 0) throw error;
        this.#shrink(this.#open.size >> 1);
      }
    }
  }

  #shrink(size: number): void {
    for (const path of this.#open.keys()) {
      if (this.#open.size <= size) return;
      this.close(path);
    }
  }
}
