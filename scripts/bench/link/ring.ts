/** Bytes first in, first out, in a buffer of a fixed size. */
export class Ring {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #start = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Free bytes in one piece, at most `limit`: fill some of them, then {@linkcode added}. */
  free(limit: number): Uint8Array<ArrayBuffer> {
    const end = (this.#start + this.#length) % this.#bytes.length;
    const whole = this.#bytes.length - this.#length;
    const straight = Math.min(whole, this.#bytes.length - end, limit);
    return this.#bytes.subarray(end, end + straight);
  }

  added(bytes: number): void {
    this.#length += bytes;
  }

  /** The oldest bytes in one piece, at most `limit`: use some of them, then {@linkcode removed}. */
  filled(limit: number): Uint8Array<ArrayBuffer> {
    const straight = Math.min(this.#length, this.#bytes.length - this.#start, limit);
    return this.#bytes.subarray(this.#start, this.#start + straight);
  }

  removed(bytes: number): void {
    this.#start = (this.#start + bytes) % this.#bytes.length;
    this.#length -= bytes;
  }
}
