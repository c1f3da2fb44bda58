import type { After } from "./notices.ts";

/** Milliseconds between two tellings. */
const PAUSE_MS = 5_000;

/** Tells the first at once, and what comes soon after that together: a thousand torrents are no thousand messages. */
export class Gathering<T> {
  readonly #after: After;
  readonly #tell: (all: readonly T[]) => void;
  #waiting: T[] = [];
  #isQuiet = false;

  constructor(after: After, tell: (all: readonly T[]) => void) {
    this.#after = after;
    this.#tell = tell;
  }

  add(more: readonly T[]): void {
    this.#waiting.push(...more);
    if (!this.#isQuiet) this.#flush();
  }

  /** What waits is not told. */
  forget(): void {
    this.#waiting = [];
  }

  #flush(): void {
    const all = this.#waiting;
    this.#waiting = [];
    this.#isQuiet = all.length > 0;
    if (!this.#isQuiet) return;
    this.#tell(all);
    this.#after(PAUSE_MS, () => this.#flush());
  }
}
