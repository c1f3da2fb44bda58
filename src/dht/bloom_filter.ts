import { type Bytes, shortSha1 } from "../base/mod.ts";

/** Bytes of a filter. */
export const FILTER_LENGTH = 256;
const BITS = FILTER_LENGTH * 8;

/** A set of addresses that tells how many there are and not which (BEP 33): 2048 bits, two hash functions. */
export class BloomFilter {
  readonly #bytes: Bytes = new Uint8Array(FILTER_LENGTH);

  /** A copy of 256 bytes from the wire; throws `RangeError` on another length. */
  static from(bytes: Uint8Array): BloomFilter {
    if (bytes.length !== FILTER_LENGTH) {
      throw new RangeError(`Expected a filter of ${FILTER_LENGTH} bytes, got ${bytes.length}`);
    }
    const out = new BloomFilter();
    out.#bytes.set(bytes);
    return out;
  }

  /** Adds an address of 4 or 16 bytes. */
  add(address: Uint8Array): void {
    const hash = shortSha1(address);
    for (const at of [0, 2]) {
      const bit = (hash[at]! | (hash[at + 1]! << 8)) % BITS;
      this.#bytes[bit >> 3]! |= 1 << (bit & 7);
    }
  }

  /** Adds what another filter holds. */
  merge(other: BloomFilter): void {
    for (let i = 0; i < FILTER_LENGTH; i++) this.#bytes[i]! |= other.#bytes[i]!;
  }

  /** About how many addresses it holds; some 6,000 is the most it can tell. */
  estimate(): number {
    let zeros = 0;
    for (const byte of this.#bytes) for (let bit = 0; bit < 8; bit++) zeros += ~byte >> bit & 1;
    const counted = Math.min(Math.max(zeros, 1), BITS - 1);
    if (zeros === BITS) return 0;
    return Math.log(counted / BITS) / (2 * Math.log(1 - 1 / BITS));
  }

  /** The wire form, a copy. */
  toWire(): Bytes {
    return this.#bytes.slice();
  }
}
