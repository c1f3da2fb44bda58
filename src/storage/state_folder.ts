import { StorageError } from "../base/mod.ts";
import { asDiskError } from "./disk_error.ts";

/** Name of our own folder below the download folder; no torrent may use it. */
export const STATE_FOLDER = ".tm";

/**
 * Path of `<folder>/.tm`, made with mode 0700 when missing. A link or a file in its place is
 * refused: it could lead the state out of the folder.
 */
export function stateFolder(folder: string): string {
  const path = `${folder}/${STATE_FOLDER}`;
  try {
    Deno.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw asDiskError(error, path);
  }
  const info = lstat(path);
  if (info?.isSymlink) throw new StorageError("link", path, `Refused to follow a link: ${path}`);
  if (!info?.isDirectory) {
    throw new StorageError("not-a-folder", path, `Expected a folder, found a file: ${path}`);
  }
  return path;
}

/** Path of a file of ours in `<folder>/.tm`; what stands there, if anything, is a plain file. */
export function stateFile(folder: string, name: string): string {
  const path = `${stateFolder(folder)}/${name}`;
  const info = lstat(path);
  if (info === null || info.isFile) return path;
  if (info.isSymlink) throw new StorageError("link", path, `Refused to follow a link: ${path}`);
  throw new StorageError("exists", path, `Expected a plain file: ${path}`);
}

function lstat(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw asDiskError(error, path);
  }
}
