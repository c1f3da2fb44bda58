/** Nodes in the compact form of answers: 26 bytes for IPv4 (BEP 5), 38 for IPv6 (BEP 32). */
import {
  type Bytes,
  concat,
  type Endpoint,
  formatAddress,
  parseAddress,
  readUint16,
  toCompact,
} from "../base/mod.ts";
import type { Contact, Family } from "./message.ts";
import { ID_LENGTH, type NodeId } from "./node_id.ts";

/** Bytes of an address of each family. */
export const ADDRESS_LENGTH = { v4: 4, v6: 16 } as const satisfies Record<Family, number>;

/** The nodes of a compact list, those with port 0 left out; null when its length is none. Copies. */
export function parseContacts(bytes: Bytes, family: Family): Contact[] | null {
  const width = ADDRESS_LENGTH[family];
  const size = ID_LENGTH + width + 2;
  if (bytes.length % size !== 0) return null;
  const out: Contact[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const from = at + ID_LENGTH;
    const port = readUint16(bytes, from + width);
    if (port === 0) continue;
    const host = formatAddress(bytes.subarray(from, from + width));
    // an IPv4 address in IPv6's clothes belongs to the other table
    if (host.includes(":") !== (family === "v6")) continue;
    out.push({ id: bytes.slice(at, from) as NodeId, endpoint: { host, port } });
  }
  return out;
}

/** The compact list of nodes of one family. */
export function formatContacts(contacts: readonly Contact[]): Bytes {
  return concat(...contacts.flatMap(({ id, endpoint }) => [id, toCompact(endpoint)]));
}

/** Which family an endpoint belongs to. */
export function familyOf({ host }: Endpoint): Family {
  return host.includes(":") ? "v6" : "v4";
}

/** The 4 or 16 bytes of an endpoint's address. */
export function addressOf({ host }: Endpoint): Bytes {
  const bytes = parseAddress(host);
  if (bytes === null) throw new RangeError(`Expected an IP address, got "${host}"`);
  return bytes;
}
