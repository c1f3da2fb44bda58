import { StorageError } from "../base/mod.ts";
import { geometryOf, type Metainfo, type TorrentFile } from "../metainfo/mod.ts";
import { placed, type Rename, rename, rootOf } from "../session/mod.ts";
import type { FileMove, StateDb } from "../storage/mod.ts";
import { refused } from "./complaint.ts";
import type { Book } from "./book.ts";
import type { Entry } from "./entry.ts";
import { nameOf } from "./intake.ts";
import type { Library } from "./library.ts";
import { checkName, parseLocation } from "./locations.ts";
import type { ManagedDisk } from "./parts.ts";
import type { TorrentRecord } from "./record.ts";

/** What tells where a torrent's files are. */
export type Names = Pick<TorrentRecord, "location" | "renames">;

/**
 * Where the files of torrents lie, and how they come elsewhere. A torrent must not run meanwhile. What is to be done is
 * kept before the first file moves, so that a crash in between leaves something to be gone on with.
 */
export class Relocation {
  readonly #state: StateDb;
  readonly #library: Library;
  readonly #book: Book;
  readonly #disk: () => ManagedDisk;

  constructor(state: StateDb, library: Library, book: Book, disk: () => ManagedDisk) {
    this.#state = state;
    this.#library = library;
    this.#book = book;
    this.#disk = disk;
  }

  /** Moves the files, and that is where they are from then on. Rejects with `StorageError` and `UsageError`: nothing has moved. */
  async move(entry: Entry, target: Names): Promise<void> {
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (metainfo === null) return entry.set(target);
    await this.#refuseShared(entry, metainfo);
    entry.set({ target });
    this.#book.save();
    try {
      await this.finish(entry);
    } catch (error) {
      entry.set({ target: null });
      throw error;
    }
  }

  /** Goes on with a move that was begun. Rejects with `StorageError`. */
  async finish(entry: Entry): Promise<void> {
    const { target } = entry.record;
    if (target === null) return;
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (metainfo !== null) {
      await this.#shift(entry, metainfo, target);
      entry.set({ name: nameOf(metainfo, target.renames) });
    }
    entry.set({ ...target, target: null });
    this.#book.save();
  }

  /** Takes back a move that was begun and cannot be finished. Rejects with `StorageError`: files are at both places. */
  async revert(entry: Entry): Promise<void> {
    const { target } = entry.record;
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (target !== null && metainfo !== null) {
      const isOurs = this.#ownership(entry, metainfo);
      for (const move of movesOf(metainfo, target, entry.record, isOurs)) {
        await this.#disk().moveFiles([move]).catch((error) => {
          if (!isBarred(error, move.from)) throw error;
        });
      }
    }
    entry.set({ target: null });
  }

  /** The files are looked for at another place. */
  async point(entry: Entry, location: string): Promise<void> {
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    entry.set({ location, target: null, check: true });
    if (metainfo === null) return;
    const options = { location: parseLocation(location) };
    this.#state.moved(entry.infoHash, rootOf(filesOf(metainfo, entry.record), options));
  }

  /** Where the files are once a file or folder has another name. Rejects with `UsageError`. */
  async renamed(entry: Entry, path: string, name: string): Promise<Names> {
    const { location, renames } = entry.record;
    checkName(name);
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (metainfo === null) {
      throw refused(
        { code: "no-metadata", values: {} },
        "Expected a torrent whose metadata is here",
      );
    }
    return { location, renames: renamed(metainfo, renames, { path, name }) };
  }

  /** Deletes the files of a torrent, but those that others have too and what stands in their places and is not of it. */
  async delete(entry: Entry): Promise<void> {
    const metainfo = await this.#library.get(entry.infoHash, entry.hash);
    if (metainfo === null) return;
    const others = new Set((await this.#sharing(entry)).keys());
    const isOurs = this.#ownership(entry, metainfo);
    const files = filesOf(metainfo, entry.record)
      .filter((file) => !file.pad && isOurs(file) && !others.has(keyOf(file.path)));
    await this.#disk().deleteFiles(files.map(({ path }) => path));
  }

  /** Deletes what lies in tm's own folder of files that are not wanted: nobody will know of it. */
  async forgetParts(entry: Entry): Promise<void> {
    await this.#disk().deleteFiles([], entry.hash);
  }

  async #shift(entry: Entry, metainfo: Metainfo, to: Names): Promise<void> {
    const moves = movesOf(metainfo, entry.record, to, this.#movable(entry, metainfo));
    if (moves.length > 0) await this.#disk().moveFiles(moves);
    const options = { location: parseLocation(to.location) };
    this.#state.moved(entry.infoHash, rootOf(filesOf(metainfo, to), options));
  }

  async #refuseShared(entry: Entry, metainfo: Metainfo): Promise<void> {
    const others = await this.#sharing(entry);
    const isOurs = this.#movable(entry, metainfo);
    for (const file of filesOf(metainfo, entry.record)) {
      const { path, pad } = file;
      const other = pad || !isOurs(file) ? undefined : others.get(keyOf(path));
      if (other === undefined) continue;
      const values = { path: path.join("/"), name: other };
      const message = `${values.path} is a file of ${other} too; remove one of the two`;
      throw refused({ code: "shared-file", values }, message);
    }
  }

  /** Tells which files are moved: a stranger's that stood in the way stays. */
  #movable(entry: Entry, metainfo: Metainfo): (file: TorrentFile) => boolean {
    const strange = entry.record.trouble?.reason === "file-exists";
    return strange ? this.#ownership(entry, metainfo) : () => true;
  }

  /** Tells whether what stands at a file's place was written or verified by us. */
  #ownership({ infoHash, record }: Entry, metainfo: Metainfo): (file: TorrentFile) => boolean {
    const { pieceCount, pieceLength } = geometryOf(metainfo);
    const known = this.#state.load(infoHash, pieceCount)?.intent ?? null;
    // the record of pieces may be lost: then our own tells
    if (known === null) return () => record.valid > 0;
    return ({ offset, length }) => {
      const last = Math.floor((offset + Math.max(1, length) - 1) / pieceLength);
      for (let piece = Math.floor(offset / pieceLength); piece <= last; piece++) {
        if (known.has(piece)) return true;
      }
      return length === 0 && known.count > 0;
    };
  }

  /** The files of other torrents whose paths may be those of this one, with the names of the torrents. */
  async #sharing(entry: Entry): Promise<Map<string, string>> {
    const out = new Map<string, string>();
    const root = topOf(entry);
    for (const other of this.#book.all()) {
      if (other === entry || other.leaving?.data) continue;
      const top = topOf(other);
      if (!root.startsWith(top) && !top.startsWith(root)) continue;
      const metainfo = await this.#library.get(other.infoHash, other.hash);
      if (metainfo === null) continue;
      for (const { path, pad } of filesOf(metainfo, other.record)) {
        if (!pad) out.set(keyOf(path), other.record.name);
      }
    }
    return out;
  }
}

