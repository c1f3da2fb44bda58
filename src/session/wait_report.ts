import type { Millis } from "../base/mod.ts";
import type { SessionContext } from "./context.ts";
import { StallWatch } from "./stall_watch.ts";
import { WaitWatch } from "./wait_watch.ts";
import { headline } from "./why/explain.ts";
import type { Waiting } from "./why/waiting.ts";

/** A torrent that stood still too long, in words and as a value. */
export interface Stalled {
  readonly message: string;
  readonly waiting: Waiting;
}

/** Why it waits, after so many seconds; asked for only when there is something to tell. */
export type Why = (seconds: number) => Waiting;

/** Tells of one torrent's wait: `waiting` when it is news, `moving`, a warning at half its time, and that it is over. */
export class WaitReport {
  readonly #context: SessionContext;
  readonly #torrent: string;
  readonly #what: "data" | "metadata";
  readonly #wait: WaitWatch;
  readonly #stall: StallWatch;

  /** `torrent`: its id; `what` it waits for, at most `timeout` seconds (0: for ever). */
  constructor(
    context: SessionContext,
    torrent: string,
    what: "data" | "metadata",
    timeout: number,
  ) {
    const now = context.now();
    this.#context = context;
    this.#torrent = torrent;
    this.#what = what;
    this.#wait = new WaitWatch(context.options.waitPatience, now);
    this.#stall = new StallWatch(timeout, now);
  }

  /** Its time begins anew. */
  restart(now: Millis): void {
    this.#stall.restart(now);
  }

  /** `amount` is anything that changes when something useful moves; `done`: there is nothing to wait for. */
  look(now: Millis, amount: number, done: boolean, why: Why): void {
    const { emit } = this.#context;
    const torrent = this.#torrent;
    const news = this.#wait.look(now, amount, done);
    if (news === null) return;
    if (news.type === "moves") return emit({ type: "moving", torrent, seconds: news.seconds });
    const waiting = why(news.seconds);
    const key = `${waiting.stage} ${waiting.causes[0]!.cause}`;
    if (this.#wait.tell(now, key)) emit({ type: "waiting", torrent, ...waiting });
  }

  /** There is nothing to wait for any more. */
  over(now: Millis): void {
    const news = this.#wait.look(now, 0, true);
    if (news?.type !== "moves") return;
    this.#context.emit({ type: "moving", torrent: this.#torrent, seconds: news.seconds });
  }

  /** `bytes` are the useful ones so far, `excused` when none are to be expected. Not null: its time is over. */
  stall(now: Millis, bytes: number, excused: boolean, why: Why): Stalled | null {
    const news = this.#stall.look(now, bytes, excused);
    if (news === null) return null;
    const waiting = why(news.seconds);
    const message = `No ${this.#what} for ${news.seconds} s${reason(waiting)}`;
    if (news.type === "end") return { message, waiting };
    this.#context.emit({ type: "warning", torrent: this.#torrent, message });
    return null;
  }
}

/** Without what the sentence has said already. */
function reason(waiting: Waiting): string {
  return waiting.stage === "metadata" ? `: ${waiting.causes[0]!.text}` : `, ${headline(waiting)}`;
}
