import type { Bytes, PieceIndex } from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";
import type { Peer } from "./peer.ts";

/** A piece on its way: its buffer, and for each block who was asked and who sent it. */
export class PartialPiece {
  /** Blocks neither here nor asked for. */
  free: number;
  /** Blocks here. */
  received = 0;
  /** After a failed hash only one peer at a time works on a piece, so that the next failure has one author. */
  readonly alone: boolean;
  /** The peer that works on it alone. */
  soloist: Peer | null = null;
  soloSince = 0;
  /** Those that worked on it alone and took too long. */
  readonly tooSlow = new Set<Peer>();
  readonly blockCount: number;
  readonly #senders: (Peer | null)[];
  readonly #asked: Uint8Array;
  #hint = 0;

  constructor(
    readonly piece: PieceIndex,
    readonly size: number,
    readonly buffer: Bytes,
    alone: boolean,
  ) {
    this.blockCount = Math.ceil(size / BLOCK_SIZE);
    this.free = this.blockCount;
    this.alone = alone;
    this.#senders = new Array(this.blockCount).fill(null);
    this.#asked = new Uint8Array(this.blockCount);
  }

  /** Every block is here. */
  get complete(): boolean {
    return this.received === this.blockCount;
  }

  /** True when the block is here. */
  has(block: number): boolean {
    return this.#senders[block] !== null;
  }

  /** How many peers were asked for the block and have not answered. */
  asked(block: number): number {
    return this.#asked[block]!;
  }

  /** The first block nobody was asked for, or −1; counts as asked from now on. */
  takeFree(): number {
    if (this.free === 0) return -1;
    for (let block = this.#hint; block < this.blockCount; block++) {
      if (this.#senders[block] === null && this.#asked[block] === 0) {
        this.#hint = block + 1;
        this.#asked[block] = 1;
        this.free--;
        return block;
      }
    }
    throw new Error(`Expected a free block in piece ${this.piece}`);
  }

  /** One more peer was asked for a block that others were asked for too. */
  askAgain(block: number): void {
    this.#asked[block]!++;
  }

  /** A peer that was asked will not answer. */
  unask(block: number): void {
    this.#asked[block]!--;
    if (this.#asked[block] === 0 && this.#senders[block] === null) {
      this.free++;
      if (block < this.#hint) this.#hint = block;
    }
  }

  /** Stores a block; `outstanding` is whether its sender still counted as asked. False when it is here already. */
  put(block: number, data: Bytes, sender: Peer, outstanding: boolean): boolean {
    const first = this.#senders[block] === null;
    if (first) {
      if (this.#asked[block] === 0) this.free--;
      this.buffer.set(data, block * BLOCK_SIZE);
      this.#senders[block] = sender;
      this.received++;
    }
    if (outstanding) this.#asked[block]!--;
    return first;
  }

  /** The peer that sent each block, in order. */
  senders(): readonly (Peer | null)[] {
    return this.#senders;
  }

  /** Throws away what is here; blocks asked for stay asked. */
  reset(): void {
    this.received = 0;
    this.#hint = 0;
    this.free = 0;
    for (let block = 0; block < this.blockCount; block++) {
      this.#senders[block] = null;
      if (this.#asked[block] === 0) this.free++;
    }
  }
}
