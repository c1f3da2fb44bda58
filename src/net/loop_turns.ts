import { setImmediate } from "node:timers";

/**
 * Milliseconds after which links stop once for the event loop to turn. A read that finds data is over at once, so that
 * a fast peer's link would go on for a hundred milliseconds, in which no timer, no answer of the disk and no message
 * of another thread is heard (measured: 128 reads in a row, the runtime's own bound). This takes 4 % of the speed of a
 * download on loopback, so it is for those who must answer meanwhile: a manager's answers take half as long.
 */
const MOST_MS = 5;

/** Sees to it that the links of a thread leave its event loop the time to turn. */
export class LoopTurns {
  readonly #now: () => number;
  readonly #defer: (callback: () => void) => void;
  #turnedAt: number;
  #turn: Promise<void> | null = null;

  /** `defer` calls back once the event loop has turned. */
  constructor(
    now: () => number = () => performance.now(),
    defer: (callback: () => void) => void = setImmediate,
  ) {
    this.#now = now;
    this.#defer = defer;
    this.#turnedAt = now();
  }

  /** Null: go on. Otherwise all links wait for this, the event loop's next turn. */
  due(): Promise<void> | null {
    if (this.#turn !== null) return this.#turn;
    if (this.#now() - this.#turnedAt < MOST_MS) return null;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    this.#defer(() => {
      this.#turn = null;
      this.#turnedAt = this.#now();
      resolve();
    });
    return promise;
  }
}
