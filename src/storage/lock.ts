import { DatabaseSync } from "node:sqlite";
import { messageOf, StorageError } from "../base/mod.ts";
import { asDiskError } from "./disk_error.ts";
import { stateFile } from "./state_folder.ts";

/** Holds a torrent for this session; the system gives it free when the process dies. */
export class TorrentLock {
  #database: DatabaseSync | null;

  /** @internal */
  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Gives the torrent free. Safe to call twice. */
  release(): void {
    this.#database?.close();
    this.#database = null;
  }

  /** Same as `release`. */
  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * Takes the torrent `hash` (hexadecimal) in `folder` for this session; throws `StorageError`
 * `locked` when another one, in this or any process, has it.
 *
 * Deno has no file locks on the runtime of the compiled binary, SQLite has: an exclusive
 * transaction on an empty database. The file stays behind, empty: removing it would let two
 * processes each lock a file of that name.
 */
export function lockTorrent(folder: string, hash: string): TorrentLock {
  if (!/^[0-9a-f]{40,64}$/.test(hash)) {
    throw new RangeError(`Expected an info hash in lower-case hexadecimal, got ${hash}`);
  }
  return lockFile(folder, `${hash}.lock`, "Another tm works on this torrent in this folder");
}

/** Takes `folder` for this manager; throws `StorageError` `locked` when another one has it. */
export function lockManager(folder: string): TorrentLock {
  return lockFile(folder, "manager.lock", "Another manager works in this folder");
}

function lockFile(folder: string, name: string, message: string): TorrentLock {
  const path = stateFile(folder, name);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path);
    // With its journal in memory it writes nothing at all, so that it works on a full disk too.
    database.exec(
      "PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE",
    );
    return new TorrentLock(database);
  } catch (error) {
    database?.close();
    if (/locked/.test(messageOf(error))) throw new StorageError("locked", path, message);
    throw asDiskError(error, path);
  }
}
