import type { Bytes } from "./bytes.ts";

/** Bytes of a key. */
export const SIP_KEY_LENGTH = 16;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): 8 bytes that nobody without `key` (16 bytes) can foretell. For what is
 * given to strangers and must be known again without being stored; unlike Web Crypto it answers at once.
 */
export function sipHash(key: Uint8Array, data: Uint8Array): Bytes {
  const state = new SipState(key);
  const whole = data.length - (data.length % 8);
  for (let at = 0; at < whole; at += 8) state.absorb(word(data, at), word(data, at + 4));
  const last = new Uint8Array(8);
  last.set(data.subarray(whole));
  last[7] = data.length & 0xff;
  state.absorb(word(last, 0), word(last, 4));
  return state.finish();
}

/** Little-endian. */
function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Four words of 64 bits, each as its lower and upper half: numbers of the language hold 53. */
class SipState {
  readonly #v = new Int32Array(8);

  constructor(key: Uint8Array) {
    if (key.length !== SIP_KEY_LENGTH) {
      throw new RangeError(`Expected a key of ${SIP_KEY_LENGTH} bytes, got ${key.length}`);
    }
    // "somepseudorandomlygeneratedbytes", as the paper has it
    this.#v.set([
      0x70736575,
      0x736f6d65,
      0x6e646f6d,
      0x646f7261,
      0x6e657261,
      0x6c796765,
      0x79746573,
      0x74656462,
    ]);
    for (let i = 0; i < 8; i++) this.#v[i]! ^= word(key, (i % 4) * 4);
  }

  absorb(low: number, high: number): void {
    const v = this.#v;
    v[6]! ^= low;
    v[7]! ^= high;
    this.#rounds(2);
    v[0]! ^= low;
    v[1]! ^= high;
  }

  finish(): Bytes {
    const v = this.#v;
    v[4]! ^= 0xff;
    this.#rounds(4);
    const out = new Uint8Array(8);
    const view = new DataView(out.buffer);
    view.setInt32(0, v[0]! ^ v[2]! ^ v[4]! ^ v[6]!, true);
    view.setInt32(4, v[1]! ^ v[3]! ^ v[5]! ^ v[7]!, true);
    return out;
  }

  #rounds(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#mix(0, 2, 13);
      this.#swap(0);
      this.#mix(4, 6, 16);
      this.#mix(0, 6, 21);
      this.#mix(4, 2, 17);
      this.#swap(4);
    }
  }

  /** a += b; b = (b turned left by `bits`) ^ a. */
  #mix(a: number, b: number, bits: number): void {
    const v = this.#v;
    const low = (v[a]! >>> 0) + (v[b]! >>> 0);
    v[a] = low | 0;
    v[a + 1] = (v[a + 1]! + v[b + 1]! + (low > 0xffff_ffff ? 1 : 0)) | 0;
    const [bLow, bHigh] = [v[b]!, v[b + 1]!];
    v[b] = ((bLow << bits) | (bHigh >>> (32 - bits))) ^ v[a]!;
    v[b + 1] = ((bHigh << bits) | (bLow >>> (32 - bits))) ^ v[a + 1]!;
  }

  /** Turned by 32 bits: the halves change places. */
  #swap(a: number): void {
    const v = this.#v;
    [v[a], v[a + 1]] = [v[a + 1]!, v[a]!];
  }
}
