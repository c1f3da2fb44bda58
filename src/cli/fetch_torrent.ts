/** The torrent behind a URL that the user typed. */
import type { Bytes } from "../base/mod.ts";
import { AddressPolicy, fetchBounded, HttpError, SystemResolver } from "../net/mod.ts";

const TIMEOUT_MS = 60_000;
const MAX_REDIRECTS = 5;

/**
 * The body at `url`, which may be on any address since the user named it; a public server may not redirect to a
 * private one. Rejects with `Deno.errors.NotFound`, `Deno.errors.TimedOut`, or an error in words for the user.
 */
export async function fetchTorrent(url: string, limit: number): Promise<Bytes> {
  const policy = new AddressPolicy(new SystemResolver());
  try {
    const { status, bytes } = await fetchBounded(url, {
      maxBytes: limit,
      timeoutMs: TIMEOUT_MS,
      maxRedirects: MAX_REDIRECTS,
      accept: "application/x-bittorrent, */*",
      allow: (to, from, signal) => policy.typed(to, from, signal),
    });
    if (status === 404 || status === 410) throw new Deno.errors.NotFound(`Status ${status}`);
    if (status < 200 || status > 299) throw new Error(`Expected status 200, got ${status}`);
    return bytes;
  } catch (error) {
    if (!(error instanceof HttpError) || error.reason !== "timeout") throw error;
    throw new Deno.errors.TimedOut(error.message);
  }
}
