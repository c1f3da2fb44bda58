import { type Bytes, fromHex, type Random, randomBytes, toHex } from "../../base/mod.ts";

/** Bytes of a public key, and of the secret that both come to. */
export const KEY_SIZE = 96;
/** Bits of a private key: more make it slower and not safer, says MSE. */
const PRIVATE_BYTES = 20;

/** The 768-bit prime of MSE, which is IKE's first (RFC 2409, 6.1). */
const PRIME = BigInt(
  "0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404" +
    "DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563",
);
const GENERATOR = 2n;

/** Our half of a Diffie-Hellman exchange. Each of its two powers takes a tenth of a millisecond. */
export class KeyExchange {
  /** What is sent, 96 bytes. */
  readonly publicKey: Bytes;
  readonly #private: Bytes;

  constructor(random: Random) {
    this.#private = randomBytes(PRIVATE_BYTES, random);
    this.publicKey = toBytes(power(GENERATOR, this.#private));
  }

  /** The 96 bytes that only both sides know, or null for a public key (96 bytes) that gives them away. */
  secret(publicKey: Uint8Array): Bytes | null {
    const theirs = BigInt(`0x${toHex(publicKey)}`);
    // of 0, 1 and p − 1 the powers are known, and nobody's key is p or more
    if (theirs <= 1n || theirs >= PRIME - 1n) return null;
    return toBytes(power(theirs, this.#private));
  }
}

/** `base` to the power of the number in `exponent`, modulo the prime, four bits at a time. */
function power(base: bigint, exponent: Uint8Array): bigint {
  const powers = [1n];
  for (let i = 1; i < 16; i++) powers.push((powers[i - 1]! * base) % PRIME);
  let result = 1n;
  for (const byte of exponent) {
    for (const digit of [byte >> 4, byte & 15]) {
      for (let i = 0; i < 4; i++) result = (result * result) % PRIME;
      if (digit > 0) result = (result * powers[digit]!) % PRIME;
    }
  }
  return result;
}

function toBytes(number: bigint): Bytes {
  return fromHex(number.toString(16).padStart(2 * KEY_SIZE, "0"))!;
}
