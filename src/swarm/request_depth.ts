import type { Millis, RateMeter } from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";

const FIRST = 16;
const LEAST = 8;
/** Requests a peer takes when it does not say (the most careful of today's clients). */
const DEFAULT_LIMIT = 250;
/** More than this only costs memory. */
const MOST = 1024;
/** Requests in flight cover this much time at the present rate: any round trip below it keeps the path full. */
const COVER_SECONDS = 1.5;
const REVIEW_MS = 1000;

/**
 * How many requests to keep in flight at one peer: like a congestion window it doubles every round trip
 * until the rate stops growing, then follows bandwidth × delay.
 */
export class RequestDepth {
  #depth = FIRST;
  #limit = DEFAULT_LIMIT;
  #starting = true;
  #reviewAt = 0;
  #lastRate = 0;

  /** Requests to keep in flight now. */
  get value(): number {
    return this.#depth;
  }

  /** The peer said how many requests it queues (`reqq`, BEP 10). */
  limit(requests: number): void {
    this.#limit = Math.max(1, Math.min(requests, MOST));
    this.#depth = Math.min(this.#depth, this.#limit);
  }

  /** A block came. */
  received(rate: RateMeter, now: Millis): void {
    if (this.#starting && this.#depth < this.#limit) this.#depth++;
    if (now >= this.#reviewAt) this.#review(rate.rate(now), now);
  }

  /** The peer kept us waiting: ask for one block, and begin again when it comes. */
  snubbed(): void {
    this.#depth = 1;
    this.#starting = true;
    this.#lastRate = 0;
  }

  #review(rate: number, now: Millis): void {
    if (this.#reviewAt !== 0) {
      if (this.#starting && rate < this.#lastRate * 1.1) this.#starting = false;
      if (!this.#starting) {
        const wanted = Math.ceil((rate * COVER_SECONDS) / BLOCK_SIZE);
        this.#depth = Math.min(this.#limit, Math.max(LEAST, wanted));
      }
      this.#lastRate = rate;
    }
    this.#reviewAt = now + REVIEW_MS;
  }
}
