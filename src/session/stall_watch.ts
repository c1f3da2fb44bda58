import type { Millis } from "../base/mod.ts";

/** What a download without data calls for; `seconds` since a useful byte came. */
export type StallNews =
  /** Say once that nothing comes: half the time is over. */
  | { readonly type: "warn"; readonly seconds: number }
  /** The time is over. */
  | { readonly type: "end"; readonly seconds: number };

/** Watches one download: nothing runs for ever without a word. */
export class StallWatch {
  /** Seconds without data that are too many; 0: none are. */
  readonly #timeout: number;
  /** When a useful byte last came, or there was nothing to wait for. */
  #movedAt: Millis;
  #bytes = 0;
  #told = false;

  constructor(timeout: number, now: Millis) {
    this.#timeout = timeout;
    this.#movedAt = now;
  }

  /** The time begins anew. */
  restart(now: Millis): void {
    this.#movedAt = now;
    this.#told = false;
  }

  /**
   * Looks at the download: `bytes` are the useful ones so far, `excused` when there is a reason of our own not to
   * expect any. Null: no news.
   */
  look(now: Millis, bytes: number, excused: boolean): StallNews | null {
    if (bytes !== this.#bytes || excused) {
      this.#bytes = bytes;
      this.restart(now);
      return null;
    }
    if (this.#timeout === 0) return null;
    const silent = (now - this.#movedAt) / 1000;
    if (silent >= this.#timeout) return { type: "end", seconds: this.#timeout };
    if (silent < this.#timeout / 2 || this.#told) return null;
    this.#told = true;
    return { type: "warn", seconds: Math.round(silent) };
  }
}
