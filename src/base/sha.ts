import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import type { Bytes } from "./bytes.ts";
import { endOffer, offerMemory, reclaimMemory } from "./digest_memory.ts";

/** SHA-1 of `data`, 20 bytes, by Web Crypto on a native thread. The one promise in the core layers. */
export function sha1(data: Bytes): Promise<Bytes> {
  return digest("SHA-1", data);
}

/** SHA-256 of `data`, 32 bytes, by Web Crypto on a native thread. */
export function sha256(data: Bytes): Promise<Bytes> {
  return digest("SHA-256", data);
}

/** True when two digests are the same. */
export function equalDigest(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** `data` may be changed as soon as the promise is there: Web Crypto has made its copy by then. */
async function digest(algorithm: "SHA-1" | "SHA-256", data: Bytes): Promise<Bytes> {
  const memory = offerMemory(data.length);
  const hashing = crypto.subtle.digest(algorithm, data);
  endOffer();
  try {
    return new Uint8Array(await hashing);
  } finally {
    reclaimMemory(memory);
  }
}
