import type { Bytes } from "./bytes.ts";

/** A set of piece numbers in the layout of the wire's `bitfield` message: high bit first (BEP 3). */
export class Bitfield {
  readonly #bytes: Bytes;
  #count = 0;

  /** An empty set able to hold 0 … `size` − 1. */
  constructor(readonly size: number) {
    this.#bytes = new Uint8Array((size + 7) >> 3);
  }

  /** A copy of wire bytes, or null when the length is wrong or a spare bit is set. */
  static fromWire(bytes: Uint8Array, size: number): Bitfield | null {
    const out = new Bitfield(size);
    if (bytes.length !== out.#bytes.length) return null;
    const spare = bytes.length * 8 - size;
    if (spare > 0 && (bytes[bytes.length - 1]! & ((1 << spare) - 1)) !== 0) return null;
    out.#bytes.set(bytes);
    for (const byte of bytes) out.#count += popCount(byte);
    return out;
  }

  /** How many pieces are in the set. */
  get count(): number {
    return this.#count;
  }

  /** True when every piece is in the set. */
  get full(): boolean {
    return this.#count === this.size;
  }

  /** True when the set holds `index`; false for any number out of range. */
  has(index: number): boolean {
    return index < this.size && (this.#bytes[index >> 3]! & (0x80 >> (index & 7))) !== 0;
  }

  /** Adds `index`; false when it was there already. Throws `RangeError` out of range. */
  add(index: number): boolean {
    this.#check(index);
    const mask = 0x80 >> (index & 7);
    const at = index >> 3;
    if ((this.#bytes[at]! & mask) !== 0) return false;
    this.#bytes[at]! |= mask;
    this.#count++;
    return true;
  }

  /** Takes `index` out; false when it was not there. Throws `RangeError` out of range. */
  delete(index: number): boolean {
    this.#check(index);
    const mask = 0x80 >> (index & 7);
    const at = index >> 3;
    if ((this.#bytes[at]! & mask) === 0) return false;
    this.#bytes[at]! &= ~mask;
    this.#count--;
    return true;
  }

  /** Puts every piece into the set. */
  fill(): void {
    this.#bytes.fill(0xff);
    const spare = this.#bytes.length * 8 - this.size;
    if (spare > 0) this.#bytes[this.#bytes.length - 1] = (0xff << spare) & 0xff;
    this.#count = this.size;
  }

  /** The pieces of the set, ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at]!;
      if (byte === 0) continue;
      for (let bit = 0; bit < 8; bit++) if ((byte & (0x80 >> bit)) !== 0) yield at * 8 + bit;
    }
  }

  /** The pieces of `other`, of the same size, that are not in this set, ascending; a byte at a time where there are none. */
  *missing(other: Bitfield): Generator<number> {
    for (let at = 0; at < this.#bytes.length; at++) {
      const byte = other.#bytes[at]! & ~this.#bytes[at]!;
      if (byte === 0) continue;
      for (let bit = 0; bit < 8; bit++) if ((byte & (0x80 >> bit)) !== 0) yield at * 8 + bit;
    }
  }

  /** The first piece from `from` on that `other`, of the same size, has too; the size when there is none. */
  firstShared(other: Bitfield, from: number): number {
    for (let at = from >> 3; at < this.#bytes.length; at++) {
      let byte = this.#bytes[at]! & other.#bytes[at]!;
      if (at === from >> 3) byte &= 0xff >> (from & 7);
      // the highest bit is the first piece
      if (byte !== 0) return at * 8 + Math.clz32(byte) - 24;
    }
    return this.size;
  }

  /** A copy that can change on its own. */
  clone(): Bitfield {
    const out = new Bitfield(this.size);
    out.#bytes.set(this.#bytes);
    out.#count = this.#count;
    return out;
  }

  /** The wire form, a copy: ⌈size / 8⌉ bytes, spare bits zero. */
  toWire(): Bytes {
    return this.#bytes.slice();
  }

  #check(index: number): void {
    if (!(index >= 0 && index < this.size)) {
      throw new RangeError(`Expected a piece below ${this.size}, got ${index}`);
    }
  }
}

function popCount(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}
