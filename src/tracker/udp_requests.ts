/** What reaches a UDP tracker, read strictly, and what it answers (BEP 15); numbers are big-endian. */
import {
  type Bytes,
  concat,
  equalBytes,
  type InfoHash,
  infoHash,
  type PeerId,
  peerId,
  readUint16,
  readUint32,
  toCompact,
  TrackerError,
  utf8,
  writeUint32,
} from "../base/mod.ts";
import type { AnnounceEvent } from "./announce.ts";
import type { SwarmPeer, SwarmSize } from "./swarm_registry.ts";
import {
  CONNECT_MAGIC,
  MAX_UDP_SCRAPE,
  UDP_ANNOUNCE_LENGTH,
  UDP_EVENTS,
  UdpAction,
} from "./udp_messages.ts";

/** A question as it came, with the connection id that has yet to be judged. */
export interface UdpRequest {
  readonly action: UdpAction;
  readonly connection: Bytes;
  readonly transaction: number;
}

/** An announce as a client sends it; its address is not part of it, the sender's counts. */
export interface UdpAnnounce {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** 1 to 65535. */
  readonly port: number;
  readonly left: number;
  readonly event: AnnounceEvent | null;
  /** Peers asked for; null: as the tracker likes. */
  readonly numwant: number | null;
}

/** The start of any question, null when the packet is none: it gets no answer. */
export function decodeUdpRequest(packet: Bytes): UdpRequest | null {
  if (packet.length < 16) return null;
  const action = readUint32(packet, 8);
  const connection = packet.subarray(0, 8);
  if (action > UdpAction.scrape) return null;
  if (action === UdpAction.connect && !equalBytes(connection, CONNECT_MAGIC)) return null;
  return { action: action as UdpAction, connection, transaction: readUint32(packet, 12) };
}

/** Reads an announce; options after it (BEP 41) are ignored, as is `ip`. Throws `TrackerError`, meant for the asker. */
export function decodeUdpAnnounce(packet: Bytes): UdpAnnounce {
  if (packet.length < UDP_ANNOUNCE_LENGTH) {
    throw new TrackerError(`Expected ${UDP_ANNOUNCE_LENGTH} bytes, got ${packet.length}`);
  }
  const event = UDP_EVENTS[readUint32(packet, 80)];
  if (event === undefined) throw new TrackerError("Expected an event from 0 to 3");
  const port = readUint16(packet, 96);
  if (port === 0) throw new TrackerError("Expected a port, got 0");
  const wanted = readUint32(packet, 92);
  return {
    infoHash: infoHash(packet.slice(16, 36)),
    peerId: peerId(packet.slice(36, 56)),
    port,
    // only whether anything is missing counts
    left: packet.subarray(64, 72).every((byte) => byte === 0) ? 0 : 1,
    event,
    // -1 is how most say "as you like"
    numwant: wanted > 0x7fff_ffff ? null : wanted,
  };
}

/** The torrents a scrape asks for, at least one. Throws `TrackerError`, meant for the asker. */
export function decodeUdpScrape(packet: Bytes): InfoHash[] {
  const count = Math.floor((packet.length - 16) / 20);
  if (count < 1) throw new TrackerError("Expected an info hash, got none");
  return Array.from(
    { length: Math.min(count, MAX_UDP_SCRAPE) },
    (_, i) => infoHash(packet.slice(16 + 20 * i, 36 + 20 * i)),
  );
}

/** Answers a connect with a connection id of 8 bytes. */
export function encodeConnectAnswer(transaction: number, connection: Uint8Array): Bytes {
  return concat(head(UdpAction.connect, transaction, []), connection);
}

/** Answers an announce; `interval` is in seconds, all peers are of the asker's family. */
export function encodeUdpAnnounceAnswer(
  transaction: number,
  answer: SwarmSize & { readonly interval: number; readonly peers: readonly SwarmPeer[] },
): Bytes {
  const { interval, leechers, seeders } = answer;
  return concat(
    head(UdpAction.announce, transaction, [interval, leechers, seeders]),
    ...answer.peers.map(({ endpoint }) => toCompact(endpoint)),
  );
}

/** Answers a scrape, in the order of its torrents. */
export function encodeUdpScrapeAnswer(transaction: number, sizes: readonly SwarmSize[]): Bytes {
  const counts = sizes.flatMap(({ seeders, downloads, leechers }) => [
    seeders,
    downloads,
    leechers,
  ]);
  return head(UdpAction.scrape, transaction, counts);
}

/** Refuses a question; `reason` is shown to the user at the other end. */
export function encodeUdpError(transaction: number, reason: string): Bytes {
  return concat(head(UdpAction.error, transaction, []), utf8(reason));
}

function head(action: UdpAction, transaction: number, words: readonly number[]): Bytes {
  const out = new Uint8Array(8 + 4 * words.length);
  writeUint32(out, 0, action);
  writeUint32(out, 4, transaction);
  for (const [i, value] of words.entries()) writeUint32(out, 8 + 4 * i, value);
  return out;
}
