import { statfsSync } from "node:fs";
import type { Bytes } from "../base/mod.ts";

/** What stands at a path; a link is told as such and never followed. */
export interface FileInfo {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly size: number;
  readonly mtimeMs: number | null;
  /** Bytes taken from the disk, null when not told. */
  readonly allocated: number | null;
  /** Tells one file from another on this machine; null where the platform has none. */
  readonly identity: string | null;
}

/** Room on a file system, in bytes: what is free for us, and all there is. */
export interface DiskSpace {
  readonly free: number;
  readonly total: number;
}

/** An open file. Throws whatever the system throws. */
export interface OpenFile {
  readonly readable: boolean;
  readonly writable: boolean;
  info(): FileInfo;
  /** Fills `into` from `position`; returns the bytes read, fewer only at the end of the file. */
  readAt(into: Bytes, position: number): number;
  /** Writes all of `bytes` at `position`. */
  writeAt(bytes: Bytes, position: number): void;
  truncate(length: number): void;
  /** Resolves when the data is safe from a power cut. */
  sync(): Promise<void>;
  /** Returns when it is. */
  syncNow(): void;
  close(): void;
}

/** The few calls storage makes; a port so that tests can have full disks and failing ones. */
export interface FileSystem {
  /** Null when nothing is there. */
  info(path: string): FileInfo | null;
  makeFolder(path: string): void;
  /** Names of the plain files in a folder; none when it is not there. */
  fileNames(path: string): ReadonlySet<string>;
  /** Moves a file, in place of what stands there. */
  rename(from: string, to: string): void;
  /** Removes a file. */
  remove(path: string): void;
  /** Removes a folder; nothing happens when there is something in it, or no folder. */
  removeIfEmpty(path: string): void;
  /** `write` reads too; `create` only writes, and fails when anything, a link included, stands there. */
  open(path: string, mode: "read" | "write" | "create"): OpenFile;
  /** Room on the file system of `path`, null when not told. */
  space(path: string): DiskSpace | null;
}

function describe(info: Deno.FileInfo): FileInfo {
  return {
    kind: info.isSymlink ? "link" : info.isFile ? "file" : info.isDirectory ? "folder" : "other",
    size: info.size,
    mtimeMs: info.mtime?.getTime() ?? null,
    allocated: info.blocks === null ? null : info.blocks * 512,
    identity: info.ino === null ? null : `${info.dev}:${info.ino}`,
  };
}

/**
 * A file of the system. Only synchronous seek and transfer: asynchronous positional writes move a
 * shared file position on one of the runtimes, so two at a time would land in each other's place.
 */
class SystemFile implements OpenFile {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile, readonly readable: boolean, readonly writable: boolean) {
    this.#file = file;
  }

  info(): FileInfo {
    return describe(this.#file.statSync());
  }

  readAt(into: Bytes, position: number): number {
    this.#file.seekSync(position, Deno.SeekMode.Start);
    let at = 0;
    while (at < into.length) {
      const count = this.#file.readSync(at === 0 ? into : into.subarray(at));
      if (count === null) break;
      at += count;
    }
    return at;
  }

  writeAt(bytes: Bytes, position: number): void {
    this.#file.seekSync(position, Deno.SeekMode.Start);
    let at = 0;
    while (at < bytes.length) at += this.#file.writeSync(at === 0 ? bytes : bytes.subarray(at));
  }

  truncate(length: number): void {
    this.#file.truncateSync(length);
  }

  sync(): Promise<void> {
    return this.#file.syncData();
  }

  syncNow(): void {
    this.#file.syncDataSync();
  }

  close(): void {
    this.#file.close();
  }
}

/** The real one, as far as Deno's permissions reach. */
export const systemFiles: FileSystem = {
  info(path) {
    try {
      return describe(Deno.lstatSync(path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  },
  makeFolder(path) {
    Deno.mkdirSync(path);
  },
  fileNames(path) {
    const names = new Set<string>();
    try {
      for (const entry of Deno.readDirSync(path)) if (entry.isFile) names.add(entry.name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return names;
  },
  rename(from, to) {
    Deno.renameSync(from, to);
  },
  remove(path) {
    Deno.removeSync(path);
  },
  removeIfEmpty(path) {
    try {
      // a link is not followed, but it would be removed itself
      if (Deno.lstatSync(path).isDirectory) Deno.removeSync(path);
    } catch {
      // it stays: nothing depends on its going
    }
  },
  open(path, mode) {
    // each right that is asked for costs the runtime a walk along the path
    const read = mode !== "create";
    const write = mode !== "read";
    const file = Deno.openSync(path, { read, write, createNew: mode === "create" });
    return new SystemFile(file, read, write);
  },
  space(path) {
    try {
      const { bavail, blocks, bsize } = statfsSync(path);
      return { free: bavail * bsize, total: blocks * bsize };
    } catch {
      return null; // no permission to ask, or a platform without it: then nobody knows
    }
  },
};
