/** What HTTP trackers answer: announce (BEP 3, 7, 23) and scrape (BEP 48), read leniently but bounded. */
import {
  type Bytes,
  type Endpoint,
  endpoint,
  fromBinaryString,
  fromUtf8Lossy,
  parseCompact,
  toHex,
  TrackerError,
} from "../base/mod.ts";
import {
  asBytes,
  asDictionary,
  asInteger,
  BencodeError,
  type Bvalue,
  decode,
} from "../bencode/mod.ts";
import { type AnnounceReply, DEFAULT_INTERVAL, MAX_PEERS, type SwarmCounts } from "./announce.ts";
import { printable } from "./printable.ts";

/** Bytes of an answer, at most; 10,000 peers in dictionary form still fit. */
export const MAX_REPLY_BYTES = 2 * 1024 * 1024;
/** Values of an answer, at most: what 2 MiB hold in practice, far below what they could hold. */
const MAX_VALUES = 200_000;
/** A tracker id longer than this would bloat every later URL, so it is dropped. */
const MAX_TRACKER_ID = 256;
/** Torrents of one scrape answer that are read. */
const MAX_SCRAPED = 1_000;

/** The tracker answered in good order that it will not serve us (`failure reason`). */
export class TrackerRefusal extends TrackerError {
  override name = "TrackerRefusal";
  constructor(message: string) {
    super(message, "refuses");
  }
}

/** Before what a tracker says that refuses. */
export const REFUSED = "The tracker refused: ";

/** Our own words for one that says nothing. */
export const KNOWS_NOT = "it knows no such torrent";

/** A refusal in the tracker's own words; empty: it has none. */
export function refusalIn(message: string): string {
  const said = message.startsWith(REFUSED) ? message.slice(REFUSED.length) : message;
  return said === KNOWS_NOT ? "" : said;
}

type Entries = ReadonlyMap<string, Bvalue>;

/**
 * Reads the body of an announce answer. Key order and bytes after the end are forgiven; a peer that is
 * not an IP address and a port is skipped. Throws {@linkcode TrackerRefusal} for a `failure reason`, and
 * `TrackerError` for a web page or anything else that is no answer.
 */
export function decodeAnnounceReply(body: Bytes): AnnounceReply {
  const entries = readDictionary(body);
  const peers = entries.get("peers");
  const peers6 = entries.get("peers6");
  const interval = asInteger(entries.get("interval"));
  if (interval === null && peers === undefined && peers6 === undefined) {
    throw new TrackerError("The tracker answered with neither peers nor an interval");
  }
  const list = peers?.kind === "list" ? dictionaryPeers(peers.items) : compactPeers(peers, 4);
  const trackerId = asBytes(entries.get("tracker id"));
  return {
    interval: interval ?? DEFAULT_INTERVAL,
    minInterval: asInteger(entries.get("min interval")),
    ...readCounts(entries),
    peers: list.concat(compactPeers(peers6, 16)).slice(0, MAX_PEERS),
    warning: textOf(entries.get("warning message")),
    trackerId: trackerId !== null && trackerId.length <= MAX_TRACKER_ID ? trackerId.slice() : null,
  };
}

/**
 * Reads the body of a scrape answer: counts by info hash in lower-case hexadecimal. Throws
 * `TrackerError` like {@linkcode decodeAnnounceReply}.
 */
export function decodeScrapeReply(body: Bytes): Map<string, SwarmCounts> {
  const files = asDictionary(readDictionary(body).get("files"));
  if (files === null) throw new TrackerError("The tracker answered without the scrape's files");
  const out = new Map<string, SwarmCounts>();
  for (const [key, value] of files) {
    const entries = asDictionary(value);
    if (key.length !== 20 || entries === null) continue;
    if (out.size === MAX_SCRAPED) break;
    out.set(toHex(fromBinaryString(key)), readCounts(entries));
  }
  return out;
}

function readDictionary(body: Bytes): Entries {
  if (body.length > MAX_REPLY_BYTES) {
    throw new TrackerError(`Expected at most ${MAX_REPLY_BYTES} bytes, got ${body.length}`);
  }
  if (body.length === 0) throw new TrackerError("The tracker answered with nothing");
  if (/^\s*</.test(fromUtf8Lossy(body.subarray(0, 64)))) {
    throw new TrackerError("The tracker answered with a web page, not with a reply");
  }
  let entries: Entries | null;
  try {
    // each value at most 8 deep: files, a torrent, its counts; unknown additions may go a bit further
    entries = asDictionary(
      decode(body, { sorted: false, prefix: true, maxDepth: 8, maxValues: MAX_VALUES }),
    );
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    throw new TrackerError(`The tracker's answer cannot be read: ${error.message}`);
  }
  if (entries === null) throw new TrackerError("The tracker answered with something else");
  if (entries.has("failure reason")) {
    const reason = textOf(entries.get("failure reason")) ?? "no reason given";
    throw new TrackerRefusal(`${REFUSED}${reason}`);
  }
  return entries;
}

function readCounts(entries: Entries): SwarmCounts {
  return {
    seeders: asInteger(entries.get("complete")),
    leechers: asInteger(entries.get("incomplete")),
    downloads: asInteger(entries.get("downloaded")),
  };
}

/** Endpoints of a compact list; a broken last entry is cut off, and at most `MAX_PEERS` are read. */
function compactPeers(value: Bvalue | undefined, width: 4 | 16): Endpoint[] {
  const bytes = asBytes(value);
  if (bytes === null) return [];
  const whole = Math.min(Math.floor(bytes.length / (width + 2)), MAX_PEERS) * (width + 2);
  return parseCompact(bytes.subarray(0, whole), width) ?? [];
}

/** Endpoints of a list of dictionaries. Host names are skipped: resolving them would be a stranger's errand. */
function dictionaryPeers(items: readonly Bvalue[]): Endpoint[] {
  const out: Endpoint[] = [];
  for (const item of items) {
    if (out.length === MAX_PEERS) break;
    const entries = asDictionary(item);
    const host = asBytes(entries?.get("ip"));
    const port = asInteger(entries?.get("port"), 1, 65_535);
    if (host === null || host.length > 45 || port === null) continue;
    const peer = endpoint(fromUtf8Lossy(host), port);
    if (peer !== null) out.push(peer);
  }
  return out;
}

function textOf(value: Bvalue | undefined): string | null {
  const bytes = asBytes(value);
  const text = bytes === null ? "" : printable(bytes);
  return text === "" ? null : text;
}
