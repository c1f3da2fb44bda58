import { type Bitfield, type PieceIndex, type Random, shuffle } from "../base/mod.ts";

/**
 * Rarest first (BEP 3): the pieces nobody has begun, sorted by how many peers have them, ties in random
 * order. Every change is a few swaps, whatever the number of pieces: `#order` holds the waiting pieces in
 * runs of equal availability, `#ends[a]` is where the run of availability `a` ends. Pieces taken out lie
 * behind the last run. Seeds have everything, so they change no order and are not counted here.
 */
export class RarestPicker {
  readonly #random: Random;
  readonly #order: Uint32Array;
  readonly #position: Uint32Array;
  readonly #availability: Uint16Array;
  readonly #ends: number[];

  /**
   * All pieces wait, unless `waiting` says none. `availability` may be one that others have a hand in: a piece's changes
   * only through the one it waits in.
   */
  constructor(
    readonly pieceCount: number,
    random: Random,
    availability: Uint16Array = new Uint16Array(pieceCount),
    waiting: "all" | "none" = "all",
  ) {
    this.#random = random;
    this.#order = shuffle(Uint32Array.from({ length: pieceCount }, (_, i) => i), random);
    this.#position = new Uint32Array(pieceCount);
    this.#order.forEach((piece, at) => this.#position[piece] = at);
    this.#availability = availability;
    this.#ends = [waiting === "all" ? pieceCount : 0];
  }

  /** Pieces waiting to be begun. */
  get waiting(): number {
    return this.#ends[this.#ends.length - 1]!;
  }

  /** Peers, seeds not counted, that have `piece`. */
  availability(piece: number): number {
    return this.#availability[piece]!;
  }

  /** One more peer has `piece`. */
  gained(piece: number): void {
    const from = this.#availability[piece]!;
    this.#availability[piece] = from + 1;
    if (!this.waits(piece)) return;
    this.#grow(from + 1);
    this.#swap(piece, --this.#ends[from]!);
  }

  /** One peer fewer has `piece`. */
  lost(piece: number): void {
    const from = this.#availability[piece]!;
    if (from === 0) return;
    this.#availability[piece] = from - 1;
    if (!this.waits(piece)) return;
    this.#swap(piece, this.#ends[from - 1]!++);
  }

  /** Takes `piece` out: it is being downloaded, or here, or not wanted. */
  remove(piece: number): void {
    if (!this.waits(piece)) return;
    for (let run = this.#availability[piece]!; run < this.#ends.length; run++) {
      this.#swap(piece, --this.#ends[run]!);
    }
  }

  /** Puts `piece` back to wait. */
  restore(piece: number): void {
    if (this.waits(piece)) return;
    const target = this.#availability[piece]!;
    this.#grow(target);
    for (let run = this.#ends.length - 1; run >= target; run--) {
      this.#swap(piece, this.#ends[run]!++);
    }
  }

  /** The same, at a place by chance among those as rare: many are put back together, and not every peer's in one order. */
  scatter(piece: number): void {
    if (this.waits(piece)) return;
    this.restore(piece);
    const run = this.#availability[piece]!;
    const start = run === 0 ? 0 : this.#ends[run - 1]!;
    this.#swap(piece, start + this.#random.below(this.#ends[run]! - start));
  }

  /** The rarest waiting piece that `has` holds, or null; it goes on waiting until removed. */
  pick(has: Bitfield): PieceIndex | null {
    const waiting = this.waiting;
    for (let at = 0; at < waiting; at++) {
      const piece = this.#order[at]!;
      if (has.has(piece)) return piece as PieceIndex;
    }
    return null;
  }

  /** True when `piece` waits to be begun. */
  waits(piece: number): boolean {
    return this.#position[piece]! < this.waiting;
  }

  #grow(run: number): void {
    while (this.#ends.length <= run) this.#ends.push(this.waiting);
  }

  #swap(piece: number, to: number): void {
    const from = this.#position[piece]!;
    const other = this.#order[to]!;
    this.#order[to] = piece;
    this.#order[from] = other;
    this.#position[piece] = to;
    this.#position[other] = from;
  }
}
