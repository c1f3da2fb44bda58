import { codeOf, DiskError } from "./disk_error.ts";
import type { FileInfo, FileSystem } from "./file_system.ts";
import { SafePaths } from "./safe_paths.ts";
import { STATE_FOLDER, stateFolder } from "./state_folder.ts";
import type { Arranged, Arrangement, TorrentLayout } from "./store.ts";

/** Folder below our own for what lies apart: a folder for each torrent, in it files by their numbers. */
const PARTS = "parts";

/**
 * Where each file of a torrent lies: at its own path, or apart, below tm's own folder, when nobody wants it and
 * nothing of it stands at its path. Throws `DiskError`.
 */
export class FilePlaces {
  readonly #layout: TorrentLayout;
  readonly #folder: string;
  readonly #system: FileSystem;
  readonly #own: SafePaths;
  /** Below our own folder. */
  readonly #parts: SafePaths;
  #wanted: readonly boolean[];
  #apart: readonly boolean[];
  /** The path asked for last, which is asked for several times for each file. */
  #lastPath = "";
  #lastIndex = -1;

  /** Checks every path as text, none on disk. */
  constructor(layout: TorrentLayout, folder: string, system: FileSystem) {
    this.#layout = layout;
    this.#folder = folder;
    this.#system = system;
    this.#own = new SafePaths(folder, system);
    this.#parts = new SafePaths(`${folder}/${STATE_FOLDER}`, system);
    this.#wanted = layout.files.map((file) => file.wanted !== false);
    this.#apart = layout.files.map((file) => file.apart === true);
    for (const file of layout.files) if (!file.pad) this.#own.text(file.path);
  }

  /** Somebody wants the file, which is no padding. */
  isWanted(index: number): boolean {
    return this.#wanted[index] === true && !this.#layout.files[index]!.pad;
  }

  isApart(index: number): boolean {
    return this.#apart[index] === true;
  }

  /** A file's path on disk. */
  path(index: number): string {
    if (index !== this.#lastIndex) {
      this.#lastPath = this.#pathsOf(index).text(this.#components(index));
      this.#lastIndex = index;
    }
    return this.#lastPath;
  }

  /** What stands at a file's path, null for nothing. */
  look(index: number): FileInfo | null {
    return this.#pathsOf(index).look(this.#components(index));
  }

  /** The same as one of many that are looked at after {@linkcode beginSurvey}. */
  survey(index: number): FileInfo | null {
    return this.#pathsOf(index).survey(this.#components(index));
  }

  /** Makes the folders above a file. */
  makeWay(index: number): void {
    if (this.isApart(index)) stateFolder(this.#folder);
    this.#pathsOf(index).makeWay(this.#components(index));
  }

  /** Forgets which folders were checked. */
  forget(): void {
    this.#own.forget();
    this.#parts.forget();
  }

  beginSurvey(): void {
    this.#own.beginSurvey();
    this.#parts.beginSurvey();
  }

  /**
   * Puts files where `to` says, as in `TorrentStore.arrange`. `moves` hears of each before it is moved; the handle to
   * it must be gone then.
   */
  arrange(to: Arrangement, moves: (index: number) => void): Arranged {
    this.forget();
    this.beginSurvey();
    const left = this.#left();
    const apart = [...to.apart];
    const met: number[] = [];
    const moved: number[] = [];
    for (const [i, file] of this.#layout.files.entries()) {
      if (file.pad || (!left.has(i) && !this.isApart(i) && to.wanted[i])) continue;
      if (!to.wanted[i]) {
        if (!this.#standsThere(i)) apart[i] = true;
        continue;
      }
      const there = this.#own.survey(file.path);
      if (there !== null && there.size > 0) met.push(i);
      else if (left.has(i)) moved.push(i);
    }
    if (to.look) return { apart, met };
    for (const i of moved) {
      moves(i);
      if (!this.#moveIn(i)) met.push(i);
    }
    this.#wanted = to.wanted;
    this.#apart = apart;
    this.#lastIndex = -1;
    this.#removeEmpty();
    return { apart, met };
  }

  /** Removes what lies apart of files that do not. */
  tidy(): void {
    for (const i of this.#left()) {
      if (!this.isApart(i)) this.#system.remove(this.#parts.text(this.#partOf(i)));
    }
    this.#removeEmpty();
  }

  /** Something of an unwanted file may be at its own path; a link or a folder there is nothing of it, and nobody's fault. */
  #standsThere(index: number): boolean {
    try {
      return this.#own.survey(this.#layout.files[index]!.path) !== null;
    } catch (error) {
      if (error instanceof DiskError) return false;
      throw error;
    }
  }

  /** False when it cannot be moved as it is: its own path is on another file system. */
  #moveIn(index: number): boolean {
    const { path } = this.#layout.files[index]!;
    this.#own.makeWay(path);
    try {
      this.#system.rename(this.#parts.text(this.#partOf(index)), this.#own.text(path));
      return true;
    } catch (error) {
      if (codeOf(error) !== "EXDEV") throw error;
      return false;
    }
  }

  /** Numbers of the files of which something lies apart. */
  #left(): ReadonlySet<number> {
    return partNumbers(this.#system, this.#folder, this.#layout.parts);
  }

  #removeEmpty(): void {
    const folder = `${this.#folder}/${STATE_FOLDER}/${PARTS}`;
    this.#system.removeIfEmpty(`${folder}/${this.#layout.parts}`);
    this.#system.removeIfEmpty(folder);
    this.#parts.forget();
  }

  #partOf(index: number): readonly string[] {
    return [PARTS, this.#layout.parts ?? "", String(index)];
  }

  #components(index: number): readonly string[] {
    return this.isApart(index) ? this.#partOf(index) : this.#layout.files[index]!.path;
  }

  #pathsOf(index: number): SafePaths {
    return this.isApart(index) ? this.#parts : this.#own;
  }
}

/** Numbers of the files of which something lies apart in `folder`, for the torrent whose folder of parts is `parts`. */
export function partNumbers(
  system: FileSystem,
  folder: string,
  parts: string | undefined,
): ReadonlySet<number> {
  const out = new Set<number>();
  if (parts === undefined) return out;
  let path = folder;
  for (const name of [STATE_FOLDER, PARTS, parts]) {
    path += `/${name}`;
    // a link there leads elsewhere
    if (system.info(path)?.kind !== "folder") return out;
  }
  for (const name of system.fileNames(path)) {
    if (/^(0|[1-9]\d{0,8})$/.test(name)) out.add(Number(name));
  }
  return out;
}

/** Removes what lies apart in `folder` of the torrent whose folder of parts is `parts`. */
export function removeParts(system: FileSystem, folder: string, parts: string): void {
  const own = new SafePaths(`${folder}/${STATE_FOLDER}`, system);
  for (const number of partNumbers(system, folder, parts)) {
    system.remove(own.text([PARTS, parts, String(number)]));
  }
  system.removeIfEmpty(`${folder}/${STATE_FOLDER}/${PARTS}/${parts}`);
  system.removeIfEmpty(`${folder}/${STATE_FOLDER}/${PARTS}`);
}
