/** What reaches an HTTP tracker: the query strings of announces and scrapes, read strictly (BEP 3, 23, 48). */
import {
  type Bytes,
  fromBinaryString,
  type InfoHash,
  infoHash,
  type PeerId,
  peerId,
  TrackerError,
} from "../base/mod.ts";
import type { AnnounceEvent } from "./announce.ts";

/** An announce as a client sends it; its address is not part of it, the connection tells. */
export interface AnnounceQuery {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** 1 to 65535. */
  readonly port: number;
  readonly uploaded: number;
  readonly downloaded: number;
  readonly left: number;
  readonly event: AnnounceEvent | null;
  readonly numwant: number;
  /** The short form of peers (BEP 23); the default. */
  readonly compact: boolean;
  /** Peer ids may be left out of the long form. */
  readonly noPeerId: boolean;
}

/** Characters of a query string: a scrape of 74 torrents fits, as many as fit a UDP scrape (BEP 15). */
export const MAX_QUERY = 8_192;
const MAX_PARAMETERS = 100;
const DEFAULT_WANTED = 50;
const ANNOUNCE_NAMES: ReadonlySet<string> = new Set([
  "info_hash",
  "peer_id",
  "port",
  "uploaded",
  "downloaded",
  "left",
  "event",
  "numwant",
  "compact",
  "no_peer_id",
]);

/**
 * Reads the query string (without `?`) of an announce. Unknown parameters are ignored, among them `ip`
 * and the repeated `ipv6` of some clients.
 * Throws `TrackerError`, meant as the `failure reason`, when a parameter is missing, repeated or malformed.
 */
export function parseAnnounceQuery(query: string): AnnounceQuery {
  const parameters = new Map<string, Bytes>();
  for (const [name, value] of parametersOf(query)) {
    if (!ANNOUNCE_NAMES.has(name)) continue;
    if (parameters.has(name)) throw new TrackerError(`Expected one ${name}, got another`);
    parameters.set(name, percentDecode(value));
  }
  // -1 is how some say "as you like"
  const wanted = integer(parameters, "numwant", DEFAULT_WANTED, -1);
  return {
    infoHash: infoHash(twentyBytes("info_hash", parameters.get("info_hash"))),
    peerId: peerId(twentyBytes("peer_id", parameters.get("peer_id"))),
    port: integer(parameters, "port", null, 1, 65_535),
    uploaded: integer(parameters, "uploaded", 0),
    downloaded: integer(parameters, "downloaded", 0),
    // who does not say what is missing counts as a downloader, so that it is told of seeds
    left: integer(parameters, "left", 1),
    event: eventOf(parameters.get("event")),
    numwant: wanted < 0 ? DEFAULT_WANTED : wanted,
    compact: integer(parameters, "compact", 1) !== 0,
    noPeerId: integer(parameters, "no_peer_id", 0) !== 0,
  };
}

/** The info hashes that a scrape's query string asks for, at least one. Throws `TrackerError`. */
export function parseScrapeQuery(query: string): InfoHash[] {
  const out: InfoHash[] = [];
  for (const [name, value] of parametersOf(query)) {
    if (name === "info_hash") out.push(infoHash(twentyBytes(name, percentDecode(value))));
  }
  // the whole list is nobody's business
  if (out.length === 0) throw new TrackerError("Expected an info_hash, got none");
  return out;
}

function* parametersOf(query: string): Generator<[name: string, value: string]> {
  if (query.length > MAX_QUERY) {
    throw new TrackerError(`Expected a query of at most ${MAX_QUERY} bytes, got ${query.length}`);
  }
  const parts = query.split("&", MAX_PARAMETERS + 1);
  if (parts.length > MAX_PARAMETERS) {
    throw new TrackerError(`Expected at most ${MAX_PARAMETERS} parameters, got more`);
  }
  for (const part of parts) {
    const at = part.indexOf("=");
    if (at >= 0) yield [part.slice(0, at), part.slice(at + 1)];
  }
}

/** The bytes of a percent-encoded value; `+` is a space, as in forms. Throws `TrackerError` on a broken `%`. */
export function percentDecode(text: string): Bytes {
  const binary = text.replace(/\+|%(..)?|\P{ASCII}/gsu, (match, digits: string | undefined) => {
    if (match === "+") return " ";
    if (digits === undefined || !/^[0-9a-fA-F]{2}$/.test(digits)) {
      throw new TrackerError("Expected two hexadecimal digits after each % and no raw bytes");
    }
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
  return fromBinaryString(binary);
}

function twentyBytes(name: string, value: Bytes | undefined): Bytes {
  if (value === undefined) throw new TrackerError(`Expected ${name}, got none`);
  if (value.length !== 20) {
    throw new TrackerError(`Expected ${name} of 20 bytes, got ${value.length}`);
  }
  return value;
}

/** A decimal parameter from `min` to `max`; `fallback` when it is missing (null: it must be there). */
function integer(
  parameters: ReadonlyMap<string, Bytes>,
  name: string,
  fallback: number | null,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
): number {
  const value = parameters.get(name);
  if (value === undefined || (value.length === 0 && fallback !== null)) {
    if (fallback === null) throw new TrackerError(`Expected ${name}, got none`);
    return fallback;
  }
  const text = String.fromCharCode(...value.subarray(0, 21));
  const number = Number(text);
  if (!/^-?\d{1,20}$/.test(text) || number < min) {
    throw new TrackerError(`Expected ${name} as a whole number from ${min} up`);
  }
  if (number > max) {
    // counters of other clients may be unsigned 64-bit; only a port has a real bound
    if (max === Number.MAX_SAFE_INTEGER) return max;
    throw new TrackerError(`Expected ${name} up to ${max}, got ${number}`);
  }
  return number;
}

function eventOf(value: Bytes | undefined): AnnounceEvent | null {
  const text = value === undefined ? "" : String.fromCharCode(...value.subarray(0, 20));
  switch (text) {
    case "started":
    case "completed":
    case "stopped":
      return text;
    // between events some clients send these; "paused" is BEP 21's
    case "":
    case "empty":
    case "none":
    case "paused":
      return null;
    default:
      throw new TrackerError("Expected event as started, completed or stopped");
  }
}
