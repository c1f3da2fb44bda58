/** The 68 bytes every connection begins with (BEP 3), and the capabilities in their reserved bits. */
import {
  type Bytes,
  concat,
  equalBytes,
  type InfoHash,
  infoHash,
  type PeerId,
  peerId,
  ProtocolError,
  utf8,
} from "../base/mod.ts";

/** Bytes of a handshake. */
export const HANDSHAKE_SIZE = 68;
const PROTOCOL = concat(new Uint8Array([19]), utf8("BitTorrent protocol"));

/** What a handshake says. */
export interface Handshake {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Fast extension (BEP 6). */
  readonly fast: boolean;
  /** Extension protocol (BEP 10). */
  readonly extended: boolean;
  /** It has a node of the DHT and will say at which port (BEP 5). */
  readonly dht: boolean;
  /** It speaks v2 of a torrent that has it (BEP 52); not given: no. */
  readonly v2?: boolean;
}

/** The 68 bytes of our side. */
export function encodeHandshake({ infoHash, peerId, fast, extended, dht, v2 }: Handshake): Bytes {
  const reserved = new Uint8Array(8);
  if (extended) reserved[5]! |= 0x10;
  if (fast) reserved[7]! |= 0x04;
  if (dht) reserved[7]! |= 0x01;
  if (v2) reserved[7]! |= 0x10;
  return concat(PROTOCOL, reserved, infoHash, peerId);
}

/**
 * False as soon as `bytes`, possibly fewer than 20, cannot begin a handshake: a stranger that speaks
 * another protocol is dropped at its first byte, not after a time-out.
 */
export function mayBeHandshake(bytes: Uint8Array): boolean {
  const known = Math.min(bytes.length, PROTOCOL.length);
  return equalBytes(bytes.subarray(0, known), PROTOCOL.subarray(0, known));
}

/** True when `bytes` begin as every handshake does, which takes 20 of them. */
export function isProtocol(bytes: Uint8Array): boolean {
  return bytes.length >= PROTOCOL.length && mayBeHandshake(bytes);
}

/** Reads 68 bytes; throws {@linkcode ProtocolError} when they are no handshake. */
export function decodeHandshake(bytes: Bytes): Handshake {
  if (bytes.length < HANDSHAKE_SIZE || !mayBeHandshake(bytes)) {
    throw new ProtocolError("Expected a BitTorrent handshake");
  }
  return {
    infoHash: infoHash(bytes.slice(28, 48)),
    peerId: peerId(bytes.slice(48, 68)),
    fast: (bytes[27]! & 0x04) !== 0,
    extended: (bytes[25]! & 0x10) !== 0,
    dht: (bytes[27]! & 0x01) !== 0,
    v2: (bytes[27]! & 0x10) !== 0,
  };
}
