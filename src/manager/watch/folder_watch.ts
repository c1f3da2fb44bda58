import { BencodeError } from "../../bencode/mod.ts";
import {
  type Bytes,
  formatSize,
  MagnetError,
  messageOf,
  MetainfoError,
  StorageError,
  UsageError,
} from "../../base/mod.ts";
import type { Magnet } from "../../metainfo/mod.ts";
import type { EngineEvent } from "../../session/mod.ts";
import type { WatchedEntry, WatchedFolder } from "../../storage/mod.ts";
import type { Added, ManagerApi } from "../api.ts";
import type { ManagerClock } from "../parts.ts";
import { readMagnetFile } from "./magnet_file.ts";
import { type Settled, Settling } from "./settling.ts";

/** Between two looks at the folder; one that finds it unchanged costs a single question. */
export const POLL_MS = 2000;
/** Not every file system tells that a name has come: the names are read this often whatever it says. */
export const LIST_MS = 30_000;
/** Its time may stand still for so long although something changes: two seconds on FAT. */
const COARSE_MS = 3000;
/** A link is a line of text. */
export const MAX_MAGNET_BYTES = 64 * 1024;
/** Files left alone that are named in one look; of the others there is a number. */
const MOST_NAMED = 5;

/** What the watch asks of the folder. */
export type WatchPort = Pick<
  WatchedFolder,
  "folder" | "stamp" | "list" | "read" | "setAside" | "remove"
>;

/** What a watch is made of. */
export interface WatchParts {
  readonly port: WatchPort;
  readonly manager: Pick<ManagerApi, "add" | "session">;
  readonly clock: Pick<ManagerClock, "now" | "after">;
  readonly emit: (event: EngineEvent) => void;
  /** The largest torrent file read, in bytes. */
  readonly maxBytes: number;
  /** Which of the paths below the watched folder a torrent has written: strangers chose what is in those. */
  readonly ofTorrents: (paths: readonly string[]) => ReadonlySet<string>;
}

/** True for the names that a watch is about: `.torrent` and, with a link inside, `.magnet`. */
export function isWatched(name: string): boolean {
  return /[^.]\.(torrent|magnet)$/i.test(name);
}

/** Adds the torrents that somebody puts into a folder, and puts their files aside. Nothing that is wrong with one ends it. */
export class FolderWatch {
  readonly #parts: WatchParts;
  readonly #settling = new Settling();
  /** What was said of files that are still there. */
  #said = new Map<string, string>();
  #stamp = "";
  #changedAt = -Infinity;
  #listedAt = -Infinity;
  /** The last complaint about the folder itself. */
  #complaint: string | null = null;
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Looks now, and again and again. */
  start(): void {
    void this.#round();
  }

