import { Bitfield, type PieceIndex } from "../base/mod.ts";
import type { Picker } from "./ports.ts";

/**
 * Pieces in their order, for who reads them while they come. `end` bounds how far ahead of the reader pieces are
 * begun: what lies behind it waits until {@linkcode extend}.
 */
export class SequentialPicker implements Picker {
  readonly ordered = true;
  hurried = true;
  readonly #waiting: Bitfield;
  /** Changes no order here; it is for those who ask why nothing comes. */
  readonly #availability: Uint16Array;
  /** No piece before this one waits. */
  #first = 0;
  #end = 0;

  /** All pieces wait, unless `waiting` says none; only those before `end` may begin. `availability` may be shared. */
  constructor(
    readonly pieceCount: number,
    end: number = pieceCount,
    availability: Uint16Array = new Uint16Array(pieceCount),
    waiting: "all" | "none" = "all",
  ) {
    this.#waiting = new Bitfield(pieceCount);
    if (waiting === "all") this.#waiting.fill();
    this.#availability = availability;
    this.extend(end);
  }

  get waiting(): number {
    return this.#waiting.count;
  }

  availability(piece: number): number {
    return this.#availability[piece]!;
  }

  gained(piece: number): void {
    this.#availability[piece]!++;
  }

  lost(piece: number): void {
    if (this.#availability[piece]! > 0) this.#availability[piece]!--;
  }

  remove(piece: number): void {
    this.#waiting.delete(piece);
  }

  restore(piece: number): void {
    this.#waiting.add(piece);
    this.#first = Math.min(this.#first, piece);
  }

  /** The same: there is one order. */
  scatter(piece: number): void {
    this.restore(piece);
  }

  /** The first waiting piece that `has` holds and that may begin. */
  pick(has: Bitfield): PieceIndex | null {
    while (this.#first < this.#end && !this.#waiting.has(this.#first)) this.#first++;
    const piece = this.#waiting.firstShared(has, this.#first);
    return piece < this.#end ? piece as PieceIndex : null;
  }

  waits(piece: number): boolean {
    return this.#waiting.has(piece);
  }

  rank(): number {
    return 1;
  }

  mayBegin(piece: number): boolean {
    return piece < this.#end;
  }

  /** The reader went on: pieces before `end` may begin. */
  extend(end: number): void {
    this.#end = Math.max(this.#end, Math.min(end, this.pieceCount));
  }
}
