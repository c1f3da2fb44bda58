import { DatabaseSync } from "node:sqlite";
import { messageOf, StorageError } from "../base/mod.ts";
import { asDiskError } from "./disk_error.ts";
import { managerHas } from "./manager_state.ts";
import { STATE_FOLDER, stateFile } from "./state_folder.ts";

const MANAGER_LOCK = "manager.lock";
const BUSY = "Another tm works on this torrent in this folder";

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
 * `locked` when another one, in this or any process, has it, or the manager of this folder.
 *
 * Deno has no file locks on the runtime of the compiled binary, SQLite has: an exclusive
 * transaction on an empty database. The file stays behind, empty: removing it would let two
 * processes each lock a file of that name.
 */
export function lockTorrent(folder: string, hash: string): TorrentLock {
  const lock = lockFile(folder, lockName(hash), BUSY);
  try {
    // own lock first: a manager looks the other way round, so one of us sees the other
    if (isManaged(folder, hash)) {
      const message = "The manager of this folder has this torrent: tm resume starts it there";
      throw new StorageError("locked", `${folder}/${STATE_FOLDER}/${MANAGER_LOCK}`, message);
    }
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Throws as {@linkcode lockTorrent} when somebody else works on a torrent that this manager has. A manager holds its
 * folder and lists its torrents, so it needs no lock of each: a thousand would be 77 MB.
 */
export function probeTorrent(folder: string, hash: string): void {
  lockFile(folder, lockName(hash), BUSY).release();
}

/** Takes `folder` for this manager; throws `StorageError` `locked` when another one has it. */
export function lockManager(folder: string): TorrentLock {
  return lockFile(folder, MANAGER_LOCK, "Another manager works in this folder");
}

/** True when a manager that runs has the torrent, whether it is stopped there or not. */
function isManaged(folder: string, hash: string): boolean {
  try {
    Deno.lstatSync(`${folder}/${STATE_FOLDER}/${MANAGER_LOCK}`);
  } catch {
    return false; // there never was one
  }
  try {
    lockFile(folder, MANAGER_LOCK, "").release();
    return false;
  } catch (error) {
    if (!(error instanceof StorageError && error.reason === "locked")) throw error;
  }
  return managerHas(folder, hash);
}

function lockName(hash: string): string {
  if (/^[0-9a-f]{40,64}$/.test(hash)) return `${hash}.lock`;
  throw new RangeError(`Expected an info hash in lower-case hexadecimal, got ${hash}`);
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
