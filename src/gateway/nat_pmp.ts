/** The packets of NAT-PMP (RFC 6886): what is asked of a gateway at UDP port 5351, and what it answers. */
import {
  type Bytes,
  formatAddress,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from "../base/mod.ts";

/** What is mapped. */
export type Transport = "tcp" | "udp";

/** Where a gateway listens for NAT-PMP and PCP. */
export const PMP_PORT = 5351;

/** First byte of every packet. */
const VERSION = 0;
/** Set in the operation of an answer. */
const ANSWER = 128;
const OPERATIONS = { udp: 1, tcp: 2 } as const;

/** What a gateway says; `epoch`: seconds since it began to keep mappings. */
export type NatPmpAnswer =
  | {
    readonly kind: "address";
    readonly result: number;
    readonly epoch: number;
    /** Outside address, canonical text; null where the result is no success. */
    readonly host: string | null;
  }
  | {
    readonly kind: "mapping";
    readonly result: number;
    readonly epoch: number;
    readonly transport: Transport;
    readonly internalPort: number;
    readonly externalPort: number;
    /** Seconds; 0: the mapping is gone. */
    readonly lifetime: number;
  };

/** What a result says, for people; by RFC 6886, 3.5. */
export const NAT_PMP_RESULTS: readonly string[] = [
  "done",
  "it speaks another version",
  "it refuses: port mapping is switched off there",
  "it has no outside address",
  "it has no room for another mapping",
  "it does not know the request",
];

/** Asks for the outside address. */
export function encodeNatPmpAddress(): Bytes {
  return new Uint8Array([VERSION, 0]);
}

/** Asks for a mapping of `internalPort` for `lifetime` seconds; 0 (and external port 0) ends it. */
export function encodeNatPmpMapping(
  transport: Transport,
  internalPort: number,
  externalPort: number,
  lifetime: number,
): Bytes {
  const packet = new Uint8Array(12);
  packet[1] = OPERATIONS[transport];
  writeUint16(packet, 4, internalPort);
  writeUint16(packet, 6, externalPort);
  writeUint32(packet, 8, lifetime);
  return packet;
}

/** Reads an answer; null when it is none of NAT-PMP. */
export function decodeNatPmp(packet: Bytes): NatPmpAnswer | null {
  if (packet.length < 8 || packet[0] !== VERSION) return null;
  const operation = packet[1]! - ANSWER;
  const head = { result: readUint16(packet, 2), epoch: readUint32(packet, 4) };
  if (operation === 0) {
    if (head.result !== 0) return { kind: "address", ...head, host: null };
    if (packet.length < 12) return null;
    return { kind: "address", ...head, host: formatAddress(packet.subarray(8, 12)) };
  }
  const transport = operation === OPERATIONS.tcp
    ? "tcp"
    : operation === OPERATIONS.udp
    ? "udp"
    : null;
  if (transport === null || packet.length < 16) return null;
  return {
    kind: "mapping",
    ...head,
    transport,
    internalPort: readUint16(packet, 8),
    externalPort: readUint16(packet, 10),
    lifetime: readUint32(packet, 12),
  };
}

/**
 * True for what a gateway says to a version it does not know: result 1 in NAT-PMP's form, whatever the operation
 * (RFC 6886, 3.5, and RFC 6887, appendix A).
 */
export function isUnknownVersion(packet: Bytes): boolean {
  return packet.length >= 4 && packet[0] === VERSION && packet[1]! >= ANSWER &&
    readUint16(packet, 2) === 1;
}
