import { type Bytes, readUint32, writeUint32 } from "../base/mod.ts";

/** The longest input: it fits one block of SHA-1 with its padding. */
const MAX_LENGTH = 55;

/**
 * SHA-1 of at most 55 bytes, at once: Web Crypto answers with a promise, which a packet's answer cannot wait for.
 * For tokens and Bloom filters, never for pieces. Throws `RangeError` for a longer input.
 */
export function shortSha1(data: Uint8Array): Bytes {
  if (data.length > MAX_LENGTH) {
    throw new RangeError(`Expected at most ${MAX_LENGTH} bytes, got ${data.length}`);
  }
  const block = new Uint8Array(64);
  block.set(data);
  block[data.length] = 0x80;
  block[62] = data.length >> 5;
  block[63] = (data.length << 3) & 0xff;
  const words = new Uint32Array(80);
  for (let i = 0; i < 16; i++) words[i] = readUint32(block, i * 4);
  for (let i = 16; i < 80; i++) {
    words[i] = rotate(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
  }
  const start = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0] as const;
  let [a, b, c, d, e]: [number, number, number, number, number] = [...start];
  for (let i = 0; i < 80; i++) {
    const [mix, constant]: readonly [number, number] = i < 20
      ? [(b & c) | (~b & d), 0x5a827999]
      : i < 40
      ? [b ^ c ^ d, 0x6ed9eba1]
      : i < 60
      ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
      : [b ^ c ^ d, 0xca62c1d6];
    const next: number = (rotate(a, 5) + mix + e + constant + words[i]!) >>> 0;
    [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
  }
  const out = new Uint8Array(20);
  [a, b, c, d, e].forEach((word, i) => writeUint32(out, i * 4, (word + start[i]!) >>> 0));
  return out;
}

function rotate(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}
