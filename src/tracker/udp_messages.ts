/** What UDP trackers are asked and answer, as packets (BEP 15, 41); numbers are big-endian. */
import {
  type Bytes,
  concat,
  type InfoHash,
  parseCompact,
  readUint32,
  TrackerError,
  utf8,
  writeUint16,
  writeUint32,
} from "../base/mod.ts";
import {
  type AnnounceEvent,
  type AnnounceReply,
  type AnnounceRequest,
  MAX_PEERS,
  type SwarmCounts,
} from "./announce.ts";
import { KNOWS_NOT, REFUSED, TrackerRefusal } from "./http_reply.ts";
import { printable } from "./printable.ts";

/** The first field of an answer and, after the connection id, of a request. */
export const UdpAction = { connect: 0, announce: 1, scrape: 2, error: 3 } as const;
/** One of {@linkcode UdpAction}. */
export type UdpAction = (typeof UdpAction)[keyof typeof UdpAction];

/** What every connect begins with in place of a connection id. */
export const CONNECT_MAGIC: Uint8Array = new Uint8Array([0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80]);
/** Torrents of one scrape, at most: what fits a packet (BEP 15). */
export const MAX_UDP_SCRAPE = 74;
/** Events by their number. */
export const UDP_EVENTS: readonly (AnnounceEvent | null)[] = [
  null,
  "completed",
  "started",
  "stopped",
];
/** Bytes of an announce without options. */
export const UDP_ANNOUNCE_LENGTH = 98;

/** Bytes of URL data, at most: a longer path would not fit a packet that is sure to arrive. */
const MAX_URL_DATA = 1_020;
const OPTION_URL_DATA = 2;
/** Bytes of one option's value, at most. */
const MAX_OPTION = 255;

/** Asks for a connection id. */
export function encodeConnect(transaction: number): Bytes {
  return packet(CONNECT_MAGIC, UdpAction.connect, transaction, 16);
}

/**
 * One announce with a connection id of 8 bytes. `ip` is 0: the tracker sees our address. `urlData` is the path
 * and query of the announce URL ({@linkcode urlData}), "" for none.
 */
export function encodeUdpAnnounce(
  connection: Uint8Array,
  transaction: number,
  request: AnnounceRequest,
  urlData: string,
): Bytes {
  const head = packet(connection, UdpAction.announce, transaction, UDP_ANNOUNCE_LENGTH);
  head.set(request.infoHash, 16);
  head.set(request.peerId, 36);
  writeUint64(head, 56, request.downloaded);
  writeUint64(head, 64, request.left);
  writeUint64(head, 72, request.uploaded);
  writeUint32(head, 80, UDP_EVENTS.indexOf(request.event));
  writeUint32(head, 88, request.key);
  writeUint32(head, 92, request.numwant);
  writeUint16(head, 96, request.port);
  return concat(head, encodeUrlData(utf8(urlData)));
}

/** Asks for the counts of 1 to {@linkcode MAX_UDP_SCRAPE} torrents. */
export function encodeUdpScrape(
  connection: Uint8Array,
  transaction: number,
  infoHashes: readonly InfoHash[],
): Bytes {
  if (infoHashes.length > MAX_UDP_SCRAPE) {
    throw new RangeError(`Expected at most ${MAX_UDP_SCRAPE} info hashes`);
  }
  return concat(packet(connection, UdpAction.scrape, transaction, 16), ...infoHashes);
}

/** Path and query of an announce URL, as BEP 41 has them sent; "" when there is nothing to tell. */
export function urlData({ pathname, search }: URL): string {
  const text = pathname + search;
  return text === "/" || text.length > MAX_URL_DATA ? "" : text;
}

/** Action and transaction of an answer, null when it is none. */
export function readUdpHead(
  answer: Uint8Array,
): { readonly action: UdpAction; readonly transaction: number } | null {
  if (answer.length < 8) return null;
  const action = readUint32(answer, 0);
  return action > 3 ? null : { action: action as UdpAction, transaction: readUint32(answer, 4) };
}

/** The connection id of an answer to a connect, 8 bytes. Throws `TrackerError` when it is no such answer. */
export function decodeConnectAnswer(answer: Bytes): Bytes {
  expectAnswer(answer, UdpAction.connect, 16);
  return answer.slice(8, 16);
}

/**
 * Reads the answer to an announce; peers have addresses of `width` bytes, of the family it came by. Throws
 * {@linkcode TrackerRefusal} for an error or an answer without anything in it, `TrackerError` for anything else that is no such answer.
 */
export function decodeUdpAnnounceAnswer(answer: Bytes, width: 4 | 16): AnnounceReply {
  if (answer.length === 8 && readUdpHead(answer)?.action === UdpAction.announce) {
    // opentracker's way to say so
    throw new TrackerRefusal(`${REFUSED}${KNOWS_NOT}`);
  }
  expectAnswer(answer, UdpAction.announce, 20);
  const list = answer.subarray(20, 20 + MAX_PEERS * (width + 2));
  const peers = parseCompact(list, width);
  if (peers === null) {
    throw new TrackerError(`Expected peers of ${width + 2} bytes each, got ${list.length} bytes`);
  }
  return {
    interval: readUint32(answer, 8),
    minInterval: null,
    leechers: readUint32(answer, 12),
    seeders: readUint32(answer, 16),
    downloads: null,
    peers,
    warning: null,
    trackerId: null,
  };
}

/** Reads the answer to a scrape of `count` torrents, in their order. Throws like {@linkcode decodeUdpAnnounceAnswer}. */
export function decodeUdpScrapeAnswer(answer: Bytes, count: number): SwarmCounts[] {
  expectAnswer(answer, UdpAction.scrape, 8 + 12 * count);
  return Array.from({ length: count }, (_, i) => ({
    seeders: readUint32(answer, 8 + 12 * i),
    downloads: readUint32(answer, 12 + 12 * i),
    leechers: readUint32(answer, 16 + 12 * i),
  }));
}

function expectAnswer(answer: Bytes, expected: UdpAction, length: number): void {
  const head = readUdpHead(answer);
  if (head?.action === UdpAction.error) {
    const reason = printable(answer.subarray(8)) || "no reason given";
    throw new TrackerRefusal(`${REFUSED}${reason}`);
  }
  if (head?.action !== expected) throw new TrackerError("The tracker answered something else");
  if (answer.length < length) {
    throw new TrackerError(`Expected an answer of ${length} bytes, got ${answer.length}`);
  }
}

function packet(first: Uint8Array, action: number, transaction: number, length: number): Bytes {
  const out = new Uint8Array(length);
  out.set(first);
  writeUint32(out, 8, action);
  writeUint32(out, 12, transaction);
  return out;
}

function encodeUrlData(data: Bytes): Bytes {
  const options: Bytes[] = [];
  for (let at = 0; at < data.length; at += MAX_OPTION) {
    const part = data.subarray(at, at + MAX_OPTION);
    options.push(new Uint8Array([OPTION_URL_DATA, part.length]), part);
  }
  return concat(...options);
}

/** Whole numbers up to 2⁵³ are exact. */
function writeUint64(bytes: Bytes, at: number, value: number): void {
  writeUint32(bytes, at, Math.floor(value / 0x1_0000_0000));
  writeUint32(bytes, at + 4, value);
}
