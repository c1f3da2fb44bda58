import type { Bytes } from "../base/mod.ts";
import { FileMap, type Span } from "../metainfo/mod.ts";
import { Breather } from "./breather.ts";
import { asDiskError, DiskError } from "./disk_error.ts";
import type { FilePool } from "./file_pool.ts";
import { FileSyncer } from "./file_syncer.ts";
import type { FileInfo, FileSystem, OpenFile } from "./file_system.ts";
import { FilePlaces } from "./file_places.ts";
import type {
  Arranged,
  Arrangement,
  Inspection,
  OpenOptions,
  Space,
  TorrentLayout,
} from "./store.ts";

/** Bytes of zeros written at a time; short enough that the worker answers reads in between. */
const ZEROS = new Uint8Array(4 * 1024 * 1024);

/** One torrent's files as the disk worker sees them; synchronous where the system is. Throws `DiskError`. */
export class TorrentFiles {
  readonly #map: FileMap;
  readonly places: FilePlaces;
  readonly #syncer: FileSyncer;
  /** Files that were not there when last looked for, and not made since. */
  readonly #absent = new Set<number>();
  /** Files made here, which have their full length. */
  readonly #made = new Set<number>();
  /** Wanted files where something else stood, not yet taken for this torrent's. */
  #met: ReadonlySet<number> = new Set();
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
    this.places = new FilePlaces(layout, folder, system);
    this.#syncer = new FileSyncer({
      pool,
      path: (index) => this.path(index),
      openToSync: (index) => this.#openToSync(index),
      explain: (error, path) => this.#explain(error, path),
    });
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

  /** Puts files where they belong, as in `TorrentStore`. */
  arrange(to: Arrangement): Arranged {
    const forget = (index: number) => {
      this.#absent.delete(index);
      this.#made.delete(index);
    };
    const before = this.layout.files.map((_, i) => this.places.isApart(i));
    const arranged = this.#guard(0, () =>
      this.places.arrange(to, (index) => {
        this.pool.close(this.path(index));
        forget(index);
      }));
    if (to.look) return arranged;
    arranged.apart.forEach((apart, i) => {
      if (apart !== before[i]) forget(i);
    });
    this.#met = new Set(arranged.met);
    this.#preparing = null;
    return arranged;
  }

  /** What was met is the torrent's. */
  tidy(): void {
    this.#met = new Set();
    this.#guard(0, () => this.places.tidy());
  }

  /** Something stood at the file's path that nobody has looked at. */
  isMet(index: number): boolean {
    return this.#met.has(index);
  }

  /** Makes empty files, cuts long ones when that is allowed, and sees that every file is whole. */
  finish(): void {
    const listed = new Map<string, ReadonlySet<string>>();
    this.layout.files.forEach((file, i) => {
      if (!this.places.isWanted(i) || (this.#made.has(i) && this.#isListed(i, listed))) return;
      this.#guard(i, () => {
        const info = this.places.look(i);
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
    this.places.forget();
    this.places.beginSurvey();
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
    this.places.beginSurvey();
    this.layout.files.forEach((file, i) => {
      if (!this.places.isWanted(i)) return;
      const info = this.look(i);
      needed += Math.max(0, file.length - (info?.allocated ?? info?.size ?? 0));
    });
    return { needed, free: this.system.space(this.folder)?.free ?? null };
  }

  /** What stands at a file's path, null for nothing; one of many looks after another. */
  look(index: number): FileInfo | null {
    return this.#guard(index, () => this.places.survey(index));
  }

  /** A file's path on disk. */
  path(index: number): string {
    return this.places.path(index);
  }

  /** Closes this torrent's handles; no more are opened. */
  close(): void {
    this.#closed = true;
    this.layout.files.forEach((file, i) => {
      if (!file.pad) this.pool.close(this.path(i));
    });
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
      const info = this.places.look(index);
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
        this.places.forget(); // a folder we knew was removed: make it again
        return this.#openForWriting(index, path, soon);
      }
    });
  }

  /** Opens or makes a file and gives it its full length, as a hole unless zeros are to be written. */
  #openForWriting(index: number, path: string, soon: number): OpenFile {
    const { length } = this.layout.files[index]!;
    const apart = this.places.isApart(index);
    // where nothing was nothing is looked for: making a file fails when something stands there now
    const info = this.#absent.has(index) ? null : this.places.look(index);
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
    this.places.makeWay(index);
    try {
      return this.system.open(path, "create");
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      const info = this.places.look(index);
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
      if (!this.places.isWanted(i) || file.length === 0) continue;
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
    const info = this.places.look(index);
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
