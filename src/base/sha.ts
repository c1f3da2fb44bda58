import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import type { Bytes } from "./bytes.ts";

/** SHA-1 of `data`, 20 bytes, by Web Crypto on a native thread. The one promise in the core layers. */
export async function sha1(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-1", data));
}

/** SHA-256 of `data`, 32 bytes, by Web Crypto on a native thread. */
export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** True when two digests are the same. */
export function equalDigest(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