  /** Looks no more. A file that is being dealt with may have been added, and is found again by the next watch. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #round(): Promise<void> {
    try {
      await this.#look();
      if (this.#complaint !== null) this.#say("Can be used again");
      this.#complaint = null;
    } catch (error) {
      // another folder may be there when it is back
      this.#stamp = "";
      const complaint = messageOf(error);
      if (complaint !== this.#complaint) this.#say(complaint);
      this.#complaint = complaint;
    }
    if (this.#stopped) return;
    this.#cancel = this.#parts.clock.after(POLL_MS, () => void this.#round());
  }

  async #look(): Promise<void> {
    const { port, clock } = this.#parts;
    const stamp = await port.stamp();
    const now = clock.now();
    if (stamp !== this.#stamp) [this.#stamp, this.#changedAt] = [stamp, now];
    const quiet = now - this.#changedAt > COARSE_MS && now - this.#listedAt < LIST_MS;
    if (quiet && !this.#settling.waiting) return;
    this.#listedAt = now;
    const entries = await port.list();
    const files = entries.filter(({ kind }) => kind === "file");
    const settled = this.#settling.see(files, clock.now());
    const foreign = this.#parts.ofTorrents(settled.map(({ file }) => file.path));
    for (const path of foreign) this.#settling.leave(path);
    this.#leaveAlone(entries, foreign);
    const todo = settled.filter(({ file }) => !foreign.has(file.path));
    if (todo.length === 0) return;
    const { settings: { trashTorrents } } = await this.#parts.manager.session();
    const byPath = new Map(files.map((file) => [file.path, file]));
    for (const { file, last } of todo) {
      if (this.#stopped) return;
      const entry = byPath.get(file.path);
      if (entry !== undefined) await this.#take(entry, last, trashTorrents);
    }
  }

  /** Links, pipes and the like, data of torrents: said once. */
  #leaveAlone(entries: readonly WatchedEntry[], foreign: ReadonlySet<string>): void {
    const before = this.#said;
    this.#said = new Map();
    const news: [path: string, why: string][] = [];
    for (const { path, kind } of entries) {
      const said = before.get(path);
      if (said !== undefined) this.#said.set(path, said);
      const why = WHY_LEFT[kind];
      if ((kind === "file" && !foreign.has(path)) || said === why) continue;
      this.#said.set(path, why);
      news.push([path, why]);
    }
    for (const [path, why] of news.slice(0, MOST_NAMED)) this.#report(path, null, "left", why);
    const more = news.length - MOST_NAMED;
    if (more > 0) this.#say(`${more} more files are left alone`);
  }

  async #take(entry: WatchedEntry, last: Settled["last"], trash: boolean): Promise<void> {
    const { path } = entry;
    const { port, clock } = this.#parts;
    let added: Added;
    try {
      added = await this.#add(entry);
    } catch (error) {
      if (this.#stopped) return;
      // gone, or written to: the next look tells
      if (error instanceof StorageError && /^(missing|exists)$/.test(error.reason)) return;
      if (!isBad(error)) {
        this.#settling.postpone(path, clock.now());
        const why = messageOf(error);
        if (this.#said.get(path) === why) return;
        this.#said.set(path, why);
        return this.#report(path, null, "left", `${why}; tried again every minute`);
      }
      if (!last && !(error instanceof TooLarge)) return this.#settling.doubt(path);
      const why = reasonOf(error);
      const place = await this.#put(path, () => port.setAside(path, "failed", why));
      return this.#report(path, null, "failed", place === "" ? why : `${why}; ${place}`);
    }
    const place = await this.#put(path, async () => {
      if (trash) await port.remove(path);
      else await port.setAside(path, "added", null);
      return "";
    });
    const { hash, duplicate } = added;
    this.#report(path, added, duplicate ? "duplicate" : "added", place === "" ? null : place, hash);
  }

  async #add(entry: WatchedEntry): Promise<Added> {
    const { port, manager, maxBytes } = this.#parts;
    const { path, size } = entry;
    const isLink = /\.magnet$/i.test(path);
    const most = isLink ? MAX_MAGNET_BYTES : maxBytes;
    if (size > most) {
      throw new TooLarge(`Expected at most ${formatSize(most)}, got ${formatSize(size)}`);
    }
    if (size === 0) throw new MetainfoError("", "The file is empty");
    const bytes = await port.read(entry, most);
    const torrent: Bytes | Magnet = isLink ? readMagnetFile(bytes) : bytes;
    const label = path.includes("/") ? path.slice(0, path.indexOf("/")) : null;
    return await manager.add({
      torrent,
      ...(label === null ? {} : { settings: { labels: [label] } }),
    });
  }

  /** What is to be said of where a file went; one that cannot go stays, and is not read again until it changes. */
  async #put(path: string, move: () => Promise<string>): Promise<string> {
    try {
      const place = await move();
      return place === "" ? "" : `now ${place}`;
    } catch (error) {
      if (error instanceof StorageError && error.reason === "missing") return "";
      this.#settling.leave(path);
      return `it stays where it is: ${messageOf(error)}`;
    }
  }

  #report(
    path: string,
    added: Added | null,
    outcome: "added" | "duplicate" | "failed" | "left",
    message: string | null,
    torrent: string | null = null,
  ): void {
    const { emit, port: { folder } } = this.#parts;
    const name = added?.name ?? null;
    emit({ type: "watched", torrent, path: `${folder}/${path}`, name, outcome, message });
  }

  #say(message: string): void {
    const { emit, port: { folder } } = this.#parts;
    emit({ type: "warning", torrent: null, message: `Watched folder ${folder}: ${message}` });
  }
}

const WHY_LEFT: Readonly<Record<WatchedEntry["kind"], string>> = {
  file: "a torrent has written it",
  link: "links are not followed",
  other: "it is no plain file",
};

class TooLarge extends Error {}

/** What is wrong with the file itself, and will not change by waiting. */
function isBad(error: unknown): boolean {
  return error instanceof TooLarge || error instanceof MetainfoError ||
    error instanceof BencodeError || error instanceof MagnetError || error instanceof UsageError;
}

function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return error instanceof BencodeError ? `No torrent file: ${message}` : message;
}
