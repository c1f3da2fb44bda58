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

/**
 * How much may be on its way (LEDBAT as in BEP 29): more while packets do not wait in queues, less the longer they do,
 * half of it when one is lost. It begins like TCP, twice as much after each round trip, until packets wait or are lost.
 */
export class Congestion {
  /** Bytes that may be on their way. */
  window: number;
  /** Fast growth ends here. */
  #threshold = Infinity;
  #fast = true;

  /** `packet`: bytes of a full packet's payload. */
  constructor(public packet: number) {
    this.window = FIRST_PACKETS * packet;
  }

  /** True while it grows fast. */
  get fast(): boolean {
    return this.#fast;
  }

  /**
   * `bytes` have arrived and their packets have waited `delay` microseconds, null: not known. `full`: all that may be
   * on its way was, without which nothing is learnt of what could be.
   */
  arrived(bytes: number, delay: number | null, full: boolean, most: number): void {
    const waited = delay ?? 0;
    const off = (TARGET - waited) / TARGET;
    if (this.#fast && waited > TARGET * SLOW_START_PART) {
      // what waits now was sent while the window was half of what it is
      this.window /= 2;
      this.#threshold = this.window;
      this.#fast = false;
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
  }

  /** Packets were lost, for the first time in this round trip. */
  lost(): void {
    this.window /= 2;
    this.#threshold = this.window;
    this.#fast = false;
    this.#bound(Infinity);
  }

  /** Nothing came back at all: begins again with one packet, fast up to half of what was. */
  silent(): void {
    this.#threshold = Math.max(this.window / 2, LEAST_PACKETS * this.packet);
    this.window = this.packet;
    this.#fast = true;
  }

  /** Nothing was sent for so long that what is known is old. */
  rested(): void {
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
