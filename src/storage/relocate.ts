import type { Bytes } from "../base/mod.ts";
import { asDiskError, DiskError } from "./disk_error.ts";
import type { FileSystem } from "./file_system.ts";
import { SafePaths } from "./safe_paths.ts";

/** A file on its way, both as components below the download folder. */
export interface FileMove {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Bytes copied at a time from one file system to another. */
const CHUNK = 4 * 1024 * 1024;

/**
 * Moves the files that are there; where one stands at its new place and none at the old one, it was moved before. When
 * another stands in the way of any, none is moved. Folders that become empty go. Throws `DiskError`.
 */
export function moveFiles(
  folder: string,
  system: FileSystem,
  moves: readonly FileMove[],
): void {
  const paths = new SafePaths(folder, system);
  const due: FileMove[] = [];
  // a name may be one that another file of the torrent has now, and gives up
  const leaving = new Set(moves.map(({ from }) => from.join("/")));
  paths.beginSurvey();
  for (const move of moves) {
    const there = paths.survey(move.from) !== null;
    const taken = paths.survey(move.to) !== null && !leaving.has(move.to.join("/"));
    if (there && taken) {
      const path = paths.text(move.to);
      throw new DiskError("exists", path, `Refused to move over ${path}, it holds something else`);
    }
    if (there) due.push(move);
  }
  for (const { from, to } of due) {
    const [source, target] = [paths.text(from), paths.text(to)];
    try {
      paths.makeWay(to);
      if (system.info(target) !== null) {
        throw new DiskError("exists", target, `Refused to move over ${target}, it was just made`);
      }
      moveFile(system, source, target);
    } catch (error) {
      throw asDiskError(error, target);
    }
  }
  tidyFolders(folder, system, due.map(({ from }) => from));
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

function moveFile(system: FileSystem, from: string, to: string): void {
  try {
    system.rename(from, to);
  } catch (error) {
    if ((error as { code?: string }).code !== "EXDEV") throw error;
    copyFile(system, from, to);
    system.remove(from);
  }
}

/** Another file system is mounted below the folder: the copy is on its disk before the original goes. */
function copyFile(system: FileSystem, from: string, to: string): void {
  const source = system.open(from, "read");
  try {
    const target = system.open(to, "create");
    try {
      const buffer: Bytes = new Uint8Array(CHUNK);
      for (let at = 0;;) {
        const count = source.readAt(buffer, at);
        if (count === 0) break;
        target.writeAt(buffer.subarray(0, count), at);
        at += count;
      }
      target.syncNow();
    } catch (error) {
      system.remove(to);
      throw error;
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}
