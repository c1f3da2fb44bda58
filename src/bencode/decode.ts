/** A strict bencode reader (BEP 3). It keeps the span of every value, so a hash can be taken over raw bytes. */
import { binaryString, type Bytes } from "../base/mod.ts";
import { BencodeError } from "./error.ts";
import { KeyCache } from "./key_cache.ts";
import { type Bvalue, StringValue } from "./value.ts";

/** Bounds on what a stranger's bytes may make us build. */
export interface DecodeLimits {
  /** Lists and dictionaries inside one another. */
  readonly maxDepth: number;
  /** Values of all kinds together. */
  readonly maxValues: number;
  /** Bytes of one string. */
  readonly maxString: number;
  /** Bytes of one dictionary key. */
  readonly maxKey: number;
}

/** How strictly to read. */
export interface DecodeOptions extends Partial<DecodeLimits> {
  /**
   * Refuse dictionaries whose keys are not in raw byte order (BEP 3). Default true; trackers and peers often fail it.
   * `{ under: key }` asks it only of the value that the outermost dictionary holds under `key`.
   */
  readonly sorted?: boolean | { readonly under: string };
  /** Return after the first value instead of refusing what follows it (`ut_metadata`). Default false. */
  readonly prefix?: boolean;
}

const DEFAULTS: DecodeLimits = {
  maxDepth: 100,
  maxValues: 1_000_000,
  maxString: 256 * 1024 * 1024,
  maxKey: 4096,
};
/** The longest integer accepted: "-" and the 19 digits of a signed 64-bit number. */
const MAX_DIGITS = 20;
/** So many digits always make a safe integer. */
const SAFE_DIGITS = 15;
const INT64 = 2n ** 63n;

/**
 * Reads one value that must fill `bytes` (unless `prefix`). Strings are views into `bytes`.
 * Throws {@linkcode BencodeError} with the offset of the fault: truncated input, leading zeros, `-0`, an integer beyond
 * 64 bits, unsorted or repeated keys, a bound exceeded, bytes after the end.
 */
export function decode(bytes: Bytes, options: DecodeOptions = {}): Bvalue {
  const reader = new Reader(bytes, options);
  const value = reader.value(0);
  if (!options.prefix && reader.at !== bytes.length) {
    throw new BencodeError(
      reader.at,
      `Expected the end of input, found ${bytes.length - reader.at} more bytes`,
    );
  }
  return value;
}

class Reader {
  at = 0;
  #values = 0;
  readonly #limits: DecodeLimits;
  /** Whether the dictionary being read must be in order; with `under` it changes on the way. */
  #sorted: boolean;
  readonly #sortedUnder: string | null;
  readonly #keys: KeyCache;

  constructor(readonly bytes: Bytes, options: DecodeOptions) {
    this.#limits = { ...DEFAULTS, ...options };
    const sorted = options.sorted ?? true;
    this.#sorted = sorted === true;
    this.#sortedUnder = typeof sorted === "object" ? sorted.under : null;
    this.#keys = new KeyCache(bytes);
  }

  value(depth: number): Bvalue {
    if (++this.#values > this.#limits.maxValues) {
      throw new BencodeError(
        this.at,
        `Too many values, at most ${this.#limits.maxValues} are read`,
      );
    }
    const byte = this.bytes[this.at];
    switch (byte) {
      case 0x69: // i
        return this.#integer();
      case 0x6c: // l
        return this.#list(this.#deeper(depth));
      case 0x64: // d
        return this.#dictionary(this.#deeper(depth));
      case undefined:
        throw new BencodeError(this.at, "Unexpected end of input");
      default:
        if (byte >= 0x30 && byte <= 0x39) return this.#string();
        throw new BencodeError(
          this.at,
          `Expected a value, found byte 0x${byte.toString(16).padStart(2, "0")}`,
        );
    }
  }

