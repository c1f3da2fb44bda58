import type { Millis } from "../base/mod.ts";
import type { SessionContext } from "./context.ts";
import type { Running } from "./running.ts";
import type { TorrentShares } from "./shares.ts";
import { StallWatch } from "./stall_watch.ts";
import { WaitWatch } from "./wait_watch.ts";
import { explain, headline } from "./why/explain.ts";
import { gather } from "./why/gather.ts";
import type { Waiting } from "./why/waiting.ts";

/** A download that stood still too long, in words and as a value. */
export interface Stalled {
  readonly message: string;
  readonly waiting: Waiting;
}

/** Sees to it that one torrent does not stand still without a word: `waiting`, `moving`, a warning, and the end. */
export class Waits {
  readonly #context: SessionContext;
  readonly #shares: TorrentShares;
  readonly #torrent: string;
  readonly #wait: WaitWatch;
  readonly #stall: StallWatch;

  /** `torrent`: its id; `shares`: what it has of what the session has. */
  constructor(context: SessionContext, shares: TorrentShares, torrent: string) {
    const { waitPatience, stallTimeout } = context.options;
    const now = context.now();
    this.#context = context;
    this.#shares = shares;
    this.#torrent = torrent;
    this.#wait = new WaitWatch(waitPatience, now);
    this.#stall = new StallWatch(stallTimeout, now);
  }

  /** Everything begins anew: the torrent runs now, or is complete. */
  restart(now: Millis): void {
    this.#stall.restart(now);
    this.#tell(now, null, 0, true);
  }

  /** While files are opened and hashed: `checked` bytes so far. Only a disk that hangs makes it wait. */
  checking(now: Millis, checked: number): void {
    this.#tell(now, null, checked, false);
  }

  /** While it runs; `done` bytes are verified and on disk. Not null: it stood still too long and is to end. */
  running(now: Millis, running: Running, done: number): Stalled | null {
    const { swarm: { downloads: { rate, wasted }, complete, verifying }, data } = running;
    const taking = data.reader === "taking";
    const useful = rate.total - wasted;
    this.#tell(now, running, useful + done, complete && taking);
    // who reads a stream decides how long it takes
    const excused = complete || !taking || verifying.size > 0 || this.#shares.reads.holding;
    const news = this.#stall.look(now, useful, excused);
    if (news === null) return null;
    const waiting = explain(gather(this.#context, this.#shares, running, news.seconds, now));
    const message = `No data for ${news.seconds} s, ${headline(waiting)}`;
    if (news.type === "end") return { message, waiting };
    this.#context.emit({ type: "warning", torrent: this.#torrent, message });
    return null;
  }

  #tell(now: Millis, running: Running | null, amount: number, done: boolean): void {
    const { emit } = this.#context;
    const torrent = this.#torrent;
    const news = this.#wait.look(now, amount, done);
    if (news === null) return;
    if (news.type === "moves") return emit({ type: "moving", torrent, seconds: news.seconds });
    const waiting = explain(gather(this.#context, this.#shares, running, news.seconds, now));
    const key = `${waiting.stage} ${waiting.causes[0]!.cause}`;
    if (this.#wait.tell(now, key)) emit({ type: "waiting", torrent, ...waiting });
  }
}
