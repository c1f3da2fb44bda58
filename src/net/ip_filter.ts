/**
 * Lists of addresses to keep away, in the three forms that are around, mixed as they come:
 *
 * - PeerGuardian (P2P): `name:1.2.3.4-1.2.3.9`
 * - eMule (DAT): `001.002.003.004 - 001.002.003.009 , 000 , name`; a level above 127 lets the range in
 * - plain: `1.2.3.0/24`, `2001:db8::/32`, `1.2.3.4-1.2.3.9`, `1.2.3.4`
 *
 * Empty lines and those that begin with `#`, `;` or `//` are comments.
 */
import {
  type AddressRanges,
  AddressRangesBuilder,
  type Bytes,
  fromUtf8Lossy,
  parseAddress,
} from "../base/mod.ts";

/** The largest list read, in bytes. */
export const MAX_FILTER_BYTES = 128 * 1024 * 1024;
/** Ranges that are taken; the lists that are around have a few hundred thousand. */
const MOST_RANGES = 2_000_000;
/** A line beyond this is not looked at; one that has to be looked at as text is shorter, and its colons are tried in vain so often. */
const MAX_LINE = 1000;
const MAX_TEXT = 300;
const MOST_TRIES = 20;

/** What a list says. */
export interface ParsedFilter {
  readonly ranges: AddressRanges;
  /** Lines that were understood, comments not counted. */
  readonly understood: number;
  /** Lines that were not, and the number of the first of them, from 1. */
  readonly misunderstood: number;
  readonly firstBad: number | null;
}

/** Reads a list. Throws `RangeError` when it has more ranges than any list should. */
export function parseIpFilter(bytes: Bytes): ParsedFilter {
  const parser = new IpFilterParser(bytes);
  while (parser.step(Infinity));
  return parser.result();
}

/** Reads a list a few lines at a time, so that a thread can do something else meanwhile. */
export class IpFilterParser {
  readonly #builder = new AddressRangesBuilder();
  readonly #line: Line;
  #understood = 0;
  #misunderstood = 0;
  #firstBad: number | null = null;
  #number = 0;

  constructor(bytes: Bytes) {
    this.#line = new Line(bytes);
  }

