import type { Bytes } from "../base/mod.ts";
import { FileMap, type Span } from "../metainfo/mod.ts";
import { Breather } from "./breather.ts";
import { asDiskError, DiskError } from "./disk_error.ts";
import type { FilePool } from "./file_pool.ts";
import { FileSyncer } from "./file_syncer.ts";
import type { FileInfo, FileSystem, OpenFile } from "./file_system.ts";
import { SafePaths } from "./safe_paths.ts";
import { STATE_FOLDER, stateFolder } from "./state_folder.ts";
import type { Inspection, OpenOptions, Space, StoredFile, TorrentLayout } from "./store.ts";

/** Bytes of zeros written at a time; short enough that the worker answers reads in between. */
const ZEROS = new Uint8Array(4 * 1024 * 1024);

/** One torrent's files as the disk worker sees them; synchronous where the system is. Throws `DiskError`. */
export class TorrentFiles {
  readonly #map: FileMap;
  readonly #paths: SafePaths;
  /** Below our own folder, for files that nobody wants. */
  readonly #ownPaths: SafePaths;
  readonly #syncer: FileSyncer;
  /** Files that were not there when last looked for, and not made since. */
  readonly #absent = new Set<number>();
  /** Files made here, which have their full length. */
  readonly #made = new Set<number>();
  /** The path asked for last, which is asked for several times for each file. */
  #lastPath = "";
  #lastIndex = -1;
  #preparing: Promise<void> | null = null;
  #closed = false;

