import { type Bytes, readUint32, writeUint32 } from "./bytes.ts";

/** The longest input: two blocks and their padding are what any protocol here asks for at once. */
const MAX_LENGTH = 183;
const BLOCK = 64;

/**
 * SHA-1 of at most 183 bytes, at once: Web Crypto answers with a promise, which the answer to a packet or a handshake
 * cannot wait for. For tokens, Bloom filters and keys, never for pieces. Throws `RangeError` for a longer input.
 */
export function shortSha1(data: Uint8Array): Bytes {
  if (data.length > MAX_LENGTH) {
    throw new RangeError(`Expected at most ${MAX_LENGTH} bytes, got ${data.length}`);
  }
  const padded = new Uint8Array(Math.ceil((data.length + 9) / BLOCK) * BLOCK);
  padded.set(data);
  padded[data.length] = 0x80;
  writeUint32(padded, padded.length - 4, data.length * 8);
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  for (let at = 0; at < padded.length; at += BLOCK) absorb(state, padded, at);
  const out = new Uint8Array(20);
  state.forEach((word, i) => writeUint32(out, i * 4, word));
  return out;
}

/** Mixes the block at `at` into the state. */
function absorb(state: Uint32Array, data: Uint8Array, at: number): void {
  const words = new Uint32Array(80);
  for (let i = 0; i < 16; i++) words[i] = readUint32(data, at + i * 4);
  for (let i = 16; i < 80; i++) {
    words[i] = rotate(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  for (let i = 0; i < 80; i++) {
    let mix: number;
    if (i < 20) mix = ((b & c) | (~b & d)) + 0x5a827999;
    else if (i < 40) mix = (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) mix = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    else mix = (b ^ c ^ d) + 0xca62c1d6;
    const next = (rotate(a, 5) + mix + e + words[i]!) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  // an array of 32-bit words wraps around by itself
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
