import type { Millis } from "../base/mod.ts";
import type { MetadataFetch } from "../swarm/mod.ts";
import type { Contacts } from "./contacts.ts";
import type { SessionContext } from "./context.ts";
import type { ExactSource } from "./exact_sources.ts";
import type { TorrentShares } from "./shares.ts";
import { type Stalled, WaitReport, type Why } from "./wait_report.ts";
import { explain } from "./why/explain.ts";
import { gatherSearch } from "./why/gather.ts";

/** Sees to it that a magnet link is not looked for without a word: `waiting`, `moving`, a warning, and the end. */
export class SearchWaits {
  readonly #context: SessionContext;
  readonly #shares: TorrentShares;
  readonly #report: WaitReport;

  /** `torrent`: its id; `shares`: what it has of what the session has. */
  constructor(context: SessionContext, shares: TorrentShares, torrent: string) {
    this.#context = context;
    this.#shares = shares;
    this.#report = new WaitReport(context, torrent, "metadata", context.options.metadataTimeout);
  }

  /** Looks how it gets on. Not null: its time is over, whether something comes or not. */
  look(
    now: Millis,
    fetch: MetadataFetch,
    contacts: Contacts,
    sources: readonly ExactSource[],
  ): Stalled | null {
    const why: Why = (seconds) =>
      explain(gatherSearch(this.#context, this.#shares, fetch, contacts, sources, seconds, now));
    this.#report.look(now, fetch.received, false, why);
    // a peer that sends a piece now and then must not keep it alive
    return this.#report.stall(now, 0, false, why);
  }

  /** The metadata is here. */
  over(now: Millis): void {
    this.#report.over(now);
  }
}
