import type { Millis } from "./brands.ts";

const SLOT_MS = 500;
const SLOTS = 10;

/** Bytes a second over a moving window of five seconds, in ten slots. */
export class RateMeter {
  readonly #slots = new Float64Array(SLOTS);
  #slot = 0;
  #first = -1;
  #total = 0;

  /** All bytes ever counted. */
  get total(): number {
    return this.#total;
  }

  /** Counts `bytes` at `now`. */
  add(bytes: number, now: Millis): void {
    this.#advance(now);
    this.#slots[this.#slot % SLOTS]! += bytes;
    this.#total += bytes;
  }

  /** Bytes a second of late; 0 once nothing came for five seconds. */
  rate(now: Millis): number {
    if (this.#first < 0) return 0;
    this.#advance(now);
    let sum = 0;
    for (const bytes of this.#slots) sum += bytes;
    // a meter younger than the window is divided by its age, so that a start is not reported as slow
    const seconds = Math.min(SLOTS * SLOT_MS, Math.max(SLOT_MS, now - this.#first)) / 1000;
    return sum / seconds;
  }

  #advance(now: Millis): void {
    const slot = Math.floor(now / SLOT_MS);
    if (this.#first < 0) {
      this.#first = now;
      this.#slot = slot;
      return;
    }
    if (slot - this.#slot >= SLOTS) {
      this.#slots.fill(0);
      this.#slot = slot;
    }
    while (this.#slot < slot) this.#slots[++this.#slot % SLOTS] = 0;
  }
}

/** A limit in bytes a second, as a bucket that holds at most a tenth of a second's worth (at least a block). */
export class TokenBucket {
  #tokens: number;
  #at: Millis;

  /** `rate` in bytes a second; 0 is no limit. */
  constructor(public rate: number, now: Millis) {
    this.#at = now;
    this.#tokens = this.#capacity;
  }

  get #capacity(): number {
    return Math.max(this.rate / 10, 32 * 1024);
  }

  /** Bytes that may move now; Infinity without a limit. May be negative after an overdraft. */
  available(now: Millis): number {
    if (this.rate <= 0) return Infinity;
    this.#tokens = Math.min(this.#capacity, this.#tokens + ((now - this.#at) * this.rate) / 1000);
    this.#at = now;
    return this.#tokens;
  }

  /** Takes `bytes`; may leave a debt, which later refills pay first. */
  take(bytes: number): void {
    if (this.rate > 0) this.#tokens -= bytes;
  }

  /** Milliseconds until at least `bytes` may move. */
  wait(bytes: number, now: Millis): number {
    const missing = Math.min(bytes, this.#capacity) - this.available(now);
    return missing <= 0 ? 0 : Math.ceil((missing * 1000) / this.rate);
  }
}
