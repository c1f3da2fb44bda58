/** IP addresses: parsing and canonical text. */
import type { Bytes } from "./bytes.ts";

const [DOT, ZERO, COLON, LETTER_A] = [0x2e, 0x30, 0x3a, 0x61];
/** What a v4-mapped address begins with. */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** 4 or 16 bytes of an address in text form (an IPv6 zone is refused), or null when it is not an address. */
export function parseAddress(text: string): Bytes | null {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** Canonical text of 4 or 16 bytes (RFC 5952); a v4-mapped IPv6 address becomes IPv4. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (isMapped(bytes)) return bytes.subarray(12).join(".");
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i]! << 8) | bytes[i + 1]!);
  const [from, length] = longestZeroRun(groups);
  const text = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, from))}::${text(groups.slice(from + length))}`;
}

function parseIpv4(text: string): Bytes | null {
  const value = parseIpv4Number(text, 0);
  if (value < 0) return null;
  return new Uint8Array([value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]);
}

/** The IPv4 address that `text` is from `at` to its end, as a number; −1 when it is none. A list of addresses is asked for it often: nothing is allocated. */
export function parseIpv4Number(text: string, at: number): number {
  let address = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === DOT) {
      if (digits === 0 || ++dots > 3) return -1;
      address = address * 256 + part;
      part = digits = 0;
      continue;
    }
    const digit = character - ZERO;
    // a leading zero means octal to some readers, so it is refused
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return -1;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return -1;
  }
  return dots === 3 && digits > 0 ? address * 256 + part : -1;
}

function parseIpv6(text: string): Bytes | null {
  const out = new Uint8Array(16);
  let filled = 0;
  let at = 0;
  /** Where `::` stands, in bytes. */
  let gap = -1;
  if (text.startsWith("::")) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    if (filled === 16) return null;
    const start = at;
    let group = 0;
    for (let digit; at < text.length && (digit = hexDigit(text.charCodeAt(at))) >= 0; at++) {
      group = group * 16 + digit;
    }
    if (text.charCodeAt(at) === DOT) {
      const v4 = filled > 12 ? -1 : parseIpv4Number(text, start);
      if (v4 < 0) return null;
      for (let shift = 24; shift >= 0; shift -= 8) out[filled++] = v4 >>> shift;
      break;
    }
    if (at === start || at - start > 4) return null;
    out[filled++] = group >> 8;
    out[filled++] = group & 0xff;
    if (at === text.length) break;
    if (text.charCodeAt(at++) !== COLON) return null;
    if (text.charCodeAt(at) === COLON) {
      if (gap >= 0) return null;
      gap = filled;
      at++;
    } else if (at === text.length) return null;
  }
  if (gap < 0) return filled === 16 ? out : null;
  // it stands for one group at least
  if (filled === 16) return null;
  const tail = 16 - (filled - gap);
  out.copyWithin(tail, gap, filled);
  out.fill(0, gap, tail);
  return out;
}

/** The value of a hexadecimal digit, −1 for any other character. */
function hexDigit(character: number): number {
  if (character >= ZERO && character <= ZERO + 9) return character - ZERO;
  const letter = (character | 0x20) - LETTER_A;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

function isMapped(bytes: Uint8Array): boolean {
  return MAPPED.every((byte, i) => bytes[i] === byte);
}

function longestZeroRun(groups: readonly number[]): [from: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let from = 0; from < groups.length; from++) {
    let length = 0;
    while (from + length < groups.length && groups[from + length] === 0) length++;
    if (length > best[1]) best = [from, length];
  }
  return best;
}
