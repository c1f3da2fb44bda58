import type { Bitfield, PieceIndex, Random } from "../base/mod.ts";
import { RarestPicker } from "./picker.ts";
import type { Picker } from "./ports.ts";
import { SequentialPicker } from "./sequential_picker.ts";

/** The rank of every piece as long as nobody says anything else. */
const USUAL = 2;
/** The highest rank. */
export const MOST_RANK = 4;

/** What orders the waiting pieces of one rank. */
type Order = RarestPicker | SequentialPicker;

/**
 * Pieces of a higher rank first; among those of one rank the rarest first, or all in their order. Ranks and order may
 * change at any time. A piece of rank 0 never waits, whoever puts it back.
 */
export class PriorityPicker implements Picker {
  readonly #random: Random;
  readonly #ranks: Uint8Array;
  /** Peers that have a piece; those that order each rank have it in common. */
  readonly #availability: Uint16Array;
  /** By rank, made when first needed: a torrent without priorities has one. */
  #orders: (Order | null)[] = [];
  #ordered: boolean;

  /** All pieces wait, all of the usual rank. */
  constructor(readonly pieceCount: number, random: Random, sequential = false) {
    this.#random = random;
    this.#ranks = new Uint8Array(pieceCount).fill(USUAL);
    this.#availability = new Uint16Array(pieceCount);
    this.#ordered = sequential;
    this.#orders[USUAL] = this.#order("all");
  }

  get ordered(): boolean {
    return this.#ordered;
  }

  /** Whoever wants an order waits for what comes first in it. */
  get hurried(): boolean {
    return this.#ordered;
  }

  get waiting(): number {
    return this.#orders.reduce((sum, order) => sum + (order?.waiting ?? 0), 0);
  }

  availability(piece: number): number {
    return this.#availability[piece]!;
  }

  gained(piece: number): void {
    this.#orderOf(this.rank(piece) || USUAL).gained(piece);
  }

  lost(piece: number): void {
    this.#orderOf(this.rank(piece) || USUAL).lost(piece);
  }

  remove(piece: number): void {
    this.#orders[this.rank(piece)]?.remove(piece);
  }

  restore(piece: number): void {
    if (this.rank(piece) > 0) this.#orderOf(this.rank(piece)).restore(piece);
  }

  /** The same as {@linkcode restore} for one of many: pieces as rare are not put back in one order by every peer. */
  scatter(piece: number): void {
    if (this.rank(piece) > 0) this.#orderOf(this.rank(piece)).scatter(piece);
  }

  pick(has: Bitfield): PieceIndex | null {
    for (let rank = MOST_RANK; rank > 0; rank--) {
      const piece = this.#orders[rank]?.pick(has) ?? null;
      if (piece !== null) return piece;
    }
    return null;
  }

  waits(piece: number): boolean {
    return this.#orders[this.rank(piece)]?.waits(piece) ?? false;
  }

  mayBegin(): boolean {
    return true;
  }

  rank(piece: number): number {
    return this.#ranks[piece]!;
  }

  /** Gives `piece` another rank, 0 to {@linkcode MOST_RANK}; one that waits goes on waiting unless that is 0. */
  setRank(piece: number, rank: number): void {
    if (rank === this.rank(piece)) return;
    const waits = this.waits(piece);
    if (waits) this.remove(piece);
    this.#ranks[piece] = rank;
    if (waits && rank > 0) this.#orderOf(rank).scatter(piece);
  }

  /** In their order from now on, or the rarest first. */
  setSequential(sequential: boolean): void {
    if (sequential === this.#ordered) return;
    this.#ordered = sequential;
    const before = this.#orders;
    this.#orders = [];
    for (let piece = 0; piece < this.pieceCount; piece++) {
      const rank = this.rank(piece);
      if (before[rank]?.waits(piece)) this.#orderOf(rank).scatter(piece);
    }
  }

  #orderOf(rank: number): Order {
    return this.#orders[rank] ??= this.#order("none");
  }

  #order(waiting: "all" | "none"): Order {
    const { pieceCount } = this;
    return this.#ordered
      ? new SequentialPicker(pieceCount, pieceCount, this.#availability, waiting)
      : new RarestPicker(pieceCount, this.#random, this.#availability, waiting);
  }
}
