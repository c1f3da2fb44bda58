import { DatabaseSync } from "node:sqlite";
import type { InfoHash } from "../base/mod.ts";
import { FILE_PRIORITIES, type FilePriority } from "../metainfo/mod.ts";
import type { Row } from "./state_database.ts";
import { STATE_FOLDER } from "./state_folder.ts";

/** How the files of a torrent are wanted and where they lie; a value for each file, padding included. */
export interface FilesRecord {
  readonly priorities: readonly FilePriority[];
  /** It lies below tm's own folder, if anywhere; what stands at its path is not known to be ours. */
  readonly apart: readonly boolean[];
}

/** The record in a row of the state database; null when it is not one of `fileCount` files. */
export function filesRecord(row: Row, fileCount: number): FilesRecord | null {
  const { priorities, apart } = row;
  if (!(priorities instanceof Uint8Array) || !(apart instanceof Uint8Array)) return null;
  if (priorities.length !== fileCount || apart.length !== fileCount) return null;
  return {
    priorities: [...priorities].map((rank) => FILE_PRIORITIES[rank] ?? "normal"),
    apart: [...apart].map((lies) => lies === 1),
  };
}

/** The record in the state of a folder that may only be read; null: none, or it cannot be read. */
export function readFilesRecord(
  folder: string,
  hash: InfoHash,
  fileCount: number,
): FilesRecord | null {
  const path = `${folder}/${STATE_FOLDER}/state.db`;
  try {
    if (!Deno.lstatSync(`${folder}/${STATE_FOLDER}`).isDirectory) return null;
    if (!Deno.lstatSync(path).isFile) return null;
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const row = database.prepare("SELECT * FROM files WHERE info_hash = ?").get(hash);
      return row === undefined ? null : filesRecord(row, fileCount);
    } finally {
      database.close();
    }
  } catch {
    return null; // one of an earlier version, in use or damaged: then nothing is known
  }
}
