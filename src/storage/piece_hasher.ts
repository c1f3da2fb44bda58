import { type Bytes, sha1 } from "../base/mod.ts";

/** Bytes of buffers in use at a time; Web Crypto copies what it hashes, so the same again. */
const MEMORY = 32 * 1024 * 1024;
/** Pieces smaller than this are read and handed over together. */
const BATCH = 1024 * 1024;

/** A piece inside a batch. */
export interface Slice {
  readonly piece: number;
  readonly at: number;
  readonly length: number;
}

/**
 * Buffers that go round: filled by the caller, hashed on all cores, filled again. The caller awaits
 * a free one, which bounds the memory to 32 MiB (two buffers when pieces are larger).
 */
export class PieceHasher {
  /** Pieces in a batch. */
  readonly batch: number;
  readonly #size: number;
  readonly #free: Bytes[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #zeros = new Map<number, Promise<Bytes>>();
  readonly #onDigest: (piece: number, digest: Bytes) => void;
  #unmade: number;

  constructor(pieceLength: number, onDigest: (piece: number, digest: Bytes) => void) {
    this.batch = Math.max(1, Math.floor(BATCH / pieceLength));
    this.#size = this.batch * pieceLength;
    this.#unmade = Math.max(2, Math.min(4, Math.floor(MEMORY / this.#size)));
    this.#onDigest = onDigest;
  }

  /** A buffer for `batch` pieces, as soon as one is free. */
  async take(): Promise<Bytes> {
    for (;;) {
      const buffer = this.#free.pop();
      if (buffer !== undefined) return buffer;
      if (this.#unmade > 0) {
        this.#unmade--;
        return new Uint8Array(this.#size);
      }
      await Promise.race(this.#running);
    }
  }

  /** Gives a buffer back unused. */
  giveBack(buffer: Bytes): void {
    this.#free.push(buffer);
  }

  /** Hashes the slices of a buffer, reports each digest, and takes the buffer back. */
  submit(buffer: Bytes, slices: readonly Slice[]): void {
    const work = Promise.all(slices.map(async ({ piece, at, length }) => {
      const bytes = buffer.subarray(at, at + length);
      this.#onDigest(piece, await (isZero(bytes) ? this.#digestOfZeros(length) : sha1(bytes)));
    })).then(() => {
      this.#free.push(buffer);
      this.#running.delete(work);
    });
    this.#running.add(work);
  }

  /** Resolves when every digest was reported. */
  async drain(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Holes of a sparse file are looked at six times as fast as they are hashed. */
  #digestOfZeros(length: number): Promise<Bytes> {
    let digest = this.#zeros.get(length);
    if (digest === undefined) this.#zeros.set(length, digest = sha1(new Uint8Array(length)));
    return digest;
  }
}

/** True when every byte is zero; data shows itself in the first words. */
export function isZero(bytes: Bytes): boolean {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes.length >> 2 : 0;
  const words = new Uint32Array(bytes.buffer, aligned === 0 ? 0 : bytes.byteOffset, aligned);
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  for (let i = aligned * 4; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
