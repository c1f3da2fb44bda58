import { UsageError } from "../base/mod.ts";
import type { Metainfo } from "../metainfo/mod.ts";
import { placed, type Rename, rename, rootOf } from "../session/mod.ts";
import type { StateDb } from "../storage/mod.ts";
import type { Entry } from "./entry.ts";
import type { Library } from "./library.ts";
import { checkName, parseLocation } from "./locations.ts";
import type { ManagedDisk } from "./parts.ts";
import type { TorrentRecord } from "./record.ts";

type Names = Pick<TorrentRecord, "location" | "renames">;

/**
 * Where the files of torrents lie, and how they come elsewhere. A torrent must not run meanwhile. What is to be done is
 * in its record before the first file moves, so that a crash in between leaves something to be gone on with.
 */
export class Relocation {
  readonly #state: StateDb;
  readonly #library: Library;
  readonly #disk: () => ManagedDisk;

  constructor(state: StateDb, library: Library, disk: () => ManagedDisk) {
    this.#state = state;
    this.#library = library;
    this.#disk = disk;
  }

  /** Moves the files to where `entry.record.target` says, and that is where they are from then on. Rejects with `StorageError`. */
  async move(entry: Entry): Promise<void> {
    const { location, renames, target } = entry.record;
    if (target === null) return;
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (metainfo !== null) {
      await this.#shift(entry, metainfo, { location, renames }, target);
      entry.set({ name: rename(metainfo.files, target.renames)[0]!.path[0]! });
    }
    entry.set({ ...target, target: null });
  }

  /** The files are looked for at another place. */
  async point(entry: Entry, location: string): Promise<void> {
    entry.set({ location, target: null, check: true });
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (metainfo === null) return;
    const options = { location: parseLocation(location) };
    this.#state.moved(entry.infoHash, rootOf(this.#files(metainfo, entry.record), options));
  }

  /** Where the files are once a file or folder has another name. Rejects with `UsageError`. */
  async renamed(entry: Entry, path: string, name: string): Promise<Names> {
    const { location, renames } = entry.record;
    checkName(name);
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (metainfo === null) throw new UsageError("Expected a torrent whose metadata is here");
    return { location, renames: renamed(metainfo, renames, { path, name }) };
  }

  /** Deletes the files of a torrent. */
  async delete(entry: Entry): Promise<void> {
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (metainfo === null) return;
    const files = this.#files(metainfo, entry.record);
    await this.#disk().deleteFiles(files.filter(({ pad }) => !pad).map(({ path }) => path));
  }

  async #shift(entry: Entry, metainfo: Metainfo, from: Names, to: Names): Promise<void> {
    const [before, after] = [this.#files(metainfo, from), this.#files(metainfo, to)];
    const moves = before.flatMap((file, i) => {
      const target = after[i]!.path;
      const same = file.pad || file.path.join("/") === target.join("/");
      return same ? [] : [{ from: file.path, to: target }];
    });
    if (moves.length > 0) await this.#disk().moveFiles(moves);
    const options = { location: parseLocation(to.location) };
    this.#state.moved(entry.infoHash, rootOf(after, options));
  }

  #files({ files }: Metainfo, { location, renames }: Names) {
    return placed(files, { location: parseLocation(location), renames });
  }
}

/** The renames with one more. Throws `UsageError` when nothing has that path, or two files would have one. */
function renamed(
  { files }: Metainfo,
  renames: readonly Rename[],
  more: Rename,
): readonly Rename[] {
  const before = rename(files, renames);
  const hit = before.some(({ path, pad }) =>
    !pad && `${path.join("/")}/`.startsWith(`${more.path}/`)
  );
  if (!hit) throw new UsageError(`There is nothing named ${more.path} in the torrent`);
  const next = [...renames, more];
  const after = rename(files, next);
  const taken = new Set<string>();
  const folders = new Set<string>();
  for (const { path, pad } of after) {
    if (pad) continue;
    const key = path.join("/").toLowerCase();
    if (taken.has(key)) throw new UsageError(`There is a file named ${path.join("/")} already`);
    taken.add(key);
    for (let i = 1; i < path.length; i++) folders.add(path.slice(0, i).join("/").toLowerCase());
  }
  for (const key of taken) {
    if (folders.has(key)) throw new UsageError(`There is a folder named ${key} already`);
  }
  return next;
}
