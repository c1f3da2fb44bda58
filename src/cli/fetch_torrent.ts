/** The torrent behind a URL that the user typed. */
import type { Bytes } from "../base/mod.ts";
import type { ProxyChoice } from "../proxy/mod.ts";
import { AddressPolicy, fetchTorrentFile, SystemResolver, TorrentFileError } from "../net/mod.ts";

/**
 * The body at `url`, which may be on any address since the user named it; a public server may not redirect to a
 * private one. Rejects with `Deno.errors.NotFound`, `Deno.errors.TimedOut`, or an error in words for the user.
 */
export async function fetchTorrent(
  url: string,
  limit: number,
  local = true,
  proxy: ProxyChoice | null = null,
): Promise<Bytes> {
  const policy = new AddressPolicy(new SystemResolver(), { proxy });
  try {
    return await fetchTorrentFile(url, {
      maxBytes: limit,
      allow: (to, from, signal) =>
        local ? policy.typed(to, from, signal) : policy.foreign(to, signal),
    });
  } catch (error) {
    if (!(error instanceof TorrentFileError)) throw error;
    if (error.fault === "missing") throw new Deno.errors.NotFound(error.message);
    if (error.fault === "silent") throw new Deno.errors.TimedOut(error.message);
    throw error;
  }
}
