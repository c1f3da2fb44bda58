/** Canonical peer priority (BEP 40): both ends of a connection rank it the same, and strangers cannot choose their rank. */
import { type Bytes, concat, crc32c, type Endpoint, parseAddress } from "../base/mod.ts";

/**
 * How much a connection between two endpoints is worth keeping, from 0 to 2³² − 1; the same from both sides. Null when
 * they are of different families, or no addresses.
 */
export function peerPriority(one: Endpoint, other: Endpoint): number | null {
  const [a, b] = [parseAddress(one.host), parseAddress(other.host)];
  if (a === null || b === null || a.length !== b.length) return null;
  const shared = commonBytes(a, b);
  if (shared === a.length) return crc32c(inOrder(portBytes(one.port), portBytes(other.port)));
  // of the network every byte counts, and one more for each they share beyond it: who has a whole network at hand
  // has still only few ranks to choose from
  const network = a.length === 4 ? 2 : 6;
  const whole = shared < network ? network : shared + 1;
  return crc32c(inOrder(masked(a, whole), masked(b, whole)));
}

function commonBytes(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count++;
  return count;
}

function masked(address: Uint8Array, whole: number): Bytes {
  return Uint8Array.from(address, (byte, i) => i < whole ? byte : byte & 0x55);
}

function portBytes(port: number): Bytes {
  return new Uint8Array([port >> 8, port & 0xff]);
}

/** The lower one first. */
function inOrder(a: Bytes, b: Bytes): Bytes {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i]! < b[i]! ? concat(a, b) : concat(b, a);
  }
  return concat(a, b);
}
