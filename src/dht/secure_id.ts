/** Node ids that follow from an address, so that nobody can choose where in the DHT to stand (BEP 42). */
import { addressScope, crc32c, type Random, randomBytes } from "../base/mod.ts";
import { ID_LENGTH, type NodeId } from "./node_id.ts";

const MASK_V4 = [0x03, 0x0f, 0x3f, 0xff];
const MASK_V6 = [0x01, 0x03, 0x07, 0x0f, 0x1f, 0x3f, 0x7f, 0xff];

/** An id for a node at `address` (4 or 16 bytes); `salt` is the last byte, by default random. */
export function secureId(address: Uint8Array, random: Random, salt = random.below(256)): NodeId {
  const id = randomBytes(ID_LENGTH, random);
  const crc = prefixOf(address, salt);
  id[0] = crc >>> 24;
  id[1] = (crc >>> 16) & 0xff;
  id[2] = ((crc >>> 8) & 0xf8) | (id[2]! & 0x07);
  id[19] = salt;
  return id as NodeId;
}

/** Whether a node at `address` may have this id: the first 21 bits decide. Addresses that are not public are exempt. */
export function isSecureId(id: NodeId, address: Uint8Array): boolean {
  if (addressScope(address) !== "public") return true;
  const crc = prefixOf(address, id[19]!);
  return id[0] === crc >>> 24 && id[1] === ((crc >>> 16) & 0xff) &&
    (id[2]! & 0xf8) === ((crc >>> 8) & 0xf8);
}

function prefixOf(address: Uint8Array, salt: number): number {
  const mask = address.length === 4 ? MASK_V4 : MASK_V6;
  const masked = Uint8Array.from(mask, (bits, i) => address[i]! & bits);
  masked[0]! |= (salt & 7) << 5;
  return crc32c(masked);
}
