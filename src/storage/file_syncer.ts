import type { FilePool } from "./file_pool.ts";
import type { OpenFile } from "./file_system.ts";

/** Files synced at a time: the kernel merges them, and more handles would not make a disk faster. */
const PARALLEL = 32;
/** With more unsynced files than this, syncing begins before it is asked for, while their handles are still open. */
const MANY = 64;
/** A disk that syncs a file in less, as one in memory, is not handed to another thread, which takes longer. */
const QUICK_MS = 0.5;

/** What the syncer needs of a torrent's files. */
export interface SyncSource {
  readonly pool: FilePool;
  path(index: number): string;
  /** Opens a file whose handle was closed. */
  openToSync(index: number): OpenFile;
  /** Any error as the torrent's own. */
  explain(error: unknown, path: string): Error;
}

/** The files of a torrent that were written since they were last synced. */
export class FileSyncer {
  readonly #source: SyncSource;
  readonly #dirty = new Set<number>();
  /** Syncs under way; each gives its error or null, and a file that failed is dirty again. */
  readonly #running = new Set<Promise<Error | null>>();
  #isQuick = true;

  constructor(source: SyncSource) {
    this.#source = source;
  }

  /** A file was written. */
  wrote(index: number): void {
    this.#dirty.add(index);
    if (this.#dirty.size > MANY && this.#running.size < PARALLEL) this.#beginOldest();
  }

  /** Makes what was written before the call safe from a power cut. Rejects with the first failure; what failed is tried again by the next call. */
  async sync(): Promise<void> {
    const files = [...this.#dirty];
    this.#dirty.clear();
    let failure: Error | null = null;
    for (const index of files) {
      while (this.#running.size >= PARALLEL) {
        const error = await Promise.race(this.#running);
        failure ??= error;
      }
      this.#begin(index);
    }
    for (const error of await Promise.all(this.#running)) failure ??= error;
    if (failure !== null) throw failure;
  }

  #beginOldest(): void {
    // the newest is still being written
    const [oldest] = this.#dirty;
    this.#dirty.delete(oldest!);
    this.#begin(oldest!);
  }

  #begin(index: number): void {
    const running = this.#syncFile(index).then(() => null, (error) => {
      this.#dirty.add(index);
      return this.#source.explain(error, this.#source.path(index));
    }).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #syncNow(file: OpenFile): void {
    const start = performance.now();
    file.syncNow();
    this.#isQuick = performance.now() - start < QUICK_MS;
  }

  /** On a handle taken out of the pool: one that is syncing refuses to be written. */
  async #syncFile(index: number): Promise<void> {
    const { pool } = this.#source;
    const file = pool.take(this.#source.path(index)) ?? this.#source.openToSync(index);
    try {
      if (this.#isQuick) this.#syncNow(file);
      else await file.sync();
    } finally {
      file.close();
    }
  }
}
