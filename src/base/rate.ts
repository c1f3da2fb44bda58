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

/** Of a limit's worth, what is kept when nobody takes it, in seconds. */
const KEPT_SECONDS = 0.1;

/** A limit in bytes a second, as a bucket that holds at most a tenth of a second's worth. */
export class TokenBucket {
  #rate: number;
  #tokens: number;
  #at: Millis;

  /** `rate` in bytes a second, 0 is no limit; `least` is what the bucket holds however low the limit. */
  constructor(rate: number, now: Millis, readonly least = 32 * 1024) {
    this.#rate = rate;
    this.#at = now;
    this.#tokens = this.capacity;
  }

  /** Bytes a second; 0 is no limit. */
  get rate(): number {
    return this.#rate;
  }

  /** Changes the limit; what was taken too much under the old one is forgotten. */
  setRate(rate: number, now: Millis): void {
    const tokens = this.#rate > 0 ? Math.max(0, this.available(now)) : 0;
    this.#rate = rate;
    this.#tokens = Math.min(tokens, this.capacity);
    this.#at = now;
  }

  /** Bytes it holds when it is full. */
  get capacity(): number {
    return Math.max(this.#rate * KEPT_SECONDS, this.least);
  }

  /** Bytes that may move now; Infinity without a limit. May be negative after an overdraft. */
  available(now: Millis): number {
    if (this.#rate <= 0) return Infinity;
    this.#tokens = Math.min(this.capacity, this.#tokens + ((now - this.#at) * this.#rate) / 1000);
    this.#at = now;
    return this.#tokens;
  }

  /** Takes `bytes`, gives them back when negative; may leave a debt, which later refills pay first. */
  take(bytes: number): void {
    if (this.#rate > 0) this.#tokens -= bytes;
  }

  /** Milliseconds until at least `bytes` may move. */
  wait(bytes: number, now: Millis): number {
    const missing = Math.min(bytes, this.capacity) - this.available(now);
    return missing <= 0 ? 0 : Math.ceil((missing * 1000) / this.#rate);
  }
}
