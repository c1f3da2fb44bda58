/** A set of IP addresses given as ranges: hundreds of thousands of them in a few megabytes, found in well under 1 µs. */
import { parseAddress, parseIpv4Number } from "./address.ts";
import { readUint32 } from "./bytes.ts";

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
    const v4 = parseIpv4Number(host, 0);
    if (v4 >= 0) return within(this.#v4, v4);
    const bytes = parseAddress(host);
    return bytes !== null && this.hasBytes(bytes);
  }

  /** The same for 4 or 16 bytes; a v4-mapped IPv6 address is the IPv4 one. */
  hasBytes(bytes: Uint8Array): boolean {
    const first = readUint32(bytes, 0);
    if (bytes.length === 4) return within(this.#v4, first);
    const second = readUint32(bytes, 4);
    const third = readUint32(bytes, 8);
    const last = readUint32(bytes, 12);
    const isMapped = first === 0 && second === 0 && third === 0xffff;
    return isMapped ? within(this.#v4, last) : withinWide(this.#v6, first, second, third, last);
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
    if (from.length === 1 || (isMapped(from) && isMapped(to))) {
      return this.addV4(from.at(-1)!, to.at(-1)!);
    }
    if (compare(from, 0, to, 0, 4) > 0) return false;
    this.#v6.push(from, to);
    return true;
  }

  /** The same for IPv4 addresses as numbers, without an array for each. */
  addV4(first: number, last: number): boolean {
    if (first > last) return false;
    this.#v4.pushOne(first, last);
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
    const at = this.#room();
    this.#words.set(from, at);
    this.#words.set(to, at + this.width);
  }

  /** Of width 1. */
  pushOne(from: number, to: number): void {
    const at = this.#room();
    this.#words[at] = from;
    this.#words[at + 1] = to;
  }

  /** As lists mostly are. */
  #isSorted(): boolean {
    const { width } = this;
    for (let at = 2 * width; at < 2 * width * this.size; at += 2 * width) {
      if (compare(this.#words, at - 2 * width, this.#words, at, width) > 0) return false;
    }
    return true;
  }

  #room(): number {
    const at = 2 * this.width * this.size++;
    if (at === this.#words.length) {
      const larger = new Uint32Array(2 * at);
      larger.set(this.#words);
      this.#words = larger;
    }
    return at;
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
    const order = new Uint32Array(this.size).map((_, i) => i);
    if (this.#isSorted()) return order;
    if (this.width === 1 && this.size < 2 ** 21) {
      // both in one number, which sorts without calling us: 32 bits and 21 are the 53 of a double
      const keys = new Float64Array(this.size);
      for (let i = 0; i < this.size; i++) keys[i] = words[stride * i]! * 2 ** 21 + i;
      return keys.sort().map((key) => key % 2 ** 21);
    }
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
function within(ranges: Uint32Array, address: number): boolean {
  let low = 0;
  let high = ranges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[2 * middle]! <= address) low = middle + 1;
    else high = middle;
  }
  return low > 0 && ranges[2 * low - 1]! >= address;
}

/** The same for an address of four numbers. */
function withinWide(ranges: Uint32Array, a: number, b: number, c: number, d: number): boolean {
  // no array for each look-up
  const order = (at: number) =>
    ranges[at]! - a || ranges[at + 1]! - b || ranges[at + 2]! - c || ranges[at + 3]! - d;
  let low = 0;
  let high = ranges.length >> 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(8 * middle) <= 0) low = middle + 1;
    else high = middle;
  }
  return low > 0 && order(8 * low - 4) >= 0;
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

function isMapped(words: readonly number[]): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

function wordsOf(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length >> 2 }, (_, i) => readUint32(bytes, 4 * i));
}
