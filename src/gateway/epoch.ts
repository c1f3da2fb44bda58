import type { Millis } from "../base/mod.ts";

/** Seconds by which two honest clocks may differ (RFC 6887, 8.5). */
const SLACK = 2;
/** And the part by which they may run apart, a sixteenth. */
const DRIFT = 16;

/** Watches whether a gateway still keeps what it was told, by the seconds it counts since its start (RFC 6886, 3.6; RFC 6887, 8.5). */
export class Epoch {
  #last: { readonly epoch: number; readonly at: Millis } | null = null;

  /** An answer says `epoch`. False: the gateway began anew since the one before, and its mappings are gone. */
  check(epoch: number, at: Millis): boolean {
    const before = this.#last;
    this.#last = { epoch, at };
    if (before === null) return true;
    if (epoch + 1 < before.epoch) return false;
    const theirs = epoch - before.epoch;
    const ours = (at - before.at) / 1000;
    return ours + SLACK >= theirs - theirs / DRIFT && theirs + SLACK >= ours - ours / DRIFT;
  }
}
