import { DiskError } from "./disk_error.ts";
import type { FileInfo, FileSystem } from "./file_system.ts";
import { STATE_FOLDER } from "./state_folder.ts";

/**
 * Turns paths of a torrent into paths below one folder that are safe to open. The names were made
 * safe when the torrent was read; here nothing is taken on trust, because permissions do not stop
 * a link that stands in the folder already.
 */
export class SafePaths {
  readonly #folder: string;
  readonly #system: FileSystem;
  /** Folders seen to be real ones; a torrent's 10,000 files would ask for the same few each time. */
  readonly #checked = new Set<string>();
  /** Folders that a survey found missing: the 10,000 files below one need not be looked for. */
  readonly #missing = new Set<string>();

  /** `folder`: absolute, real, existing. */
  constructor(folder: string, system: FileSystem) {
    this.#folder = folder.replace(/[/\\]+$/, "");
    this.#system = system;
  }

  /** The path of a file's components as text, each of them checked. Throws `DiskError`. */
  text(components: readonly string[]): string {
    if (components.length === 0) throw new DiskError("other", this.#folder, "Expected a file name");
    for (const name of components) {
      if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name)) {
        const path = components.join("/");
        throw new DiskError("other", path, `Refused an unsafe name: ${JSON.stringify(name)}`);
      }
    }
    if (components[0]!.toLowerCase() === STATE_FOLDER) {
      throw new DiskError(
        "exists",
        STATE_FOLDER,
        `Refused a torrent that is named ${STATE_FOLDER}`,
      );
    }
    return `${this.#folder}/${components.join("/")}`;
  }

  /**
   * What stands at a file's path, or null for nothing; everything above it is checked first. Throws
   * `DiskError` when that is not a plain file or the way there leads through anything but folders.
   */
  look(components: readonly string[]): FileInfo | null {
    this.beginSurvey();
    return this.survey(components);
  }

  /** Begins to look at many files, one by one with {@linkcode survey}. */
  beginSurvey(): void {
    this.#missing.clear();
  }

  /** As {@linkcode look}, but a folder that was missing since the survey began is not looked for again. */
  survey(components: readonly string[]): FileInfo | null {
    const path = this.text(components);
    if (!this.#way(components, false)) return null;
    const info = this.#system.info(path);
    if (info !== null) refuse(info, path, "file");
    return info;
  }

  /** Makes the folders above a file, one by one, each checked after it was made. */
  makeWay(components: readonly string[]): void {
    this.text(components);
    this.#way(components, true);
  }

  /** Forgets what was checked, after somebody removed a folder. */
  forget(): void {
    this.#checked.clear();
  }

  /** Goes down the folders above a file; false when one is missing and was not to be made. */
  #way(components: readonly string[], make: boolean): boolean {
    let path = this.#folder;
    for (const name of components.slice(0, -1)) {
      path += `/${name}`;
      if (this.#checked.has(path)) continue;
      if (!make && this.#missing.has(path)) return false;
      let info = this.#system.info(path);
      if (info === null && make) {
        this.#make(path);
        info = this.#system.info(path);
      }
      if (info === null) {
        this.#missing.add(path);
        return false;
      }
      refuse(info, path, "folder");
      this.#checked.add(path);
    }
    return true;
  }

  #make(path: string): void {
    try {
      this.#system.makeFolder(path);
    } catch (error) {
      // Another process made it first: what it made is looked at like anything else.
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

function refuse(info: FileInfo, path: string, expected: "file" | "folder"): void {
  if (info.kind === expected) return;
  if (info.kind === "link") throw new DiskError("link", path, `Refused to follow a link: ${path}`);
  const found = info.kind === "other" ? "a device or pipe" : `a ${info.kind}`;
  throw new DiskError("not-a-folder", path, `Expected a ${expected}, found ${found}: ${path}`);
}
