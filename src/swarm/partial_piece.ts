import type { Bytes, PieceIndex } from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";
import type { Source } from "./source.ts";

/** Where a piece gets the memory for its blocks. */
export interface Buffers {
  buffer(): Bytes;
  release(buffer: Bytes): void;
}

/** A piece on its way: its buffer, and for each block how many were asked and who sent it. */
export class PartialPiece {
  /** Blocks neither here nor asked for. */
  free: number;
  /** Blocks here. */
  received = 0;
  /** After a failed hash only one source at a time works on a piece, so that the next failure has one author. */
  readonly alone: boolean;
  /** Who works on it alone. */
  soloist: Source | null = null;
  soloSince = 0;
  /** Those that worked on it alone and took too long. */
  readonly tooSlow = new Set<Source>();
  readonly blockCount: number;
  readonly #buffers: Buffers;
  /** Taken when the first block is here: what was only asked for costs no memory, and a buffer that is used again at once is still in the processor's cache. */
  #buffer: Bytes | null = null;
  readonly #senders: (Source | null)[];
  readonly #asked: Uint8Array;
  #hint = 0;

  constructor(
    readonly piece: PieceIndex,
    readonly size: number,
    buffers: Buffers,
    alone: boolean,
  ) {
    this.#buffers = buffers;
    this.blockCount = Math.ceil(size / BLOCK_SIZE);
    this.free = this.blockCount;
    this.alone = alone;
    this.#senders = new Array(this.blockCount).fill(null);
    this.#asked = new Uint8Array(this.blockCount);
  }

  /** The blocks that are here, each in its place; throws while none is. */
  get buffer(): Bytes {
    if (this.#buffer === null) throw new Error(`Expected a block of piece ${this.piece}`);
    return this.#buffer;
  }

  /** Every block is here. */
  get complete(): boolean {
    return this.received === this.blockCount;
  }

  /** Milliseconds one may work alone on it while others could: half a minute, and 64 KiB a second. */
  get soloTime(): number {
    return 30_000 + this.size / 65.536;
  }

  /** True when the block is here. */
  has(block: number): boolean {
    return this.#senders[block] !== null;
  }

  /** How many were asked for the block and have not answered. */
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

  /** One more was asked for a block, that others may have been asked for too. */
  askAgain(block: number): void {
    if (this.#asked[block] === 0 && this.#senders[block] === null) this.free--;
    this.#asked[block]!++;
  }

  /** One that was asked will not answer. */
  unask(block: number): void {
    this.#asked[block]!--;
    if (this.#asked[block] === 0 && this.#senders[block] === null) {
      this.free++;
      if (block < this.#hint) this.#hint = block;
    }
  }

  /** Stores a block; `outstanding` is whether its sender still counted as asked. False when it is here already. */
  put(block: number, data: Bytes, sender: Source, outstanding: boolean): boolean {
    const first = this.#senders[block] === null;
    if (first) {
      this.write(block * BLOCK_SIZE, data);
      this.#arrived(block, sender);
    }
    if (outstanding) this.#asked[block]!--;
    return first;
  }

  /** Writes a part of a block that is not here, in bytes from the piece's begin; it counts with {@linkcode filled}. */
  write(begin: number, data: Bytes): void {
    this.#buffer ??= this.#buffers.buffer();
    this.#buffer.set(data, begin);
  }

  /** A block that was written in parts, none of which is anybody else's, is whole; its sender was asked for it. */
  filled(block: number, sender: Source): void {
    this.#arrived(block, sender);
    this.#asked[block]!--;
  }

  #arrived(block: number, sender: Source): void {
    if (this.#asked[block] === 0) this.free--;
    this.#senders[block] = sender;
    this.received++;
  }

  /** Who sent each block, in order. */
  senders(): readonly (Source | null)[] {
    return this.#senders;
  }

  /** Gives the memory back; the piece is not used any more. */
  release(): void {
    if (this.#buffer !== null) this.#buffers.release(this.#buffer);
    this.#buffer = null;
  }

  /** A block that is here is wrong: it is to be had again. */
  spoil(block: number): void {
    if (this.#senders[block] === null) return;
    this.#senders[block] = null;
    this.received--;
    if (this.#asked[block] === 0) this.free++;
    if (block < this.#hint) this.#hint = block;
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
