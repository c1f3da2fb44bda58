import { type Bytes, MetainfoError, sha1 } from "../base/mod.ts";
import { leavesOf, type PieceDigests, type PieceVerifier } from "./piece_verifier.ts";

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
  readonly #verifier: PieceVerifier;
  readonly #settle: (piece: number, good: boolean) => void;
  #unmade: number;

  /** `settle` hears of each piece whether it is good. */
  constructor(
    pieceLength: number,
    verifier: PieceVerifier,
    settle: (piece: number, good: boolean) => void,
  ) {
    this.batch = Math.max(1, Math.floor(BATCH / pieceLength));
    this.#size = this.batch * pieceLength;
    this.#unmade = Math.max(2, Math.min(4, Math.floor(MEMORY / this.#size)));
    this.#verifier = verifier;
    this.#settle = settle;
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

  /** Hashes the slices of a buffer, reports on each piece, and takes the buffer back. */
  submit(buffer: Bytes, slices: readonly Slice[]): void {
    const work = Promise.all(slices.map(async ({ piece, at, length }) => {
      this.#settle(piece, await this.#isGood(piece, buffer.subarray(at, at + length)));
    })).then(() => {
      this.#free.push(buffer);
      this.#running.delete(work);
    });
    this.#running.add(work);
  }

  /** Resolves when every piece was reported. */
  async drain(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #isGood(piece: number, bytes: Bytes): Promise<boolean> {
    try {
      return (await this.#verifier.verify(piece, bytes)).good;
    } catch (error) {
      // no data fits a piece whose hashes contradict one another
      if (error instanceof MetainfoError) return false;
      throw error;
    }
  }
}

/** Holes of a sparse file are looked at six times as fast as they are hashed: by Web Crypto, but zeros once. */
export class HoleDigests implements PieceDigests {
  readonly #sha1 = new Map<number, Promise<Bytes>>();
  readonly #leaves = new Map<number, Promise<Bytes>>();

  sha1(data: Bytes): Promise<Bytes> {
    return isZero(data) ? ofZeros(this.#sha1, data.length, sha1) : sha1(data);
  }

  leaves(data: Bytes): Promise<Bytes> {
    return isZero(data) ? ofZeros(this.#leaves, data.length, leavesOf) : leavesOf(data);
  }
}

function ofZeros(
  known: Map<number, Promise<Bytes>>,
  length: number,
  digest: (data: Bytes) => Promise<Bytes>,
): Promise<Bytes> {
  let found = known.get(length);
  if (found === undefined) known.set(length, found = digest(new Uint8Array(length)));
  return found;
}

/** True when every byte is zero; data shows itself in the first words. */
export function isZero(bytes: Bytes): boolean {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes.length >> 2 : 0;
  const words = new Uint32Array(bytes.buffer, aligned === 0 ? 0 : bytes.byteOffset, aligned);
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false;
  for (let i = aligned * 4; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
