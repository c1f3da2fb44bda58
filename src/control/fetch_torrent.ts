/** The torrent behind a URL that a client names. */
import type { Bytes } from "../base/mod.ts";
import { AddressPolicy, fetchTorrentFile, SystemResolver } from "../net/mod.ts";

/** The largest torrent file read, in bytes. */
const MAX_TORRENT_BYTES = 64 * 1024 * 1024;

/**
 * The body at `url`. For a caller on this machine (`local`) it may be on any address, as if typed at the command line;
 * for others on public ones only, so that nobody looks around in our network through us. Rejects with an error in
 * words for the user.
 */
export async function fetchTorrent(url: string, local: boolean): Promise<Bytes> {
  const policy = new AddressPolicy(new SystemResolver());
  return await fetchTorrentFile(url, {
    maxBytes: MAX_TORRENT_BYTES,
    allow: (to, from, signal) =>
      local ? policy.typed(to, from, signal) : policy.foreign(to, signal),
  });
}