function filesOf({ files }: Metainfo, { location, renames }: Names): readonly TorrentFile[] {
  return placed(files, { location: parseLocation(location), renames });
}

function movesOf(
  metainfo: Metainfo,
  from: Names,
  to: Names,
  isOurs: (file: TorrentFile) => boolean,
): FileMove[] {
  const after = filesOf(metainfo, to);
  return filesOf(metainfo, from).flatMap((file, i) => {
    const target = after[i]!.path;
    const same = file.path.join("/") === target.join("/");
    return file.pad || same || !isOurs(file) ? [] : [{ from: file.path, to: target }];
  });
}

/** True when a link, or what is no folder, stands on the way to a place: nothing of ours came there. */
function isBarred(error: unknown, place: readonly string[]): boolean {
  if (!(error instanceof StorageError)) return false;
  const { reason, path } = error;
  if (reason !== "link" && reason !== "not-a-folder") return false;
  return place.some((_, i) => path.endsWith(`/${place.slice(0, i + 1).join("/")}`));
}

/** The file or folder that all files of a torrent are or lie in. */
function topOf({ record: { location, name } }: Entry): string {
  return `${keyOf([...parseLocation(location), name])}/`;
}

/** One for all spellings that may be one file. */
function keyOf(path: readonly string[]): string {
  return path.join("/").toLowerCase();
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
  if (!hit) {
    const message = `There is nothing named ${more.path} in the torrent`;
    throw refused({ code: "no-such-path", values: { path: more.path } }, message);
  }
  const next = [...renames, more];
  const after = rename(files, next);
  const taken = new Set<string>();
  const folders = new Set<string>();
  for (const { path, pad } of after) {
    if (pad) continue;
    const key = path.join("/").toLowerCase();
    if (taken.has(key)) {
      const values = { path: path.join("/") };
      const message = `There is a file named ${values.path} already`;
      throw refused({ code: "file-taken", values }, message);
    }
    taken.add(key);
    for (let i = 1; i < path.length; i++) folders.add(path.slice(0, i).join("/").toLowerCase());
  }
  for (const key of taken) {
    if (folders.has(key)) {
      const message = `There is a folder named ${key} already`;
      throw refused({ code: "folder-taken", values: { path: key } }, message);
    }
  }
  return next;
}
