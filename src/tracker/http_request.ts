/** The URLs of HTTP announces and scrapes (BEP 3, 7, 23, 48). */
import type { InfoHash } from "../base/mod.ts";
import type { AnnounceRequest } from "./announce.ts";

/**
 * The URL of one announce: `url` as it stands in the torrent, its own query kept untouched (it often
 * holds a passkey), with the parameters appended. `ip` is never sent: the tracker sees our address.
 */
export function announceUrl(url: string, request: AnnounceRequest): string {
  const parameters = [
    `info_hash=${percentEncode(request.infoHash)}`,
    `peer_id=${percentEncode(request.peerId)}`,
    `port=${request.port}`,
    `uploaded=${request.uploaded}`,
    `downloaded=${request.downloaded}`,
    `left=${request.left}`,
    "compact=1",
    "no_peer_id=1",
    `numwant=${request.numwant}`,
    `key=${request.key.toString(16).padStart(8, "0")}`,
  ];
  // as Transmission, libtorrent and aria2 say it; there is no BEP
  if (request.encryption !== undefined) parameters.push("supportcrypto=1");
  if (request.encryption === "required") parameters.push("requirecrypto=1");
  if (request.event !== null) parameters.push(`event=${request.event}`);
  if (request.trackerId !== null) parameters.push(`trackerid=${percentEncode(request.trackerId)}`);
  return append(url, parameters);
}

/**
 * The scrape URL that belongs to an announce URL, or null when it has none: the last part of the path
 * must begin with `announce`, which becomes `scrape` (BEP 48).
 */
export function scrapeUrl(url: string, infoHashes: readonly InfoHash[]): string | null {
  // a slash in the query is not one of the path
  const [path, query] = splitOnce(withoutFragment(url), "?");
  const slash = path.lastIndexOf("/");
  const last = path.slice(slash + 1);
  if (slash < 0 || !last.startsWith("announce")) return null;
  const scrape = `${path.slice(0, slash + 1)}scrape${last.slice("announce".length)}`;
  const parameters = infoHashes.map((hash) => `info_hash=${percentEncode(hash)}`);
  return append(query === null ? scrape : `${scrape}?${query}`, parameters);
}

/** Every byte outside RFC 3986's unreserved set as `%XX`. */
export function percentEncode(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    out += /[0-9A-Za-z._~-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

function append(url: string, parameters: readonly string[]): string {
  const base = withoutFragment(url);
  const joint = !base.includes("?") ? "?" : /[?&]$/.test(base) ? "" : "&";
  return base + joint + parameters.join("&");
}

function withoutFragment(url: string): string {
  return splitOnce(url, "#")[0];
}

function splitOnce(text: string, mark: string): [string, string | null] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
