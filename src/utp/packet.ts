/** uTP packets (BEP 29): a header of 20 bytes, extensions, the payload. */
import { type Bytes, readUint16, readUint32, writeUint16, writeUint32 } from "../base/mod.ts";

/** What a packet is for; the numbers are BEP 29's. */
export const PacketType = { Data: 0, Fin: 1, State: 2, Reset: 3, Syn: 4 } as const;
/** One of {@linkcode PacketType}. */
export type PacketKind = (typeof PacketType)[keyof typeof PacketType];

/** Bytes before extensions and payload. */
export const HEADER_SIZE = 20;
/** The largest mask that is read: it speaks of so many packets, more than may be on their way. */
const MOST_MASK_BYTES = 128;

const VERSION = 1;
const SELECTIVE_ACK = 1;
/** An extension that nobody knows, so everybody passes over it. */
const PADDING = 0x70;
const NO_BYTES: Bytes = new Uint8Array(0);

/** The fields of a header. */
export interface UtpHeader {
  readonly type: PacketKind;
  readonly connectionId: number;
  /** When it was sent, microseconds modulo 2³² on the sender's clock. */
  readonly timestamp: number;
  /** The difference that its sender saw last between its clock and a packet's timestamp; 0: it saw none. */
  readonly delay: number;
  /** Bytes that its sender will take. */
  readonly window: number;
  readonly seq: number;
  /** The last packet that came with none missing before. */
  readonly ack: number;
}

/** A packet, read. */
export interface UtpPacket extends UtpHeader {
  /** Bit i, counted from the lowest of the first byte: packet `ack` + 2 + i is here. Empty: nothing is said. */
  readonly mask: Bytes;
  /** Borrowed from the packet. */
  readonly payload: Bytes;
}

/** Reads a packet; null when it is no uTP packet of version 1, or an extension does not end inside it. */
export function decodePacket(bytes: Bytes): UtpPacket | null {
  if (bytes.length < HEADER_SIZE || (bytes[0]! & 0x0f) !== VERSION) return null;
  const type = bytes[0]! >> 4;
  if (type > PacketType.Syn) return null;
  let mask = NO_BYTES;
  let at = HEADER_SIZE;
  for (let extension = bytes[1]!; extension !== 0;) {
    if (at + 2 > bytes.length) return null;
    const next = bytes[at]!;
    const end = at + 2 + bytes[at + 1]!;
    if (end > bytes.length) return null;
    if (extension === SELECTIVE_ACK) {
      mask = bytes.subarray(at + 2, Math.min(end, at + 2 + MOST_MASK_BYTES));
    }
    extension = next;
    at = end;
  }
  return {
    type: type as PacketKind,
    connectionId: readUint16(bytes, 2),
    timestamp: readUint32(bytes, 4),
    delay: readUint32(bytes, 8),
    window: readUint32(bytes, 12),
    seq: readUint16(bytes, 16),
    ack: readUint16(bytes, 18),
    mask,
    payload: at === bytes.length ? NO_BYTES : bytes.subarray(at),
  };
}

/** A packet. `mask` is a multiple of four bytes, at most 252; `padding` makes it so many bytes longer, 0 or 2 … 2,000. */
export function encodePacket(
  header: UtpHeader,
  payload: Uint8Array = NO_BYTES,
  mask: Uint8Array = NO_BYTES,
  padding = 0,
): Bytes {
  const pads = paddings(padding);
  const masked = mask.length === 0 ? 0 : 2 + mask.length;
  const padded = pads.reduce((sum, size) => sum + 2 + size, 0);
  const out = new Uint8Array(HEADER_SIZE + masked + padded + payload.length);
  out[0] = (header.type << 4) | VERSION;
  out[1] = masked > 0 ? SELECTIVE_ACK : pads.length > 0 ? PADDING : 0;
  writeUint16(out, 2, header.connectionId);
  writeUint32(out, 4, header.timestamp);
  writeUint32(out, 8, header.delay);
  writeUint32(out, 12, header.window);
  writeUint16(out, 16, header.seq);
  writeUint16(out, 18, header.ack);
  let at = HEADER_SIZE;
  if (masked > 0) {
    out[at] = pads.length > 0 ? PADDING : 0;
    out[at + 1] = mask.length;
    out.set(mask, at + 2);
    at += masked;
  }
  pads.forEach((size, i) => {
    out[at] = i + 1 < pads.length ? PADDING : 0;
    out[at + 1] = size;
    at += 2 + size;
  });
  out.set(payload, at);
  return out;
}

/** What changes of a header when its packet is sent again. */
export function refreshPacket(
  packet: Bytes,
  { timestamp, delay, window, ack }: Omit<UtpHeader, "type" | "connectionId" | "seq">,
): void {
  writeUint32(packet, 4, timestamp);
  writeUint32(packet, 8, delay);
  writeUint32(packet, 12, window);
  writeUint16(packet, 18, ack);
}

/** Sizes of extensions that are `total` bytes long with their own two bytes each. */
function paddings(total: number): number[] {
  const out: number[] = [];
  for (let left = total; left > 0; left -= 2 + out.at(-1)!) {
    const size = Math.min(255, left - 2);
    // one byte alone is no extension
    out.push(left - size === 3 ? size - 1 : size);
  }
  return out;
}
