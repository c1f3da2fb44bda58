const FIRST_MS = 1000;
const LEAST_MS = 200;
const MOST_MS = 1500;

/** How long an answer takes as a rule: mean and deviation as TCP has them (RFC 6298), within bounds. */
export class UsualWait {
  #mean: number | null = null;
  #deviation = 0;

  /** An answer took `ms`. */
  took(ms: number): void {
    if (this.#mean === null) {
      this.#mean = ms;
      this.#deviation = ms / 2;
      return;
    }
    this.#deviation += (Math.abs(ms - this.#mean) - this.#deviation) / 4;
    this.#mean += (ms - this.#mean) / 8;
  }

  /** Milliseconds after which a node that has not answered is slow. */
  get ms(): number {
    if (this.#mean === null) return FIRST_MS;
    return Math.min(MOST_MS, Math.max(LEAST_MS, this.#mean + 4 * this.#deviation));
  }
}
