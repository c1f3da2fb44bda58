import { binaryString, type Bytes } from "../base/mod.ts";

const SLOTS = 64;

/** Dictionary keys as text. The few that come back a million times over are made once and shared. */
export class KeyCache {
  readonly #bytes: Bytes;
  readonly #froms = new Uint32Array(SLOTS);
  readonly #texts: (string | undefined)[] = new Array(SLOTS).fill(undefined);

  /** For keys that lie in `bytes`. */
  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** The bytes `from` … `end` as Latin-1 text. */
  text(from: number, end: number): string {
    const length = end - from;
    if (length === 0) return "";
    const slot = (length * 31 + this.#bytes[from]! + this.#bytes[end - 1]!) % SLOTS;
    const known = this.#texts[slot];
    if (known?.length === length && this.#same(this.#froms[slot]!, from, length)) return known;
    const text = binaryString(this.#bytes.subarray(from, end));
    this.#texts[slot] = text;
    this.#froms[slot] = from;
    return text;
  }

  #same(a: number, b: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.#bytes[a + i] !== this.#bytes[b + i]) return false;
    return true;
  }
}
