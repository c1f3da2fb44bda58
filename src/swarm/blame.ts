import { type Bytes, type Random, readUint32 } from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";
import type { PartialPiece } from "./partial_piece.ts";
import type { Source } from "./source.ts";

const ATTEMPTS_KEPT = 4;
const PIECES_KEPT = 64;
const AUTHORS_KEPT = 100;

interface Attempt {
  /** Those that each sent all of it, and the same; none when it came from several. */
  readonly authors: Source[];
  readonly senders: readonly (Source | null)[];
  readonly sums: readonly number[];
}

/** What is known when a piece fails. */
export interface Failure {
  readonly author: Source | null;
  readonly agreeing: readonly Source[];
}

/**
 * Finds who spoiled a piece: when a piece fails, a keyed checksum of each block is kept with its sender; when
 * the piece passes later, the senders of blocks that differ are the ones. The key is ours, so nobody can
 * make a bad block with the sum of the good one.
 */
export class Blame {
  readonly #attempts = new Map<number, Attempt[]>();
  readonly #key: number;

  constructor(random: Random) {
    this.#key = random.below(0x1_0000_0000) | 1;
  }

  /** True when `piece` failed before and has not passed since. */
  suspects(piece: number): boolean {
    return this.#attempts.has(piece);
  }

  /** True when `source` alone sent the whole of `piece`, and it was wrong. */
  failedAlone(piece: number, source: Source): boolean {
    return this.#attempts.get(piece)?.some(({ authors }) => authors.includes(source)) ?? false;
  }

  /** A piece failed. Returns its author when one source sent all of it, and who else sent exactly the same alone. */
  failed(partial: PartialPiece, data: Bytes): Failure {
    const senders = [...partial.senders()];
    const author = new Set(senders).size === 1 ? senders[0]! : null;
    const sums = this.#sums(data, partial);
    const kept = this.#attempts.get(partial.piece) ?? [];
    if (kept.length === 0 && this.#attempts.size >= PIECES_KEPT) {
      this.#attempts.delete(this.#attempts.keys().next().value!);
    }
    const same = author === null
      ? undefined
      : kept.find((other) =>
        other.authors.length > 0 && other.sums.every((sum, block) => sum === sums[block])
      );
    if (author !== null && same !== undefined) {
      const agreeing = same.authors.filter((other) => other !== author);
      same.authors.splice(0, Infinity, author, ...agreeing.slice(0, AUTHORS_KEPT));
      return { author, agreeing };
    }
    // always recorded, even with one author: the piece is fetched from one source at a time from now on
    const attempt = { authors: author === null ? [] : [author], senders, sums };
    this.#attempts.set(partial.piece, [...kept, attempt].slice(-ATTEMPTS_KEPT));
    return { author, agreeing: [] };
  }

  /** A piece passed. Returns those whose earlier blocks differ from the good ones. */
  passed(partial: PartialPiece, data: Bytes): Set<Source> {
    const guilty = new Set<Source>();
    const attempts = this.#attempts.get(partial.piece);
    if (attempts === undefined) return guilty;
    this.#attempts.delete(partial.piece);
    const good = this.#sums(data, partial);
    for (const { authors, senders, sums } of attempts) {
      for (const author of authors) guilty.add(author);
      sums.forEach((sum, block) => {
        const sender = senders[block];
        if (sum !== good[block] && sender) guilty.add(sender);
      });
    }
    return guilty;
  }

  #sums(data: Bytes, partial: PartialPiece): number[] {
    const out: number[] = [];
    for (let from = 0; from < partial.size; from += BLOCK_SIZE) {
      out.push(this.#sum(data.subarray(from, Math.min(from + BLOCK_SIZE, partial.size))));
    }
    return out;
  }

  /** 52 bits: two multiplicative hashes over 32-bit words with different secret keys. */
  #sum(block: Bytes): number {
    let a = this.#key;
    let b = ~this.#key;
    const words = block.length >> 2;
    for (let i = 0; i < words; i++) {
      const word = readUint32(block, i * 4);
      a = Math.imul(a ^ word, 0x85ebca6b) ^ (a >>> 15);
      b = Math.imul(b + word, 0xc2b2ae35) ^ (b >>> 13);
    }
    for (let i = words * 4; i < block.length; i++) {
      a = Math.imul(a ^ block[i]!, 0x85ebca6b) ^ (a >>> 15);
    }
    return (a >>> 0) * 0x10_0000 + ((b >>> 0) & 0xf_ffff);
  }
}
