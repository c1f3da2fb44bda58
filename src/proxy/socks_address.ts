/** Addresses as SOCKS 5 writes them (RFC 1928, 5): IPv4, IPv6 or a name, and a port. */
import { type Bytes, concat, formatAddress, parseAddress, readUint16, utf8 } from "../base/mod.ts";

/** An address or a name, and a port; 0 where none is meant. */
export interface SocksAddress {
  readonly host: string;
  readonly port: number;
}

const [IPV4, NAME, IPV6] = [1, 3, 4];
const MOST_NAME = 255;

/** The bytes of an address; throws `RangeError` for a name that is too long. */
export function encodeSocksAddress({ host, port }: SocksAddress): Bytes {
  const tail = Uint8Array.of(port >> 8, port & 0xff);
  const address = parseAddress(host);
  if (address !== null) {
    return concat(Uint8Array.of(address.length === 4 ? IPV4 : IPV6), address, tail);
  }
  const name = utf8(host);
  if (name.length === 0 || name.length > MOST_NAME) {
    throw new RangeError(`Expected a name of 1 to 255 bytes, got ${name.length}`);
  }
  return concat(Uint8Array.of(NAME, name.length), name, tail);
}

/**
 * Reads an address at `at`. A number: so many bytes are there at least, and not all of them are here. Null: it is of
 * no known kind.
 */
export function decodeSocksAddress(
  bytes: Uint8Array,
  at: number,
): { readonly address: SocksAddress; readonly end: number } | number | null {
  if (bytes.length < at + 2) return at + 2;
  const kind = bytes[at];
  const length = kind === IPV4 ? 4 : kind === IPV6 ? 16 : kind === NAME ? bytes[at + 1]! : 0;
  if (length === 0) return null;
  const from = kind === NAME ? at + 2 : at + 1;
  const end = from + length + 2;
  if (bytes.length < end) return end;
  const raw = bytes.subarray(from, from + length);
  const host = kind === NAME ? new TextDecoder("latin1").decode(raw) : formatAddress(raw);
  return { address: { host, port: readUint16(bytes, end - 2) }, end };
}
