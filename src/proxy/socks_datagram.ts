/** Packets of UDP on their way through a SOCKS 5 proxy (RFC 1928, 7). */
import { type Bytes, concat } from "../base/mod.ts";
import { decodeSocksAddress, encodeSocksAddress, type SocksAddress } from "./socks_address.ts";

/** A packet to or from somebody behind the proxy. */
export interface SocksDatagram {
  readonly peer: SocksAddress;
  readonly packet: Bytes;
}

const HEAD = Uint8Array.of(0, 0, 0);

/** What is sent to the proxy. */
export function encodeDatagram({ peer, packet }: SocksDatagram): Bytes {
  return concat(HEAD, encodeSocksAddress(peer), packet);
}

/** What came from the proxy; null when it is none, or a fragment, which nobody sends. */
export function decodeDatagram(bytes: Bytes): SocksDatagram | null {
  if (bytes.length < 4 || bytes[2] !== 0) return null;
  const read = decodeSocksAddress(bytes, 3);
  if (read === null || typeof read === "number") return null;
  return { peer: read.address, packet: bytes.slice(read.end) };
}
