import type { Millis } from "../base/mod.ts";
import { timeDistance } from "./sequence.ts";

/** The base is the least of so many minutes: clocks drift, and routes change. */
const MINUTES = 13;
const MINUTE_MS = 60_000;
/** The delay is the least of so many samples: a packet that waited alone says nothing of the queue. */
const LATEST = 4;

/**
 * How long packets wait on their way to the peer, by the differences of its clock to our timestamps. The clocks need
 * not agree, so only what a difference has above the least of late counts: the queues in between.
 */
export class DelayHistory {
  /** The least difference of each minute, the latest last; modulo 2³². */
  #bases: number[] = [];
  #minuteEnds = 0;
  readonly #latest: number[] = [];

  /** A difference the peer saw, microseconds modulo 2³². */
  add(difference: number, now: Millis): void {
    const bases = this.#bases;
    const last = bases.length - 1;
    if (last < 0 || now >= this.#minuteEnds) {
      // whoever was silent for long begins anew
      if (now >= this.#minuteEnds + MINUTES * MINUTE_MS) bases.length = 0;
      bases.push(difference);
      if (bases.length > MINUTES) bases.shift();
      this.#minuteEnds = now + MINUTE_MS;
    } else if (timeDistance(difference, bases[last]!) < 0) bases[last] = difference;
    this.#latest.push(difference);
    if (this.#latest.length > LATEST) this.#latest.shift();
  }

  /** Microseconds of late above the base; null while nothing is known. */
  get delay(): number | null {
    const base = least(this.#bases);
    const latest = least(this.#latest);
    return base === null || latest === null ? null : Math.max(0, timeDistance(latest, base));
  }
}

/** The earliest of differences that lie within half the circle. */
function least(differences: readonly number[]): number | null {
  let found: number | null = null;
  for (const each of differences) {
    if (found === null || timeDistance(each, found) < 0) found = each;
  }
  return found;
}
