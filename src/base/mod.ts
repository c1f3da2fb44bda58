/**
 * What every layer stands on: bytes, branded numbers, bit sets, endpoints, randomness, rates,
 * digests and the errors the program can name. No protocol, no I/O (Web Crypto excepted).
 */
export * from "./address.ts";
export * from "./address_scope.ts";
export * from "./address_set.ts";
export * from "./bitfield.ts";
export * from "./brands.ts";
export * from "./budget.ts";
export * from "./bytes.ts";
export * from "./crc32c.ts";
export * from "./end_reading.ts";
export * from "./endpoint.ts";
export * from "./errors.ts";
export * from "./fair_limit.ts";
export * from "./fair_pool.ts";
export * from "./random.ts";
export * from "./rate.ts";
export { reuseDigestMemory } from "./digest_memory.ts";
export * from "./sha.ts";
export * from "./short_sha1.ts";
export * from "./sha256_pair.ts";
export * from "./sip_hash.ts";
export * from "./size_text.ts";
export * from "./tame.ts";
