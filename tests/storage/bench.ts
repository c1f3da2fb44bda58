import type { OpenOptions, TorrentLayout } from "../../src/storage/mod.ts";
import { DiskHost } from "../../src/storage/disk_host.ts";
import { DiskLine } from "../../src/storage/disk_line.ts";
import { DiskTorrent } from "../../src/storage/disk_torrent.ts";
import { FilePool } from "../../src/storage/file_pool.ts";
import { type DiskSpace, type FileSystem, systemFiles } from "../../src/storage/file_system.ts";
import type { DiskPort } from "../../src/storage/messages.ts";

/** What `open` uses when a test does not care. */
export const PLAIN: OpenOptions = { overwrite: false, preallocate: false };

/** A folder of its own, gone at the end of the test. */
export class TempFolder implements Disposable {
  readonly path = Deno.realPathSync(Deno.makeTempDirSync());

  /** Writes a file below it, making the folders on the way. */
  write(name: string, bytes: Uint8Array | string): string {
    const path = `${this.path}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    return path;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** Storage over a file system that a test can make fail, in this thread. */
export async function inProcess(
  folder: string,
  system: FileSystem,
  layout: TorrentLayout,
  options: OpenOptions = PLAIN,
  pool = new FilePool(),
) {
  const { port1, port2 } = new MessageChannel();
  new DiskHost(port2 as DiskPort, system, pool);
  const line = new DiskLine(port1 as DiskPort, folder, () => {
    port1.close();
    port2.close();
  });
  await line.call("start", { folder });
  const store = await DiskTorrent.open(line, layout, options);
  return { line, store, [Symbol.asyncDispose]: () => line.close() };
}

/** The error the system throws for `code`. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}

/** The real file system, with faults that a test switches on and off. */
export class FaultySystem implements FileSystem {
  /** Bytes that may still be written; more is ENOSPC after what fits, as a real disk does. */
  room = Infinity;
  /** Thrown by the next calls of `open`. */
  readonly openErrors: Error[] = [];
  /** Thrown by every read while set. */
  readError: Error | null = null;
  /** Thrown by every sync while set. */
  syncError: Error | null = null;
  readonly synced: string[] = [];
  /** A sync that is waited for takes a few milliseconds. */
  isSlow = false;
  /** Runs between the look at a file and its opening. */
  beforeOpen: (path: string) => void = () => {};

  info(path: string) {
    return systemFiles.info(path);
  }

  makeFolder(path: string) {
    systemFiles.makeFolder(path);
  }

  fileNames(path: string) {
    return systemFiles.fileNames(path);
  }

  rename(from: string, to: string) {
    systemFiles.rename(from, to);
  }

  remove(path: string) {
    systemFiles.remove(path);
  }

  removeIfEmpty(path: string) {
    systemFiles.removeIfEmpty(path);
  }

  open(path: string, mode: "read" | "write" | "create") {
    const error = this.openErrors.shift();
    if (error !== undefined) throw error;
    this.beforeOpen(path);
    const file = systemFiles.open(path, mode);
    return {
      readable: file.readable,
      writable: file.writable,
      info: () => file.info(),
      readAt: (into: Uint8Array<ArrayBuffer>, position: number) => {
        if (this.readError !== null) throw this.readError;
        return file.readAt(into, position);
      },
      writeAt: (bytes: Uint8Array<ArrayBuffer>, position: number) => {
        const fits = Math.min(bytes.length, this.room);
        file.writeAt(bytes.subarray(0, fits), position);
        this.room -= fits;
        if (fits < bytes.length) throw systemError("ENOSPC");
      },
      truncate: (length: number) => file.truncate(length),
      sync: () => {
        if (this.syncError !== null) return Promise.reject(this.syncError);
        this.synced.push(path);
        return file.sync();
      },
      syncNow: () => {
        if (this.syncError !== null) throw this.syncError;
        this.synced.push(path);
        file.syncNow();
        const start = performance.now();
        while (this.isSlow && performance.now() - start < 2);
      },
      close: () => file.close(),
    };
  }

  space(_path: string): DiskSpace | null {
    return Number.isFinite(this.room) ? { free: this.room, total: this.room } : null;
  }
}
