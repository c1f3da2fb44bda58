/** The packets of PCP (RFC 6887) that map a port: operation MAP, and what a gateway answers to it. */
import {
  type Bytes,
  equalBytes,
  formatAddress,
  parseAddress,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from "../base/mod.ts";
import type { Transport } from "./nat_pmp.ts";

/** Bytes of a nonce, which ties answers to our own requests (RFC 6887, 11.1). */
export const NONCE_BYTES = 12;

const VERSION = 2;
const MAP = 1;
const ANSWER = 0x80;
const HEADER = 24;
const MAP_BYTES = 36;
/** The largest packet there may be (RFC 6887, 7). */
const MOST_BYTES = 1100;
const PROTOCOLS = { tcp: 6, udp: 17 } as const;
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** A mapping as it is asked for. */
export interface PcpRequest {
  readonly transport: Transport;
  /** Our own address as the packet carries it: the gateway refuses another (RFC 6887, 8.2). */
  readonly client: string;
  readonly nonce: Bytes;
  readonly internalPort: number;
  /** What we had or would like; 0 and null: any. */
  readonly externalPort: number;
  readonly externalHost: string | null;
  /** Seconds; 0 ends the mapping. */
  readonly lifetime: number;
}

/** What a gateway says; `epoch`: seconds since it began to keep mappings. */
export interface PcpAnswer {
  readonly result: number;
  readonly epoch: number;
  /** Seconds: of the mapping, or for which a refusal holds. */
  readonly lifetime: number;
  readonly transport: Transport;
  readonly nonce: Bytes;
  readonly internalPort: number;
  readonly externalPort: number;
  /** Canonical text; IPv4 where it is mapped into IPv6. */
  readonly externalHost: string;
}

/** Results that decide what is done next (RFC 6887, 7.4). */
export const PcpResult = { success: 0, version: 1, mismatch: 12 } as const;

/** What a result says, for people. */
export const PCP_RESULTS: readonly string[] = [
  "done",
  "it speaks another version",
  "it refuses: port mapping is switched off there",
  "it takes our request for malformed",
  "it cannot map ports",
  "it does not know an option",
  "it takes an option for malformed",
  "it has no outside address",
  "it has no room for another mapping",
  "it does not map this protocol",
  "we have more mappings than it allows",
  "it cannot give that outside port",
  "there is another address translation between it and us",
  "it has too many filters for the mapping",
];

/** The packet of a request. */
export function encodePcp(request: PcpRequest): Bytes {
  const packet = new Uint8Array(HEADER + MAP_BYTES);
  packet[0] = VERSION;
  packet[1] = MAP;
  writeUint32(packet, 4, request.lifetime);
  packet.set(wide(request.client), 8);
  packet.set(request.nonce, HEADER);
  packet[HEADER + 12] = PROTOCOLS[request.transport];
  writeUint16(packet, HEADER + 16, request.internalPort);
  writeUint16(packet, HEADER + 18, request.externalPort);
  // no address at all, of the family that is asked for
  packet.set(wide(request.externalHost ?? "0.0.0.0"), HEADER + 20);
  return packet;
}

/** Reads an answer to a request of ours; null when it is none. Options are passed over. */
export function decodePcp(packet: Bytes): PcpAnswer | null {
  const whole = packet.length >= HEADER + MAP_BYTES && packet.length <= MOST_BYTES;
  if (!whole || packet.length % 4 !== 0) return null;
  if (packet[0] !== VERSION || packet[1] !== (MAP | ANSWER)) return null;
  const protocol = packet[HEADER + 12];
  const transport = protocol === PROTOCOLS.tcp ? "tcp" : protocol === PROTOCOLS.udp ? "udp" : null;
  if (transport === null) return null;
  return {
    result: packet[3]!,
    lifetime: readUint32(packet, 4),
    epoch: readUint32(packet, 8),
    nonce: packet.slice(HEADER, HEADER + NONCE_BYTES),
    transport,
    internalPort: readUint16(packet, HEADER + 16),
    externalPort: readUint16(packet, HEADER + 18),
    externalHost: formatAddress(packet.subarray(HEADER + 20, HEADER + 36)),
  };
}

/** True for PCP's own way to say that it does not know our version; such an answer may have no body. */
export function isPcpUnknownVersion(packet: Bytes): boolean {
  return packet.length >= HEADER && packet[0]! > 0 && (packet[1]! & ANSWER) !== 0 &&
    packet[3] === PcpResult.version;
}

/** Whether an answer is to the request that carried `nonce`. */
export function answersTo(
  answer: PcpAnswer,
  { transport, nonce, internalPort }: Pick<PcpRequest, "transport" | "nonce" | "internalPort">,
): boolean {
  return answer.transport === transport && answer.internalPort === internalPort &&
    equalBytes(answer.nonce, nonce);
}

/** 16 bytes of an address in canonical text. */
function wide(host: string): Uint8Array {
  const bytes = parseAddress(host) ?? new Uint8Array(4);
  return bytes.length === 16 ? bytes : Uint8Array.from([...MAPPED, ...bytes]);
}
