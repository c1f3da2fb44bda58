import type { Millis } from "../base/mod.ts";

/** The same explanation again, so that its figures stay true, after this. */
const REPEAT_MS = 60_000;

/** What there is to say of a wait. */
export type WaitNews =
  /** Time to find out why, and to tell it when {@linkcode WaitWatch.tell} says so. */
  | { readonly type: "waits"; readonly seconds: number }
  /** It is over; it lasted `seconds` and somebody was told of it. */
  | { readonly type: "moves"; readonly seconds: number };

/** Watches whether anything useful moves, whoever's fault it is when it does not. */
export class WaitWatch {
  readonly #patience: number;
  #movedAt: Millis;
  #amount = 0;
  #lookAt: number;
  /** What was told last of this wait, and when. */
  #told: { readonly key: string; readonly at: Millis } | null = null;

  /** `patience`: seconds without anything that are worth a word, and between one look and the next. */
  constructor(patience: number, now: Millis) {
    this.#patience = patience * 1000;
    this.#movedAt = now;
    this.#lookAt = now + this.#patience;
  }

  /** `amount` is anything that changes when something useful moves; `done`: there is nothing to wait for. */
  look(now: Millis, amount: number, done: boolean): WaitNews | null {
    const seconds = this.seconds(now);
    if (amount !== this.#amount || done) {
      this.#amount = amount;
      const told = this.#told !== null;
      this.#movedAt = now;
      this.#lookAt = now + this.#patience;
      this.#told = null;
      return told ? { type: "moves", seconds } : null;
    }
    if (now < this.#lookAt) return null;
    this.#lookAt = now + this.#patience;
    return { type: "waits", seconds };
  }

  /** Whole seconds since something moved. */
  seconds(now: Millis): number {
    return Math.floor((now - this.#movedAt) / 1000);
  }

  /** True when an explanation, known by `key`, is news; it counts as told then. */
  tell(now: Millis, key: string): boolean {
    if (this.#told?.key === key && now - this.#told.at < REPEAT_MS) return false;
    this.#told = { key, at: now };
    return true;
  }
}
