import type { Millis } from "../base/mod.ts";
import { PriorityPicker } from "./priority_picker.ts";
import { abandonPiece } from "./take_back.ts";
import type { Swarm } from "./swarm.ts";

/** Which pieces of a torrent are to be had, and which of them first. */
export class Wanted {
  readonly #swarm: Swarm;
  /** Pieces that are neither here nor wanted. */
  readonly #out = new Set<number>();

  /** `ranks`: of each piece, 0 not wanted; null: all the same. Only a {@linkcode PriorityPicker} knows more than 0. */
  constructor(swarm: Swarm, ranks: Uint8Array | null) {
    this.#swarm = swarm;
    const { picker, have } = swarm;
    for (const [piece, rank] of ranks?.entries() ?? []) {
      if (picker instanceof PriorityPicker) picker.setRank(piece, rank);
      else if (rank === 0) picker.remove(piece);
      if (rank === 0 && !have.has(piece)) this.#out.add(piece);
    }
  }

  /** True when `piece` is to be had. */
  has(piece: number): boolean {
    return !this.#swarm.have.has(piece) && !this.#out.has(piece);
  }

  /** Everything is here that is wanted. */
  get complete(): boolean {
    const { have } = this.#swarm;
    return have.count + this.#out.size === have.size;
  }

  /** `piece` came, wanted or not. */
  came(piece: number): void {
    this.#out.delete(piece);
  }

  /** `piece` is here no longer; `again`: it is to be had once more, unless nobody wants it. True when it is. */
  left(piece: number, again: boolean): boolean {
    const { picker } = this.#swarm;
    const wanted = again && picker.rank(piece) > 0;
    if (wanted) picker.restore(piece);
    else this.#out.add(piece);
    return wanted;
  }

  /**
   * Other ranks from now on. What is under way and wanted no more is given up; what peers hear of us changes with it.
   * Throws `TypeError` when the order of the pieces is not ours to change.
   */
  change(ranks: Uint8Array, now: Millis): void {
    const swarm = this.#swarm;
    const { picker, have, peers } = swarm;
    if (!(picker instanceof PriorityPicker)) {
      throw new TypeError("Expected an order that can change");
    }
    const wasComplete = this.complete;
    const gone = new Set<number>();
    for (const [piece, rank] of ranks.entries()) {
      if (rank === picker.rank(piece)) continue;
      picker.setRank(piece, rank);
      if (have.has(piece)) continue;
      if (rank === 0) {
        this.#out.add(piece);
        gone.add(piece);
      } else if (this.#out.delete(piece) && !swarm.verifying.has(piece)) {
        picker.scatter(piece);
      }
    }
    swarm.webseeds.abandon(gone);
    for (const partial of [...swarm.downloads.partials.values()]) {
      if (gone.has(partial.piece)) abandonPiece(swarm, partial);
    }
    for (const peer of [...peers]) swarm.interest.recount(peer, now);
    if (this.complete !== wasComplete) swarm.completionChanged(now);
    swarm.askAll(now);
  }
}
