/** Numbers and bytes that do not repeat, the same for the same seed (Marsaglia's xorshift). */
export class Noise {
  readonly #words = new Uint32Array(262_144);
  #x: number;

  /** `seed` is not 0. */
  constructor(seed = 2_463_534_242) {
    this.#x = seed;
  }

  /** The next number of 32 bits. */
  next(): number {
    let x = this.#x;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#x = x;
    return x >>> 0;
  }

  /** Writes a new file of `size` bytes. */
  write(path: string, size: number): void {
    using file = Deno.openSync(path, { write: true, createNew: true });
    this.writeTo(file, size);
  }

  /** Writes `size` bytes where the file stands, a mebibyte at a time. */
  writeTo(file: Deno.FsFile, size: number): void {
    const bytes = new Uint8Array(this.#words.buffer);
    for (let at = 0; at < size; at += bytes.length) {
      const part = bytes.subarray(0, Math.min(bytes.length, size - at));
      this.#fill(Math.ceil(part.length / 4));
      for (let done = 0; done < part.length;) done += file.writeSync(part.subarray(done));
    }
  }

  #fill(words: number): void {
    let x = this.#x;
    for (let i = 0; i < words; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      this.#words[i] = x;
    }
    this.#x = x;
  }
}