  /** Checks every path as text, none on disk. */
  constructor(
    readonly layout: TorrentLayout,
    readonly options: OpenOptions,
    readonly folder: string,
    readonly system: FileSystem,
    readonly pool: FilePool,
  ) {
    this.#map = new FileMap(layout.files);
    this.#paths = new SafePaths(folder, system);
    this.#ownPaths = new SafePaths(`${folder}/${STATE_FOLDER}`, system);
    this.#syncer = new FileSyncer({
      pool,
      path: (index) => this.path(index),
      openToSync: (index) => this.#openToSync(index),
      explain: (error, path) => this.#explain(error, path),
    });
    for (const file of layout.files) if (!file.pad) this.#pathsOf(file).text(file.path);
  }

  /** Resolves when pieces may be written: with `preallocate`, when every file has its full length. */
  prepare(): Promise<void> {
    if (!this.options.preallocate) return Promise.resolve();
    this.#preparing ??= this.#preallocate().catch((error) => {
      this.#preparing = null; // a later write tries again from where this one stopped
      throw error;
    });
    return this.#preparing;
  }

  /** Writes a whole piece into its files, which are made when missing. */
  write(piece: number, bytes: Bytes): void {
    const { geometry } = this.layout;
    if (geometry.piece(piece) === null || bytes.length !== geometry.pieceSize(piece)) {
      throw new DiskError(
        "other",
        this.folder,
        `Expected a whole piece below ${geometry.pieceCount}, got ${bytes.length} bytes of ${piece}`,
      );
    }
    for (const span of this.spans(geometry.pieceOffset(piece), bytes.length)) {
      if (this.layout.files[span.file]!.pad) continue;
      this.#guard(span.file, () => {
        const file = this.#writable(span.file, span.length);
        this.#syncer.wrote(span.file);
        file.writeAt(bytes.subarray(span.at, span.at + span.length), span.fileOffset);
      });
    }
  }

  /** Fills `into` with the torrent's bytes from `offset`; padding gives zeros, a gap throws `missing`. */
  read(offset: number, into: Bytes): void {
    for (const span of this.spans(offset, into.length)) {
      const part = into.subarray(span.at, span.at + span.length);
      if (this.layout.files[span.file]!.pad) part.fill(0);
      else this.readFile(span.file, span.fileOffset, part);
    }
  }

  /** Fills `into` from one file. */
  readFile(index: number, position: number, into: Bytes): void {
    this.#guard(index, () => {
      const count = this.#readable(index).readAt(into, position);
      if (count === into.length) return;
      const path = this.path(index);
      throw new DiskError("missing", path, `File ends at ${position + count} bytes: ${path}`);
    });
  }

  /** Makes what was written before the call safe from a power cut. What fails stays to be synced. */
  sync(): Promise<void> {
    return this.#syncer.sync();
  }

  /** Makes empty files, cuts long ones when that is allowed, and sees that every file is whole. */
  finish(): void {
    const listed = new Map<string, ReadonlySet<string>>();
    this.layout.files.forEach((file, i) => {
      if (file.pad || file.apart || (this.#made.has(i) && this.#isListed(i, listed))) return;
      this.#guard(i, () => {
        const info = this.#paths.look(file.path);
        if (info?.size === file.length) return;
        if (file.length === 0 || (info !== null && info.size > file.length)) {
          this.#writable(i);
          return;
        }
        const path = this.path(i);
        throw new DiskError("missing", path, `Expected ${file.length} bytes on disk: ${path}`);
      });
    });
  }

  /** True while a file that was made here still stands there; 10,000 of them are not looked at one by one. */
  #isListed(index: number, listed: Map<string, ReadonlySet<string>>): boolean {
    const path = this.path(index);
    const end = path.lastIndexOf("/");
    const folder = path.slice(0, end);
    let names = listed.get(folder);
    if (names === undefined) listed.set(folder, names = this.system.fileNames(folder));
    return names.has(path.slice(end + 1));
  }

  /** What stands on the disk, file by file. */
  inspect(): Inspection {
    this.#forget();
    this.#beginSurvey();
    this.#absent.clear();
    return {
      files: this.layout.files.map((file, i) => {
        const info = file.pad ? null : this.look(i);
        if (info === null) this.#absent.add(i);
        return {
          exists: info !== null,
          size: info?.size ?? 0,
          mtimeMs: info?.mtimeMs ?? null,
        };
      }),
    };
  }

  /** Room that is missing and free, in bytes. */
  space(): Space {
    let needed = 0;
    this.#beginSurvey();
    this.layout.files.forEach((file, i) => {
      if (file.pad || file.apart) return;
      const info = this.look(i);
      needed += Math.max(0, file.length - (info?.allocated ?? info?.size ?? 0));
    });
    return { needed, free: this.system.free(this.folder) };
  }

  /** What stands at a file's path, null for nothing; one of many looks after another. */
  look(index: number): FileInfo | null {
    const file = this.layout.files[index]!;
    return this.#guard(index, () => this.#pathsOf(file).survey(file.path));
  }

  /** A file's path on disk. */
  path(index: number): string {
    if (index !== this.#lastIndex) {
      const file = this.layout.files[index]!;
      this.#lastPath = this.#pathsOf(file).text(file.path);
      this.#lastIndex = index;
    }
    return this.#lastPath;
  }

  /** Closes this torrent's handles; no more are opened. */
  close(): void {
    this.#closed = true;
    this.layout.files.forEach((file, i) => {
      if (!file.pad) this.pool.close(this.path(i));
    });
  }

  /** Where a file has its path. */
  #pathsOf({ apart }: Pick<StoredFile, "apart">): SafePaths {
    return apart ? this.#ownPaths : this.#paths;
  }

  #forget(): void {
    this.#paths.forget();
    this.#ownPaths.forget();
  }

  #beginSurvey(): void {
    this.#paths.beginSurvey();
    this.#ownPaths.beginSurvey();
  }

  /** Where a run of the torrent's bytes lies. */
  spans(offset: number, length: number): Span[] {
    return this.#map.spans(offset, length);
  }

  #openPath(index: number): string {
    const path = this.path(index);
    if (this.#closed) throw new DiskError("other", path, "Storage is closed");
    return path;
  }

  #readable(index: number): OpenFile {
    const path = this.#openPath(index);
    return this.pool.get(path, false) ?? this.pool.add(path, () => {
      const file = this.layout.files[index]!;
      const info = this.#pathsOf(file).look(file.path);
      if (info === null) throw new DiskError("missing", path, `Not found: ${path}`);
      return this.#open(path, "read", info);
    });
  }

  /** The file, open for writing; `soon` bytes from its start or more are written next. */
  #writable(index: number, soon = 0): OpenFile {
    const path = this.#openPath(index);
    // a handle to what was not there is another torrent's
    const mine = this.#absent.has(index) ? undefined : this.pool.get(path, true);
    return mine ?? this.pool.add(path, () => {
      try {
        return this.#openForWriting(index, path, soon);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        this.#forget(); // a folder we knew was removed: make it again
        return this.#openForWriting(index, path, soon);
      }
    });
  }

  /** Opens or makes a file and gives it its full length, as a hole unless zeros are to be written. */
  #openForWriting(index: number, path: string, soon: number): OpenFile {
    const wanted = this.layout.files[index]!;
    const { length, apart = false } = wanted;
    // where nothing was nothing is looked for: making a file fails when something stands there now
    const info = this.#absent.has(index) ? null : this.#pathsOf(wanted).look(wanted.path);
    const size = info?.size ?? 0;
    if (size > length && !this.options.overwrite) {
      const message = `Expected at most ${length} bytes, found ${size}: ${path}`;
      throw new DiskError("exists", path, message);
    }
    const file = info === null ? this.#make(index, path) : this.#open(path, "write", info);
    if (file === null) return this.#openForWriting(index, path, soon);
    this.#absent.delete(index);
    try {
      const fills = soon === length;
      const grows = size < length && !this.options.preallocate && !fills && !apart;
      if (size > length || grows) {
        file.truncate(length);
      }
      if (info === null && !this.options.preallocate && !apart) this.#made.add(index);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Makes a file; null when another has made it since we looked and it may be overwritten. */
  #make(index: number, path: string): OpenFile | null {
    const file = this.layout.files[index]!;
    const { path: components } = file;
    const paths = this.#pathsOf(file);
    if (file.apart) stateFolder(this.folder);
    paths.makeWay(components);
    try {
      return this.system.open(path, "create");
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      const info = paths.look(components);
      if (info === null) throw error;
      if (this.options.overwrite && this.#absent.delete(index)) return null;
      throw new DiskError(
        "exists",
        path,
        `Refused to overwrite ${path}, it was made by another since this download began: choose another -d or -o`,
      );
    }
  }

  /** Opens what was just looked at; should a link have taken its place since, it is not the same file. */
  #open(path: string, mode: "read" | "write", seen: FileInfo): OpenFile {
    const file = this.system.open(path, mode);
    if (seen.identity === file.info().identity) return file;
    file.close();
    throw new DiskError("link", path, `Refused a file that was swapped while opening: ${path}`);
  }

  async #preallocate(): Promise<void> {
    const breather = new Breather();
    for (const [i, file] of this.layout.files.entries()) {
      if (file.pad || file.apart || file.length === 0) continue;
      let at = this.#guard(i, () => this.#writable(i).info().size);
      while (at < file.length) {
        const count = Math.min(ZEROS.length, file.length - at);
        this.#guard(i, () => this.#writable(i).writeAt(ZEROS.subarray(0, count), at));
        at += count;
        await breather.pause();
      }
      this.#syncer.wrote(i);
    }
  }

  #openToSync(index: number): OpenFile {
    const path = this.path(index);
    const file = this.layout.files[index]!;
    const info = this.#pathsOf(file).look(file.path);
    if (info === null) throw new DiskError("missing", path, `Removed while in use: ${path}`);
    return this.#open(path, "write", info);
  }

  #guard<T>(index: number, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw this.#explain(error, this.path(index));
    }
  }

  /** A disk-full error says how much is missing, for all files still to be filled. */
  #explain(error: unknown, path: string): DiskError {
    const known = asDiskError(error, path);
    if (known.reason !== "disk-full" || known.missing !== null) return known;
    let missing: number | null = null;
    try {
      const { needed, free } = this.space();
      if (free !== null && needed > free) missing = needed - free;
    } catch {
      // Looking failed as well; the first failure is the one to tell.
    }
    return new DiskError("disk-full", known.path, known.message, missing, known.code);
  }
}
