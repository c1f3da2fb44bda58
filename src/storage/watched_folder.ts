import type { Bytes } from "../base/mod.ts";
import { asDiskError, codeOf, DiskError } from "./disk_error.ts";

/** What stands in a watched folder and may be a torrent, or leads to one. */
export interface WatchedEntry {
  /** Below the folder, with `/`: a name, or one in a folder of it. */
  readonly path: string;
  readonly kind: "file" | "link" | "other";
  readonly size: number;
  readonly mtimeMs: number | null;
}

/** Where files that were dealt with go. */
export type AsideFolder = "added" | "failed";

/** Folders of folders are not looked into; of the folders of the watched one so many are. */
const MOST_FOLDERS = 100;
/** Files in one listing: the others come when these are gone. */
const MOST_FILES = 10_000;
/** Bytes that a file name may have on every file system. */
const MOST_NAME_BYTES = 255;
const MOST_NAMESAKES = 10_000;
const ASIDE: ReadonlySet<string> = new Set<AsideFolder>(["added", "failed"]);

/**
 * A folder that somebody puts files into, perhaps over a network: nothing here blocks the thread. No link is followed
 * but the folder itself, nothing is opened that is not a plain file, nothing is overwritten.
 */
export class WatchedFolder {
  readonly #accepts: (name: string) => boolean;
  #folders: readonly string[] = [];

  /** `folder`: absolute and real; `accepts` says by its name whether a file is of interest. */
  constructor(readonly folder: string, accepts: (name: string) => boolean) {
    this.folder = folder.replace(/\/+$/, "");
    this.#accepts = accepts;
  }

  /** Changes whenever a name comes or goes, on file systems that keep time. Rejects with `DiskError`. */
  async stamp(): Promise<string> {
    try {
      const times = [await timeOf(this.folder)];
      for (const name of this.#folders) {
        times.push(await timeOf(`${this.folder}/${name}`).catch(() => "gone"));
      }
      return times.join(" ");
    } catch (error) {
      throw asDiskError(error, this.folder);
    }
  }

  /** What is there, in the order of the names. Rejects with `DiskError`. */
  async list(): Promise<WatchedEntry[]> {
    try {
      const { files, folders } = await this.#names("");
      this.#folders = folders;
      const paths = [...files];
      for (const name of folders) {
        if (paths.length >= MOST_FILES) break;
        // it may be gone, or closed to us: the others are not
        const inner = await this.#names(`${name}/`).catch(() => ({ files: [] }));
        paths.push(...inner.files);
      }
      const entries: WatchedEntry[] = [];
      for (const path of paths.slice(0, MOST_FILES)) {
        const entry = await this.#look(path);
        if (entry !== null) entries.push(entry);
      }
      return entries;
    } catch (error) {
      throw asDiskError(error, this.folder);
    }
  }

