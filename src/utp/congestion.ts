import type { Millis } from "../base/mod.ts";

/** Microseconds that our packets may wait in queues: BEP 29's, so that we yield to whoever fills them. */
const TARGET = 100_000;
/** Bytes by which the window grows in a round trip while no packet waits. */
const GAIN = 3_000;
/** Packets in the window at the start, and after a long silence. */
const FIRST_PACKETS = 4;
/** The window never says less. */
const LEAST_PACKETS = 2;
/** Fast growth ends where packets wait this part of the target. */
const SLOW_START_PART = 0.9;

/** Where packets wait longer than this part of the target, it is looked at times how long the way is without. */
const LOOK_PART = 0.5;
/** For the queue to empty and a packet to be answered, in round trips; the first look comes so long after fast growth. */
const LOOK_TRIPS = 2;
/** A look takes no longer, in milliseconds: a clock that jumped makes round trips of minutes. */
const LONGEST_LOOK_MS = 1_000;
/** From one look to the next, in milliseconds. */
const LOOK_EVERY_MS = 30_000;

/** What an answer said has arrived, and when. */
export interface Progress {
  readonly bytes: number;
  /** Microseconds that its packets have waited in queues; null: not known. */
  readonly delay: number | null;
  /** All that may be on its way was, without which nothing is learnt of what could be. */
  readonly full: boolean;
  /** Bytes that may be on their way at most. */
  readonly most: number;
  readonly now: Millis;
  /** Milliseconds that an answer takes. */
  readonly trip: number;
}

/**
 * How much may be on its way (LEDBAT as in BEP 29): more while packets do not wait in queues, less the longer they do,
 * half of it when one is lost. It begins like TCP, twice as much after each round trip, until packets wait or are lost.
 *
 * Who begins while others fill the queue takes what waits there for a part of the way, and would starve them. So each
 * that makes packets wait sends next to nothing for a moment now and then (as in LEDBAT++), and sees how long the way is.
 */
export class Congestion {
  /** Bytes that may be on their way. */
  window: number;
  /** Fast growth ends here. */
  #threshold = Infinity;
  #fast = true;
  /** It looks how long the way is until then, and goes on to `window`. */
  #look: { readonly until: number; window: number } | null = null;
  #lookAt = 0;

  /** `packet`: bytes of a full packet's payload. */
  constructor(public packet: number) {
    this.window = FIRST_PACKETS * packet;
  }

  /** True while it grows fast. */
  get fast(): boolean {
    return this.#fast;
  }

  /** Some have arrived. */
  arrived({ bytes, delay, full, most, now, trip }: Progress): void {
    const waited = delay ?? 0;
    if (this.#look !== null && !this.#looked(this.#look, now)) return;
    const off = (TARGET - waited) / TARGET;
    if (this.#fast && waited > TARGET * SLOW_START_PART) {
      // what waits now was sent while the window was half of what it is
      this.window /= 2;
      this.#threshold = this.window;
      this.#fast = false;
      this.#lookAt = Math.max(this.#lookAt, now + LOOK_TRIPS * trip);
    } else if (this.#fast) {
      if (full) this.window += bytes;
      if (this.window >= this.#threshold) this.#fast = false;
    } else if (off > 0) {
      if (full) this.window += GAIN * off * (bytes / Math.max(this.window, bytes));
    } else {
      // in proportion, so that a full queue is left soon (as in LEDBAT++); by half in a round trip at most
      this.window += bytes * Math.max(off, -0.5);
    }
    this.#bound(most);
    const looks = !this.#fast && waited > TARGET * LOOK_PART && now >= this.#lookAt;
    if (looks) {
      this.#look = {
        until: now + Math.min(LOOK_TRIPS * trip, LONGEST_LOOK_MS),
        window: this.window,
      };
      this.window = LEAST_PACKETS * this.packet;
    }
  }

  /** True when it was looked for long enough: it grows fast again, up to where it was. */
  #looked({ until, window }: { until: number; window: number }, now: Millis): boolean {
    if (now < until) return false;
    this.#look = null;
    this.#lookAt = now + LOOK_EVERY_MS;
    this.#threshold = window;
    this.#fast = true;
    return true;
  }

  /** Packets were lost, for the first time in this round trip. */
  lost(): void {
    if (this.#look !== null) {
      this.#look.window /= 2;
      return;
    }
    this.window /= 2;
    this.#threshold = this.window;
    this.#fast = false;
    this.#bound(Infinity);
  }

  /** Nothing came back at all: begins again with one packet, fast up to half of what was. */
  silent(): void {
    this.#look = null;
    this.#threshold = Math.max(this.window / 2, LEAST_PACKETS * this.packet);
    this.window = this.packet;
    this.#fast = true;
  }

  /** Nothing was sent for so long that what is known is old. */
  rested(): void {
    this.#look = null;
    const first = FIRST_PACKETS * this.packet;
    if (this.window <= first) return;
    this.#threshold = this.window;
    this.window = first;
    this.#fast = true;
  }

  #bound(most: number): void {
    this.window = Math.min(Math.max(this.window, LEAST_PACKETS * this.packet), most);
  }
}
