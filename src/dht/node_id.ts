import { type Brand, type Bytes, type Random, randomBytes } from "../base/mod.ts";

/** Where a node stands in the DHT: 20 bytes, in the same space as info hashes (BEP 5). */
export type NodeId = Brand<Bytes, "NodeId">;

/** Bytes of a node id or info hash. */
export const ID_LENGTH = 20;
/** Bits of one. */
export const ID_BITS = 160;

/** 20 bytes as a node id; throws `RangeError` on another length. */
export function nodeId(bytes: Bytes): NodeId {
  if (bytes.length !== ID_LENGTH) {
    throw new RangeError(`Expected a node id of ${ID_LENGTH} bytes, got ${bytes.length}`);
  }
  return bytes as NodeId;
}

/** An id anywhere in the space. */
export function randomId(random: Random): NodeId {
  return randomBytes(ID_LENGTH, random) as NodeId;
}

/** Below zero when `a` is nearer to `target` than `b`, by BEP 5's distance: XOR as a number. */
export function compareDistance(target: Uint8Array, a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < ID_LENGTH; i++) {
    const difference = (a[i]! ^ target[i]!) - (b[i]! ^ target[i]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How many bits two ids have in common from the first on, 0 … 160. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < ID_LENGTH; i++) {
    const difference = a[i]! ^ b[i]!;
    if (difference !== 0) return i * 8 + Math.clz32(difference) - 24;
  }
  return ID_BITS;
}

/** A random id that shares exactly `bits` (below 160) leading bits with `own`. */
export function idAtDistance(own: NodeId, bits: number, random: Random): NodeId {
  const out = randomBytes(ID_LENGTH, random);
  const at = bits >> 3;
  out.set(own.subarray(0, at));
  const kept = 0xff00 >> (bits & 7) & 0xff;
  const turned = 0x80 >> (bits & 7);
  out[at] = (own[at]! & kept) | (~own[at]! & turned) | (out[at]! & ~kept & ~turned & 0xff);
  return out as NodeId;
}
