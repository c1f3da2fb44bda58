import type { Millis } from "../base/mod.ts";

/** From the beginning of one look to that of the next, in milliseconds. */
const LOOK_EVERY_MS = 30_000;
/** The same, when one wants a look that has had none; many connections may begin. */
const FIRST_LOOK_MS = 10_000;

/**
 * When the connections of a socket look how long the way is: together. While one alone sends nothing, the others leave no
 * gap in the queue they share, and it goes on to take what they keep there for a part of the way.
 */
export class Looks {
  #from = -Infinity;
  #until = -Infinity;

  /** The latest look goes on until then; in the past: there is none. */
  get until(): number {
    return this.#until;
  }

  /** A connection that makes packets wait wants a look of `duration` milliseconds. `first`: it has had none. */
  want(first: boolean, duration: number, now: Millis): void {
    if (now - this.#from < (first ? FIRST_LOOK_MS : LOOK_EVERY_MS)) return;
    this.#from = now;
    this.#until = now + duration;
  }
}