  #deeper(depth: number): number {
    if (depth >= this.#limits.maxDepth) {
      throw new BencodeError(
        this.at,
        `Nested too deeply, at most ${this.#limits.maxDepth} levels are read`,
      );
    }
    return depth + 1;
  }

  #integer(): Bvalue {
    const start = this.at++;
    const from = this.at;
    while (this.bytes[this.at] !== 0x65) {
      const byte = this.bytes[this.at];
      if (byte === undefined) {
        throw new BencodeError(this.at, "Unexpected end of input in an integer");
      }
      const minus = byte === 0x2d && this.at === from;
      if (!minus && !(byte >= 0x30 && byte <= 0x39)) {
        throw new BencodeError(this.at, "Expected a digit in an integer");
      }
      if (++this.at - from > MAX_DIGITS) throw new BencodeError(start, "Integer too long");
    }
    const value = this.#number(start, from);
    this.at++;
    return { kind: "integer", value, start, end: this.at };
  }

  /** The number of the digits from `from` to here. */
  #number(start: number, from: number): number | bigint {
    const first = this.bytes[from];
    const positive = first !== undefined && first > 0x30 && first <= 0x39;
    if (positive && this.at - from <= SAFE_DIGITS) {
      let value = 0;
      for (let i = from; i < this.at; i++) value = value * 10 + (this.bytes[i]! - 0x30);
      return value;
    }
    const text = binaryString(this.bytes.subarray(from, this.at));
    if (!/^(0|-?[1-9]\d*)$/.test(text)) {
      throw new BencodeError(start, `Expected an integer in its shortest form, got "${text}"`);
    }
    const exact = BigInt(text);
    if (exact >= INT64 || exact < -INT64) {
      throw new BencodeError(start, `Integer beyond 64 bits, got ${text}`);
    }
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : exact;
  }

  #string(): Bvalue {
    const start = this.at;
    const from = this.#stringStart(this.#limits.maxString);
    return new StringValue(this.bytes, start, from, this.at);
  }

  /** Passes over a string of at most `limit` bytes; where its first byte is. */
  #stringStart(limit: number): number {
    const start = this.at;
    let length = 0;
    while (this.bytes[this.at] !== 0x3a) {
      const byte = this.bytes[this.at];
      if (byte === undefined) {
        throw new BencodeError(this.at, "Unexpected end of input in a string's length");
      }
      if (byte < 0x30 || byte > 0x39) {
        throw new BencodeError(this.at, "Expected a digit in a string's length");
      }
      length = length * 10 + (byte - 0x30);
      if (length > limit) {
        throw new BencodeError(start, `String too long, at most ${limit} bytes are read`);
      }
      this.at++;
      if (this.at - start > 1 && this.bytes[start] === 0x30) {
        throw new BencodeError(start, "Expected a string's length without leading zeros");
      }
    }
    const from = ++this.at;
    if (length > this.bytes.length - from) {
      throw new BencodeError(
        start,
        `Expected a string of ${length} bytes, only ${this.bytes.length - from} are left`,
      );
    }
    this.at += length;
    return from;
  }

  #list(depth: number): Bvalue {
    const start = this.at++;
    const items: Bvalue[] = [];
    while (this.bytes[this.at] !== 0x65) items.push(this.value(depth));
    // a growing array reserves 17 places, and a million files make a million lists of one
    const exact = items.length < 16 ? items.slice() : items;
    return { kind: "list", items: exact, start, end: ++this.at };
  }

  #dictionary(depth: number): Bvalue {
    const start = this.at++;
    const entries = new Map<string, Bvalue>();
    let previous: string | null = null;
    while (this.bytes[this.at] !== 0x65) {
      const keyAt = this.at;
      const byte = this.bytes[keyAt];
      if (byte === undefined) {
        throw new BencodeError(keyAt, "Unexpected end of input in a dictionary");
      }
      if (byte < 0x30 || byte > 0x39) {
        throw new BencodeError(keyAt, "Expected a string as dictionary key");
      }
      const from = this.#stringStart(this.#limits.maxKey);
      const key = this.#keys.text(from, this.at);
      this.#checkKey(key, previous, entries, keyAt);
      previous = key;
      const outer = this.#sorted;
      if (depth === 1 && key === this.#sortedUnder) this.#sorted = true;
      entries.set(key, this.value(depth));
      this.#sorted = outer;
    }
    return { kind: "dictionary", entries, start, end: ++this.at };
  }

  #checkKey(
    key: string,
    previous: string | null,
    entries: ReadonlyMap<string, Bvalue>,
    at: number,
  ): void {
    if (entries.has(key)) throw new BencodeError(at, `Repeated dictionary key "${printable(key)}"`);
    // Latin-1 text compares as its bytes do
    if (this.#sorted && previous !== null && key < previous) {
      throw new BencodeError(
        at,
        `Expected dictionary keys in order, got "${printable(key)}" after "${printable(previous)}"`,
      );
    }
  }
}

function printable(key: string): string {
  // deno-lint-ignore no-control-regex -- what must not reach a terminal
  return key.slice(0, 40).replace(/[\x00-\x1f\x7f-\xff]/g, "?");
}
