import type { Millis } from "../base/mod.ts";
import type { Looks } from "./looks.ts";

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
/** Of the window after a look, of who makes packets wait: what is free then all take in even parts. */
const LOOK_LEAVES = 0.75;
/** A look takes no longer, in milliseconds: a clock that jumped makes round trips of minutes. */
const LONGEST_LOOK_MS = 1_000;
/** Who joins in a look takes no longer than so many round trips of its own, however long its peers make theirs. */
const JOIN_TRIPS = 4;

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
 * Who begins while others fill the queue takes what waits there for a part of the way, and would starve them. So those
 * that make packets wait send next to nothing for a moment now and then (as in LEDBAT++), and see how long the way is.
 */
export class Congestion {
  /** Bytes that may be on their way. */
  window: number;
  /** Fast growth ends here. */
  #threshold = Infinity;
  #fast = true;
  /** It looks how long the way is until then, and goes on to `window`; `first`: beyond, as it still grows. */
  #look: { readonly until: number; window: number; first: boolean } | null = null;
  /** The end of the look that it took last; null: none. */
  #looked: number | null = null;
  /** The first look is not before. */
  #lookAt = 0;

  /** `packet`: bytes of a full packet's payload. */
  constructor(public packet: number, readonly looks: Looks) {
    this.window = FIRST_PACKETS * packet;
  }

  /** Some have arrived. */
  arrived({ bytes, delay, full, most, now, trip }: Progress): void {
    const waited = delay ?? 0;
    if (this.#looks(waited, trip, now)) return;
    const off = (TARGET - waited) / TARGET;
    // how far it has been is known later on: what waits then is that of others, who are not to keep it small
    const first = this.#fast && this.#threshold === Infinity;
    if (first && waited > TARGET * SLOW_START_PART) {
      // what waits now was sent while the window was half of what it is
      this.window /= 2;
      this.#threshold = this.window;
      this.#fast = false;
      this.#lookAt = now + LOOK_TRIPS * trip;
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
    if (this.#fast || waited <= TARGET * LOOK_PART) return;
    if (this.#looked === null && now < this.#lookAt) return;
    this.looks.want(this.#looked === null, Math.min(LOOK_TRIPS * trip, LONGEST_LOOK_MS), now);
    this.#looks(waited, trip, now);
  }

  /** True while it looks how long the way is, which it begins and ends with the others. */
  #looks(waited: number, trip: number, now: Millis): boolean {
    if (this.#look !== null) {
      if (now < this.#look.until) return true;
      if (!this.#look.first) this.#threshold = this.#look.window;
      this.#look = null;
      this.#fast = true;
    }
    const { until } = this.looks;
    if (now >= until || until === this.#looked) return false;
    this.#looked = until;
    this.#look = {
      until: Math.min(until, now + JOIN_TRIPS * trip),
      window: this.window * (waited > TARGET * LOOK_PART ? LOOK_LEAVES : 1),
      first: this.#fast,
    };
    this.window = LEAST_PACKETS * this.packet;
    return true;
  }

  /** Packets were lost, for the first time in this round trip. */
  lost(): void {
    if (this.#look !== null) {
      this.#look.window /= 2;
      this.#look.first = false;
      return;
    }
    this.window /= 2;
    this.#threshold = this.window;
    this.#fast = false;
    this.#bound(Infinity);
  }

  /** Nothing came back at all: begins again with one packet, fast up to half of what was. */
  silent(): void {
    this.#leave();
    this.#threshold = Math.max(this.window / 2, LEAST_PACKETS * this.packet);
    this.window = this.packet;
    this.#fast = true;
  }

  /** Nothing was sent for so long that what is known is old. */
  rested(): void {
    this.#leave();
    const first = FIRST_PACKETS * this.packet;
    if (this.window <= first) return;
    this.#threshold = this.window;
    this.window = first;
    this.#fast = true;
  }

  /** What it had before it looked is what counts. */
  #leave(): void {
    if (this.#look === null) return;
    this.window = this.#look.window;
    this.#look = null;
  }

  #bound(most: number): void {
    this.window = Math.min(Math.max(this.window, LEAST_PACKETS * this.packet), most);
  }
}
