import type { Millis } from "../base/mod.ts";
import type { SessionContext } from "./context.ts";
import type { Running } from "./running.ts";
import type { TorrentShares } from "./shares.ts";
import { type Stalled, WaitReport } from "./wait_report.ts";
import { explain } from "./why/explain.ts";
import { gather } from "./why/gather.ts";
import type { Waiting } from "./why/waiting.ts";

/** Sees to it that one torrent does not stand still without a word: `waiting`, `moving`, a warning, and the end. */
export class Waits {
  readonly #context: SessionContext;
  readonly #shares: TorrentShares;
  readonly #report: WaitReport;

  /** `torrent`: its id; `shares`: what it has of what the session has. */
  constructor(context: SessionContext, shares: TorrentShares, torrent: string) {
    this.#context = context;
    this.#shares = shares;
    this.#report = new WaitReport(context, torrent, "data", context.options.stallTimeout);
  }

  /** Everything begins anew: the torrent runs now, or is complete. */
  restart(now: Millis): void {
    this.#report.restart(now);
    this.#report.over(now);
  }

  /** While files are opened and hashed: `checked` bytes so far. Only a disk that hangs makes it wait. */
  checking(now: Millis, checked: number): void {
    this.#look(now, null, checked, false);
  }

  /** While it runs; `done` bytes are verified and on disk. Not null: it stood still too long and is to end. */
  running(now: Millis, running: Running, done: number): Stalled | null {
    const { swarm: { downloads: { rate, wasted }, complete, verifying }, data } = running;
    const taking = data.reader === "taking";
    const useful = rate.total - wasted;
    this.#look(now, running, useful + done, complete && taking);
    // who reads a stream decides how long it takes
    const excused = complete || !taking || verifying.size > 0 || this.#shares.reads.holding;
    return this.#report.stall(now, useful, excused, (seconds) => this.#why(now, running, seconds));
  }

  #look(now: Millis, running: Running | null, amount: number, done: boolean): void {
    this.#report.look(now, amount, done, (seconds) => this.#why(now, running, seconds));
  }

  #why(now: Millis, running: Running | null, seconds: number): Waiting {
    return explain(gather(this.#context, this.#shares, running, seconds, now));
  }
}
