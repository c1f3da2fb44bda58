import { compareBytes, StorageError, utf8 } from "../base/mod.ts";
import { asDiskError } from "./disk_error.ts";
import { STATE_FOLDER } from "./state_folder.ts";

/** A file to be put into a torrent. */
export interface TreeFile {
  /** Where it is. */
  readonly path: string;
  /** Components below the torrent's name; empty when the torrent is this one file. */
  readonly components: readonly string[];
  /** Bytes. */
  readonly length: number;
}

/** What `tm create` makes a torrent of. */
export interface Tree {
  /** False for a single file. */
  readonly isFolder: boolean;
  /** In the order of the torrent: folder by folder, names by their raw bytes. */
  readonly files: readonly TreeFile[];
  readonly totalLength: number;
}

/** Folders inside folders; a deeper tree is a loop or a mistake. */
const MAX_DEPTH = 64;

/**
 * The files at `path` (a file or a folder), empty ones included. Links, devices and `.tm` folders
 * are left out, each but `.tm` with a warning. Throws `DiskError` for what cannot be read.
 */
export function walkTree(path: string, onWarning: (message: string) => void): Tree {
  const root = guard(path, () => Deno.statSync(path));
  if (root.isFile) {
    const file = { path, components: [], length: root.size };
    return { isFolder: false, files: [file], totalLength: root.size };
  }
  if (!root.isDirectory) {
    throw new StorageError("other", path, `Expected a file or a folder: ${path}`);
  }
  const files = [...walk(path.replace(/(?<=.)\/+$/, ""), [], onWarning)];
  const totalLength = files.reduce((sum, file) => sum + file.length, 0);
  return { isFolder: true, files, totalLength };
}

function* walk(
  folder: string,
  above: readonly string[],
  onWarning: (message: string) => void,
): Generator<TreeFile> {
  if (above.length > MAX_DEPTH) {
    throw new StorageError(
      "other",
      folder,
      `Expected at most ${MAX_DEPTH} folders deep: ${folder}`,
    );
  }
  const entries = guard(folder, () => [...Deno.readDirSync(folder)]);
  const named = entries.map((entry) => ({ entry, key: utf8(entry.name) }));
  named.sort((a, b) => compareBytes(a.key, b.key));
  for (const { entry } of named) {
    if (entry.name === STATE_FOLDER) continue;
    const path = `${folder}/${entry.name}`;
    const components = [...above, entry.name];
    if (entry.isDirectory) yield* walk(path, components, onWarning);
    else if (entry.isFile) {
      yield { path, components, length: guard(path, () => Deno.lstatSync(path)).size };
    } else onWarning(`Left out ${entry.isSymlink ? "a link" : "a special file"}: ${path}`);
  }
}

function guard<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw asDiskError(error, path);
  }
}
