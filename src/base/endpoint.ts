/** Where a peer listens, and the compact form trackers and peers send it in (BEP 23, BEP 7). */
import { formatAddress, parseAddress } from "./address.ts";
import { type AddressScope, addressScope } from "./address_scope.ts";
import { binaryString, type Bytes, concat, readUint16 } from "./bytes.ts";

/** An IP address in canonical text and a port from 1 to 65535. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** An endpoint of checked parts, or null when `host` is no IP address or `port` is out of range. */
export function endpoint(host: string, port: number): Endpoint | null {
  const bytes = parseAddress(host);
  if (bytes === null || !Number.isInteger(port) || port < 1 || port > 65535) return null;
  return { host: formatAddress(bytes), port };
}

/** `1.2.3.4:5` or `[2001:db8::1]:5`, which is also the key of an endpoint in maps. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Host and port of `host:port` or `[v6]:port`; the host may be a name. Null when it is neither. */
export function splitHostPort(text: string): { host: string; port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text);
  if (match === null) return null;
  const port = Number(match[3]);
  return port < 1 || port > 65535 ? null : { host: (match[1] ?? match[2])!, port };
}

/** The range an endpoint's address belongs to. */
export function endpointScope({ host }: Endpoint): AddressScope {
  const bytes = parseAddress(host);
  return bytes === null ? "unspecified" : addressScope(bytes);
}

/**
 * Whose address it is, as a key: one IPv4 address, one IPv6 network of 64 bits. Off the public internet many share an
 * address, so there the port belongs to it.
 */
export function holderOf(endpoint: Endpoint): string {
  const bytes = parseAddress(endpoint.host);
  if (bytes === null) throw new RangeError(`Expected an IP address, got "${endpoint.host}"`);
  if (addressScope(bytes) !== "public") return formatEndpoint(endpoint);
  return networkKey(endpoint.host, bytes);
}

/** Whose address a host's is wherever it is, as a key: one IPv4 address, one IPv6 network of 64 bits. */
export function holderOfHost(host: string): string {
  return networkKey(host, parseAddress(host));
}

function networkKey(host: string, address: Uint8Array | null): string {
  return address?.length === 16 ? binaryString(address.subarray(0, 8)) : host;
}

/**
 * Endpoints of a compact list of 6-byte (`width` 4) or 18-byte (`width` 16) entries; entries with
 * port 0 are dropped. Null when the length is no multiple of an entry.
 */
export function parseCompact(bytes: Uint8Array, width: 4 | 16): Endpoint[] | null {
  const size = width + 2;
  if (bytes.length % size !== 0) return null;
  const out: Endpoint[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const port = readUint16(bytes, at + width);
    if (port !== 0) out.push({ host: formatAddress(bytes.subarray(at, at + width)), port });
  }
  return out;
}

/** The compact form of one endpoint: 6 bytes for IPv4, 18 for IPv6. */
export function toCompact({ host, port }: Endpoint): Bytes {
  const address = parseAddress(host);
  if (address === null) throw new RangeError(`Expected an IP address, got "${host}"`);
  return concat(address, new Uint8Array([port >> 8, port & 0xff]));
}
