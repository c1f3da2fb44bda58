/** A set of IP addresses given as ranges: hundreds of thousands of them in a few megabytes, found in well under 1 µs. */
import { parseAddress } from "./address.ts";

/** Ranges as plain numbers, which can be posted to another thread. */
export interface AddressRanges {
  /** First and last address of each, in ascending order, none touching the next. */
  readonly v4: Uint32Array<ArrayBuffer>;
  /** The same with four numbers an address, the highest first. */
  readonly v6: Uint32Array<ArrayBuffer>;
}

/** No addresses at all. */
export const NO_RANGES: AddressRanges = { v4: new Uint32Array(0), v6: new Uint32Array(0) };

/** Answers whether an address is in one of the ranges. */
export class AddressSet {
  readonly #v4: Uint32Array;
  readonly #v6: Uint32Array;

  constructor({ v4, v6 }: AddressRanges) {
    this.#v4 = v4;
    this.#v6 = v6;
  }

  /** Ranges left after those that overlap or touch were joined. */
  get size(): number {
    return this.#v4.length / 2 + this.#v6.length / 8;
  }

  /** True for an address in text form inside a range; false for one outside, and for what is no address. */
  has(host: string): boolean {
    const bytes = parseAddress(host);
    return bytes !== null && this.hasBytes(bytes);
  }

  /** The same for 4 or 16 bytes; a v4-mapped IPv6 address is the IPv4 one. */
  hasBytes(bytes: Uint8Array): boolean {
    if (bytes.length === 4) return within(this.#v4, 1, wordsOf(bytes));
    const words = wordsOf(bytes);
    return words[0] === 0 && words[1] === 0 && words[2] === 0xffff
      ? within(this.#v4, 1, words.slice(3))
      : within(this.#v6, 4, words);
  }
}

/** Takes ranges in any order, overlapping or not, and joins them in the end. */
export class AddressRangesBuilder {
  readonly #v4 = new Pairs(1);
  readonly #v6 = new Pairs(4);

  /** Ranges taken so far. */
  get size(): number {
    return this.#v4.size + this.#v6.size;
  }

  /** From `first` to `last`, both included and of the same length, 4 or 16 bytes; false when they are not, or out of order. */
  add(first: Uint8Array, last: Uint8Array): boolean {
    if (first.length !== last.length) return false;
    const [from, to] = [wordsOf(first), wordsOf(last)];
    if (compare(from, 0, to, 0, from.length) > 0) return false;
    (from.length === 1 ? this.#v4 : this.#v6).push(from, to);
    return true;
  }

  /** All of them, sorted and joined. */
  build(): AddressRanges {
    return { v4: this.#v4.joined(), v6: this.#v6.joined() };
  }
}

/** A growing list of pairs of addresses of `width` numbers each. */
class Pairs {
  #words = new Uint32Array(1024);
  size = 0;

  constructor(readonly width: 1 | 4) {}

  push(from: readonly number[], to: readonly number[]): void {
    const at = 2 * this.width * this.size++;
    if (at === this.#words.length) {
      const larger = new Uint32Array(2 * at);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words.set(from, at);
    this.#words.set(to, at + this.width);
  }

  joined(): Uint32Array<ArrayBuffer> {
    const { width } = this;
    const words = this.#words;
    const out = new Uint32Array(2 * width * this.size);
    let end = 0;
    for (const pair of this.#order()) {
      const from = 2 * width * pair;
      const last = end - width;
      if (end > 0 && !isBeyond(words, from, out, last, width)) {
        if (compare(words, from + width, out, last, width) > 0) {
          out.set(words.subarray(from + width, from + 2 * width), last);
        }
      } else {
        out.set(words.subarray(from, from + 2 * width), end);
        end += 2 * width;
      }
    }
    return out.slice(0, end);
  }

  /** The pairs' numbers by where they begin. */
  #order(): Iterable<number> {
    const words = this.#words;
    const stride = 2 * this.width;
    if (this.width === 1 && this.size < 2 ** 21) {
      // both in one number, which sorts without calling us: 32 bits and 21 are the 53 of a double
      const keys = new Float64Array(this.size);
      for (let i = 0; i < this.size; i++) keys[i] = words[stride * i]! * 2 ** 21 + i;
      return keys.sort().map((key) => key % 2 ** 21);
    }
    const order = new Uint32Array(this.size).map((_, i) => i);
    return order.sort((a, b) => compare(words, stride * a, words, stride * b, this.width));
  }
}

/** Whether the address at `at` neither lies below the one at `last` nor follows it at once. */
function isBeyond(words: Uint32Array, at: number, out: Uint32Array, last: number, width: number) {
  let borrow = 1;
  // compared with the address before it: 0 has none, and lies beyond nothing
  const before = words.slice(at, at + width);
  for (let i = width - 1; i >= 0 && borrow === 1; i--) {
    borrow = before[i] === 0 ? 1 : 0;
    before[i]! -= 1;
  }
  return borrow === 0 && compare(before, 0, out, last, width) > 0;
}

/** Binary search for the last range that begins at or below `address`. */
function within(ranges: Uint32Array, width: number, address: readonly number[]): boolean {
  const stride = 2 * width;
  let low = 0;
  let high = ranges.length / stride;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(ranges, stride * middle, address, 0, width) <= 0) low = middle + 1;
    else high = middle;
  }
  return low > 0 && compare(ranges, stride * low - width, address, 0, width) >= 0;
}

function compare(
  a: ArrayLike<number>,
  aAt: number,
  b: ArrayLike<number>,
  bAt: number,
  width: number,
): number {
  for (let i = 0; i < width; i++) {
    const difference = a[aAt + i]! - b[bAt + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function wordsOf(bytes: Uint8Array): number[] {
  const words: number[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    words.push(
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0,
    );
  }
  return words;
}
