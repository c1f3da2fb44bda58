import type { Millis } from "../base/mod.ts";

/** Something whose turns are given out in rounds. */
export interface Rounds {
  /** When a round is worth while; Infinity is never. */
  nextRound(now: Millis): number;
  round(now: Millis): void;
}

/** Runs rounds on the clock; while nobody waits for one, nothing runs. */
export class RoundTimer {
  readonly #now: () => Millis;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #at = Infinity;
  #closed = false;

  constructor(now: () => Millis) {
    this.#now = now;
  }

  /** Sees to it that the next round of `rounds`, always the same, comes in time. */
  arm(rounds: Rounds): void {
    const at = rounds.nextRound(this.#now());
    if (at === this.#at || this.#closed) return;
    this.#clear();
    if (at === Infinity) return;
    this.#at = at;
    // whole milliseconds are waited, and a round too early gives nothing
    const delay = Math.max(0, Math.ceil(at - this.#now()));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#at = Infinity;
      rounds.round(this.#now());
      this.arm(rounds);
    }, delay);
  }

  /** No more rounds. */
  close(): void {
    this.#closed = true;
    this.#clear();
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#at = Infinity;
  }
}
