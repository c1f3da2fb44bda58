import { StorageError } from "../base/mod.ts";
import { lockTorrent, type TorrentLock } from "../storage/mod.ts";

/**
 * Nobody else may write a torrent. On read-only media nobody can, so it is served without a lock: null. Throws
 * `StorageError` when another process has it or the folder cannot be used.
 */
export function takeLock(folder: string, torrent: string, seedOnly: boolean): TorrentLock | null {
  try {
    return lockTorrent(folder, torrent);
  } catch (error) {
    const readOnly = error instanceof StorageError && error.reason === "permission";
    if (readOnly && seedOnly) return null;
    throw error;
  }
}