  /** A file of at most `limit` bytes, as it was listed. Rejects with `DiskError`: `missing`, `exists` when it is another by now. */
  async read(entry: WatchedEntry, limit: number): Promise<Bytes> {
    const path = this.#path(entry.path);
    try {
      const before = await Deno.lstat(path);
      if (!before.isFile || before.size !== entry.size || before.size > limit) {
        throw new DiskError("exists", path, `Expected it not to change: ${path}`);
      }
      using file = await Deno.open(path);
      // between the two somebody could have put a link in its place
      const { dev, ino, isFile } = await file.stat();
      if (!isFile || dev !== before.dev || ino !== before.ino) {
        throw new DiskError("link", path, `Refused to follow a link: ${path}`);
      }
      const bytes: Bytes = new Uint8Array(before.size);
      let at = 0;
      while (at < bytes.length) {
        const count = await file.read(bytes.subarray(at));
        if (count === null) break;
        at += count;
      }
      return bytes.subarray(0, at);
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  /**
   * Moves a file into a folder beside it, under another name when its own is taken; with a `reason` in a text file of
   * the same name. Returns its new path below the folder. Rejects with `DiskError`; then it stays.
   */
  async setAside(path: string, to: AsideFolder, reason: string | null): Promise<string> {
    const from = this.#path(path);
    try {
      await this.#makeFolder(to);
      const name = await this.#freeName(to, path.slice(path.lastIndexOf("/") + 1));
      const place = this.#path(`${to}/${name}`);
      await Deno.rename(from, place);
      // the file has gone where it belongs, also where there is no room for a reason
      if (reason !== null) {
        await Deno.writeTextFile(`${place}.txt`, `${reason}\n`, { createNew: true }).catch(
          () => {},
        );
      }
      return `${to}/${name}`;
    } catch (error) {
      throw asDiskError(error, from);
    }
  }

  /** Deletes a file. Rejects with `DiskError`. */
  async remove(path: string): Promise<void> {
    try {
      await Deno.remove(this.#path(path));
    } catch (error) {
      throw asDiskError(error, this.#path(path));
    }
  }

  #path(path: string): string {
    return `${this.folder}/${path}`;
  }

  /** Names in the folder, or in one of it when `within` names that, with a `/`. */
  async #names(within: string): Promise<{ readonly files: string[]; readonly folders: string[] }> {
    const files: string[] = [];
    const folders: string[] = [];
    if (within !== "" && !(await Deno.lstat(this.#path(within.slice(0, -1)))).isDirectory) {
      return { files, folders };
    }
    for await (const entry of Deno.readDir(this.#path(within))) {
      // hidden: of the system, or on its way here, as rsync names it
      if (entry.name.startsWith(".")) continue;
      if (!entry.isDirectory) {
        if (files.length < MOST_FILES && this.#accepts(entry.name)) files.push(within + entry.name);
      } else if (within === "" && !ASIDE.has(entry.name) && folders.length < MOST_FOLDERS) {
        folders.push(entry.name);
      }
    }
    return { files: files.sort(), folders: folders.sort() };
  }

  async #look(path: string): Promise<WatchedEntry | null> {
    try {
      const info = await Deno.lstat(this.#path(path));
      const kind = info.isSymlink ? "link" : info.isFile ? "file" : "other";
      return { path, kind, size: info.size, mtimeMs: info.mtime?.getTime() ?? null };
    } catch {
      return null; // it went in between
    }
  }

  async #makeFolder(name: AsideFolder): Promise<void> {
    const path = this.#path(name);
    await Deno.mkdir(path).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    });
    const info = await Deno.lstat(path);
    if (info.isSymlink) throw new DiskError("link", path, `Refused to follow a link: ${path}`);
    if (!info.isDirectory) throw new DiskError("not-a-folder", path, `Expected a folder: ${path}`);
  }

  /** `x.torrent`, or when that is taken `x.2.torrent` and so on. */
  async #freeName(folder: AsideFolder, name: string): Promise<string> {
    const dot = name.lastIndexOf(".");
    const end = name.slice(dot);
    for (let number = 1; number <= MOST_NAMESAKES; number++) {
      const suffix = number === 1 ? end : `.${number}${end}`;
      const free = cut(name.slice(0, dot), MOST_NAME_BYTES - `${suffix}.txt`.length) + suffix;
      const path = this.#path(`${folder}/${free}`);
      if (!await stands(path) && !await stands(`${path}.txt`)) return free;
    }
    throw new DiskError("exists", this.#path(folder), `Too many files named ${name}`);
  }
}

async function timeOf(path: string): Promise<string> {
  const { mtime, ino } = await Deno.lstat(path);
  return `${ino}:${mtime?.getTime()}`;
}

/** The beginning of a text that has so many bytes in UTF-8 at most. */
function cut(text: string, most: number): string {
  const bytes = new Uint8Array(most);
  const { read } = new TextEncoder().encodeInto(text, bytes);
  return text.slice(0, read);
}

async function stands(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
