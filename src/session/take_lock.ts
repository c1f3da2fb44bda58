import { StorageError } from "../base/mod.ts";
import { lockTorrent, probeTorrent, type TorrentLock } from "../storage/mod.ts";

/**
 * Nobody else may write a torrent; a manager, which has the whole folder, only looks whether anybody does. On read-only
 * media nobody can, so it is served without a lock: null. Throws `StorageError` when another process has it or the
 * folder cannot be used.
 */
export function takeLock(
  folder: string,
  torrent: string,
  { seedOnly, managed }: { readonly seedOnly: boolean; readonly managed: boolean },
): TorrentLock | null {
  try {
    if (managed) {
      probeTorrent(folder, torrent);
      return null;
    }
    return lockTorrent(folder, torrent);
  } catch (error) {
    const readOnly = error instanceof StorageError && error.reason === "permission";
    if (readOnly && seedOnly) return null;
    throw error;
  }
}
