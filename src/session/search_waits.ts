import type { Millis } from "../base/mod.ts";
import type { MetadataFetch } from "../swarm/mod.ts";
import type { Contacts } from "./contacts.ts";
import type { SessionContext } from "./context.ts";
import type { TorrentShares } from "./shares.ts";
import { StallWatch } from "./stall_watch.ts";
import { WaitWatch } from "./wait_watch.ts";
import type { Stalled } from "./waits.ts";
import { explain, headline } from "./why/explain.ts";
import { gatherSearch } from "./why/gather.ts";
import type { Waiting } from "./why/waiting.ts";

/** Sees to it that a magnet link is not looked for without a word: `waiting`, `moving`, a warning, and the end. */
export class SearchWaits {
  readonly #context: SessionContext;
  readonly #shares: TorrentShares;
  readonly #torrent: string;
  readonly #wait: WaitWatch;
  readonly #stall: StallWatch;

  /** `torrent`: its id; `shares`: what it has of what the session has. */
  constructor(context: SessionContext, shares: TorrentShares, torrent: string) {
    const { waitPatience, metadataTimeout } = context.options;
    const now = context.now();
    this.#context = context;
    this.#shares = shares;
    this.#torrent = torrent;
    this.#wait = new WaitWatch(waitPatience, now);
    this.#stall = new StallWatch(metadataTimeout, now);
  }

  /** Looks how it gets on. Not null: its time is over, whether something comes or not. */
  look(now: Millis, fetch: MetadataFetch, contacts: Contacts): Stalled | null {
    const { emit } = this.#context;
    const torrent = this.#torrent;
    const why = (seconds: number): Waiting =>
      explain(gatherSearch(this.#context, this.#shares, fetch, contacts, seconds, now));
    const news = this.#wait.look(now, fetch.received, false);
    if (news?.type === "moves") emit({ type: "moving", torrent, seconds: news.seconds });
    if (news?.type === "waits") {
      const waiting = why(news.seconds);
      const key = `${waiting.stage} ${waiting.causes[0]!.cause}`;
      if (this.#wait.tell(now, key)) emit({ type: "waiting", torrent, ...waiting });
    }
    // a peer that sends a piece now and then must not keep it alive
    const stall = this.#stall.look(now, 0, false);
    if (stall === null) return null;
    const waiting = why(stall.seconds);
    const message = `No metadata for ${stall.seconds} s, ${headline(waiting)}`;
    if (stall.type === "end") return { message, waiting };
    emit({ type: "warning", torrent, message });
    return null;
  }

  /** The metadata is here. */
  over(now: Millis): void {
    const news = this.#wait.look(now, 0, true);
    if (news?.type !== "moves") return;
    this.#context.emit({ type: "moving", torrent: this.#torrent, seconds: news.seconds });
  }
}
