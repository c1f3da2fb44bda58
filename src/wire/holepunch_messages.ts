/** Hole punching (BEP 55): a peer that both know tells two others to call each other at the same time. */
import {
  type Bytes,
  type Endpoint,
  formatAddress,
  parseAddress,
  ProtocolError,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from "../base/mod.ts";

/** Why a meeting cannot be arranged; the numbers are BEP 55's. */
export const HolepunchError = {
  /** The address can be nobody's. */
  NoSuchPeer: 1,
  /** The peer asked is not connected to it. */
  NotConnected: 2,
  /** That one does not speak the extension. */
  NoSupport: 3,
  /** It is the peer itself who asks. */
  NoSelf: 4,
} as const;

/** What is said of the peer at `endpoint`: arrange a meeting with it, call it now, or that nothing comes of it. */
export interface HolepunchMessage {
  readonly kind: "rendezvous" | "connect" | "error";
  readonly endpoint: Endpoint;
  /** Of {@linkcode HolepunchError}, 0 beside an error. */
  readonly code: number;
}

const KINDS = ["rendezvous", "connect", "error"] as const;

/** The payload of a message. Throws `RangeError` on no IP address. */
export function encodeHolepunch({ kind, endpoint, code }: HolepunchMessage): Bytes {
  const address = parseAddress(endpoint.host);
  if (address === null) throw new RangeError(`Expected an IP address, got "${endpoint.host}"`);
  const out = new Uint8Array(4 + address.length + (kind === "error" ? 4 : 0));
  out[0] = KINDS.indexOf(kind);
  out[1] = address.length === 16 ? 1 : 0;
  out.set(address, 2);
  writeUint16(out, 2 + address.length, endpoint.port);
  if (kind === "error") writeUint32(out, 4 + address.length, code);
  return out;
}

/** Reads a message; null for a kind or an address family that is not known. Throws {@linkcode ProtocolError} on one cut short. */
export function readHolepunch(payload: Bytes): HolepunchMessage | null {
  if (payload.length < 2) throw new ProtocolError("Expected a kind and a family in ut_holepunch");
  const kind = KINDS[payload[0]!];
  const family = payload[1]!;
  if (kind === undefined || family > 1) return null;
  const end = 2 + (family === 1 ? 16 : 4);
  const size = end + 2 + (kind === "error" ? 4 : 0);
  if (payload.length < size) {
    throw new ProtocolError(`Expected ${size} bytes in ut_holepunch, got ${payload.length}`);
  }
  const endpoint = {
    host: formatAddress(payload.subarray(2, end)),
    port: readUint16(payload, end),
  };
  return { kind, endpoint, code: kind === "error" ? readUint32(payload, end + 2) : 0 };
}