  /** Reads so many lines; false at the end. Throws `RangeError` when there are more ranges than any list should have. */
  step(lines: number): boolean {
    for (let left = lines; left > 0; left--) {
      if (!this.#line.next()) return false;
      this.#number++;
      if (this.#line.isComment) continue;
      if (readLine(this.#line, this.#builder)) this.#understood++;
      else {
        this.#misunderstood++;
        this.#firstBad ??= this.#number;
      }
      if (this.#builder.size > MOST_RANGES) {
        throw new RangeError(`Expected at most ${MOST_RANGES} ranges, got more`);
      }
    }
    return true;
  }

  /** What was read so far. */
  result(): ParsedFilter {
    return {
      ranges: this.#builder.build(),
      understood: this.#understood,
      misunderstood: this.#misunderstood,
      firstBad: this.#firstBad,
    };
  }
}

function readLine(line: Line, builder: AddressRangesBuilder): boolean {
  if (line.end - line.at > MAX_LINE) return false;
  // hundreds of thousands of lines are IPv4 alone: these without a text of their own
  const start = line.at;
  if (readV4(line, builder)) return true;
  line.at = line.lastColon(start) + 1;
  if (line.at > start && readV4(line, builder)) return true;
  return readText(line.text(start), builder);
}

/** `1.2.3.4`, then nothing, `/24`, or `- 1.2.3.9` and perhaps `, 000 , name`. */
function readV4(line: Line, builder: AddressRangesBuilder): boolean {
  line.skipSpaces();
  const first = line.v4();
  if (first === null) return false;
  line.skipSpaces();
  if (line.ends) return builder.addV4(first, first);
  if (line.take(SLASH)) {
    const bits = line.number(32);
    if (bits === null || !line.ends) return false;
    const size = 2 ** (32 - bits);
    const base = Math.floor(first / size) * size;
    return builder.addV4(base, base + size - 1);
  }
  if (!line.take(DASH)) return false;
  line.skipSpaces();
  const last = line.v4();
  if (last === null) return false;
  line.skipSpaces();
  if (line.ends) return builder.addV4(first, last);
  if (!line.take(COMMA)) return false;
  line.skipSpaces();
  const level = line.number(255);
  if (level === null) return false;
  return level > 127 ? first <= last : builder.addV4(first, last);
}

/** A range or prefix of either family, perhaps with eMule's level. */
const RANGE =
  /^\s*([0-9a-f:.]+)\s*(?:\/(\d{1,3})|-\s*([0-9a-f:.]+))?\s*(?:,\s*(\d{1,3})\s*(?:,.*)?)?$/i;

/** What has IPv6 in it. A name before it ends with the first colon after which all the rest is a range. */
function readText(text: string, builder: AddressRangesBuilder): boolean {
  if (text.length > MAX_TEXT) return false;
  for (let at = 0, tries = 0; tries < MOST_TRIES; tries++) {
    if (readRange(text.slice(at), builder)) return true;
    at = text.indexOf(":", at) + 1;
    if (at === 0) return false;
  }
  return false;
}

function readRange(text: string, builder: AddressRangesBuilder): boolean {
  const [, from, bits, to, level] = RANGE.exec(text) ?? [];
  const first = parseAddress(from ?? "");
  if (first === null || Number(level ?? 0) > 255) return false;
  const range = bits === undefined
    ? [first, parseAddress(to ?? from ?? "")]
    : prefixed(first, Number(bits));
  const last = range?.[1] ?? null;
  if (range === null || last === null) return false;
  const into = Number(level ?? 0) > 127 ? new AddressRangesBuilder() : builder;
  return into.add(range[0]!, last);
}

/** The first and the last address that begin with the first `bits` bits of `address`; null: it has fewer. */
function prefixed(address: Bytes, bits: number): [Bytes, Bytes] | null {
  if (bits > 8 * address.length) return null;
  const first = address.slice();
  const last = address.slice();
  for (let i = 0; i < address.length; i++) {
    const free = 0xff >> Math.min(8, Math.max(0, bits - 8 * i));
    first[i]! &= ~free;
    last[i]! |= free;
  }
  return [first, last];
}

const [TAB, SPACE, HASH, COMMA, DASH, DOT, SLASH, ZERO, COLON, SEMICOLON] = [
  0x09,
  0x20,
  0x23,
  0x2c,
  0x2d,
  0x2e,
  0x2f,
  0x30,
  0x3a,
  0x3b,
];
const [LINE_FEED, RETURN] = [0x0a, 0x0d];

/** A line at a time of a file that is too large for a text, and what stands in it. */
class Line {
  /** Where it is read next, and its end; spaces at both ends are left out. */
  at = 0;
  end = 0;
  #next = 0;
  readonly #bytes: Bytes;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    // the mark some editors put before UTF-8
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#next = 3;
  }

  /** Goes to the next line; false after the last. */
  next(): boolean {
    if (this.#next >= this.#bytes.length) return false;
    this.at = this.#next;
    const feed = this.#bytes.indexOf(LINE_FEED, this.at);
    this.end = feed < 0 ? this.#bytes.length : feed;
    this.#next = this.end + 1;
    this.skipSpaces();
    while (this.end > this.at && isSpace(this.#bytes[this.end - 1]!)) this.end--;
    return true;
  }

  get isComment(): boolean {
    const first = this.#bytes[this.at];
    return this.ends || first === HASH || first === SEMICOLON ||
      (first === SLASH && this.#bytes[this.at + 1] === SLASH);
  }

  get ends(): boolean {
    return this.at >= this.end;
  }

  skipSpaces(): void {
    while (this.at < this.end && isSpace(this.#bytes[this.at]!)) this.at++;
  }

  /** Takes one character when it is next. */
  take(character: number): boolean {
    if (this.ends || this.#bytes[this.at] !== character) return false;
    this.at++;
    return true;
  }

  /** A decimal number up to `most`, leading zeros allowed (eMule pads with them). */
  number(most: number): number | null {
    const start = this.at;
    let value = 0;
    while (this.at < this.end && this.at - start < 4) {
      const digit = this.#bytes[this.at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      this.at++;
    }
    return this.at === start || value > most ? null : value;
  }

  /** An IPv4 address as a number. */
  v4(): number | null {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      if (i > 0 && !this.take(DOT)) return null;
      const part = this.number(255);
      if (part === null) return null;
      value = value * 256 + part;
    }
    return value;
  }

  /** Where its last colon is, or one before `start`. */
  lastColon(start: number): number {
    let at = this.end - 1;
    while (at >= start && this.#bytes[at] !== COLON) at--;
    return at;
  }

  /** All of it from `start` on. */
  text(start: number): string {
    return fromUtf8Lossy(this.#bytes.subarray(start, this.end));
  }
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}
