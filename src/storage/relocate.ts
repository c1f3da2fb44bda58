import { type Bytes, equalBytes } from "../base/mod.ts";
import { asDiskError, codeOf, DiskError } from "./disk_error.ts";
import type { FileInfo, FileSystem } from "./file_system.ts";
import { SafePaths } from "./safe_paths.ts";

/** A file on its way, both as components below the download folder. */
export interface FileMove {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Bytes copied or compared at a time. */
const CHUNK = 4 * 1024 * 1024;
/** A copy that is under way, in the folder it goes to. */
const COPY = ".tm-moving";

/**
 * Moves the files that are there; where one stands at its new place and none at the old one, it was moved before. All
 * are moved or, when something else stands in the way of any or the disk fails, none. Folders that become empty go.
 * Killed on the way and called again, it goes on. Throws `DiskError`.
 */
export function moveFiles(
  folder: string,
  system: FileSystem,
  moves: readonly FileMove[],
): void {
  const paths = new SafePaths(folder, system);
  refuseChains(paths, moves);
  paths.beginSurvey();
  const todo = moves.map((move) => [move, stepOf(paths, system, move)] as const);
  const moved: Moved[] = [];
  for (const [{ from, to }, step] of todo) {
    if (step !== "move") continue;
    const target = paths.text(to);
    try {
      paths.makeWay(to);
      moved.push({ from, to, copied: moveFile(system, paths.text(from), target) });
    } catch (error) {
      moveBack(paths, system, moved);
      tidyFolders(folder, system, moves.map(({ to }) => to));
      throw asDiskError(error, target);
    }
  }
  const there = todo.flatMap(([move, step]) => step === "drop" ? [move] : []);
  removeCopied(paths, system, there, moved);
  tidyFolders(folder, system, moves.map(({ from }) => from));
}

/** A file at its new place; `copied`: and at the old one still. */
interface Moved extends FileMove {
  readonly copied: boolean;
}

/** Were one to take the place of another, nobody could tell after a crash which of them is there. */
function refuseChains(paths: SafePaths, moves: readonly FileMove[]): void {
  const leaving = new Set(moves.map(({ from }) => from.join("/")));
  const taking = moves.find(({ to }) => leaving.has(to.join("/")));
  if (taking === undefined) return;
  const path = paths.text(taking.to);
  throw new DiskError("exists", path, `Refused to move over ${path}, another file is moved away`);
}

/** What is to be done with a file; one that was copied and not yet removed at its old place is dropped there. */
function stepOf(
  paths: SafePaths,
  system: FileSystem,
  { from, to }: FileMove,
): "none" | "move" | "drop" {
  const [source, target] = [paths.survey(from), paths.survey(to)];
  if (source === null) return "none";
  if (target === null || isSame(source, target)) return "move";
  const [here, there] = [paths.text(from), paths.text(to)];
  if (source.size === target.size && sameBytes(system, here, there)) return "drop";
  throw new DiskError("exists", there, `Refused to move over ${there}, it holds something else`);
}

/** One file by two names: where upper and lower case are the same, or linked to twice. */
function isSame(a: FileInfo, b: FileInfo): boolean {
  return a.identity !== null && a.identity === b.identity;
}

/** Puts back what was moved, as far as that works: the first failure is what is told. */
function moveBack(paths: SafePaths, system: FileSystem, moved: readonly Moved[]): void {
  for (const { from, to, copied } of [...moved].reverse()) {
    try {
      if (copied) system.remove(paths.text(to));
      else moveFile(system, paths.text(to), paths.text(from));
    } catch {
      // it stays where it is now
    }
  }
}

/** The old ones go when all are at their new place; one that does not, after others went, is left over. */
function removeCopied(
  paths: SafePaths,
  system: FileSystem,
  there: readonly FileMove[],
  moved: readonly Moved[],
): void {
  let removed = 0;
  for (const { from } of [...there, ...moved.filter(({ copied }) => copied)]) {
    try {
      system.remove(paths.text(from));
      removed++;
    } catch (error) {
      if (removed > 0) continue;
      moveBack(paths, system, moved);
      throw asDiskError(error, paths.text(from));
    }
  }
}

/** Deletes the files that are there, and the folders that become empty. Throws `DiskError`. */
export function deleteFiles(
  folder: string,
  system: FileSystem,
  files: readonly (readonly string[])[],
): void {
  const paths = new SafePaths(folder, system);
  paths.beginSurvey();
  for (const components of files) {
    const path = paths.text(components);
    try {
      if (paths.survey(components) !== null) system.remove(path);
    } catch (error) {
      throw asDiskError(error, path);
    }
  }
  tidyFolders(folder, system, files);
}

/** Removes the folders above `files` that have nothing in them, the innermost first. */
function tidyFolders(
  folder: string,
  system: FileSystem,
  files: readonly (readonly string[])[],
): void {
  const folders = new Map<string, number>();
  for (const components of files) {
    for (let depth = components.length - 1; depth > 0; depth--) {
      folders.set(components.slice(0, depth).join("/"), depth);
    }
  }
  const inwards = [...folders].sort(([, a], [, b]) => b - a);
  for (const [path] of inwards) system.removeIfEmpty(`${folder}/${path}`);
}

/** True for a copy, false for a file that is no longer at its old place. */
function moveFile(system: FileSystem, from: string, to: string): boolean {
  const [source, target] = [system.info(from), system.info(to)];
  const same = source !== null && target !== null && isSame(source, target);
  if (target !== null && !same) {
    throw new DiskError("exists", to, `Refused to move over ${to}, it was just made`);
  }
  try {
    system.rename(from, to);
  } catch (error) {
    if (codeOf(error) !== "EXDEV") throw error;
    copyFile(system, from, to);
    return true;
  }
  // two links to one file: the system leaves both
  if (same && system.info(from) !== null && from.toLowerCase() !== to.toLowerCase()) {
    system.remove(from);
  }
  return false;
}

/** Another file system is mounted below the folder: the copy is whole and on its disk before it has the name. */
function copyFile(system: FileSystem, from: string, to: string): void {
  const copy = to.replace(/[^/]+$/, COPY);
  const left = system.info(copy);
  if (left !== null && left.kind !== "folder") system.remove(copy);
  const source = system.open(from, "read");
  try {
    const target = system.open(copy, "create");
    try {
      const buffer: Bytes = new Uint8Array(CHUNK);
      for (let at = 0;;) {
        const count = source.readAt(buffer, at);
        if (count === 0) break;
        target.writeAt(buffer.subarray(0, count), at);
        at += count;
      }
      target.syncNow();
    } finally {
      target.close();
    }
    system.rename(copy, to);
  } catch (error) {
    if (system.info(copy)?.kind === "file") system.remove(copy);
    throw error;
  } finally {
    source.close();
  }
}

/** Compares two files of one size. */
function sameBytes(system: FileSystem, a: string, b: string): boolean {
  const [first, second] = [system.open(a, "read"), system.open(b, "read")];
  try {
    const [left, right]: [Bytes, Bytes] = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)];
    for (let at = 0;; at += CHUNK) {
      const count = first.readAt(left, at);
      if (second.readAt(right, at) !== count) return false;
      if (!equalBytes(left.subarray(0, count), right.subarray(0, count))) return false;
      if (count < CHUNK) return true;
    }
  } finally {
    first.close();
    second.close();
  }
}
