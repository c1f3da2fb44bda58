import type { SessionControl } from "../session/mod.ts";
import type { StateDb } from "../storage/mod.ts";
import type { Detail, Recent, Selection, TorrentDetails, TorrentView } from "./api.ts";
import type { Book } from "./book.ts";
import { detailsOf } from "./details.ts";
import type { Entry } from "./entry.ts";
import type { Heart } from "./heart.ts";
import type { Library } from "./library.ts";
import type { ManagerClock } from "./parts.ts";
import type { TorrentRow } from "./overview.ts";
import { Rows } from "./rows.ts";
import type { SessionSettings } from "./settings.ts";
import { viewOf } from "./view.ts";

/** What views are made of. */
export interface ViewSources {
  readonly book: Book;
  readonly library: Library;
  readonly heart: Pick<Heart, "refresh" | "overBudget">;
  readonly state: Pick<StateDb, "load" | "loadFiles">;
  readonly clock: ManagerClock;
  readonly settings: () => SessionSettings;
  readonly control: () => SessionControl;
}

/** Shows torrents as they are now to whoever asks. */
export class Views {
  readonly #sources: ViewSources;
  readonly #rows = new Rows();

  constructor(sources: ViewSources) {
    this.#sources = sources;
  }

  /** As in `ManagerApi`. */
  async torrents(
    torrents: Selection,
    details: readonly Detail[],
  ): Promise<(TorrentView & TorrentDetails)[]> {
    return await this.#all(this.#sources.book.pick(torrents), details);
  }

  /** As in `ManagerApi`. */
  async recent(since: number, details: readonly Detail[]): Promise<Recent> {
    const { book, clock } = this.#sources;
    const from = clock.now() - since;
    const entries = book.all().filter(({ changedAt }) => changedAt >= from);
    return {
      torrents: await this.#all(entries, details),
      removed: book.goneSince(from).map(({ id }) => id),
    };
  }

  /** All torrents as rows of an `Overview`. */
  rows(): TorrentRow[] {
    const { book, heart, clock, settings } = this.#sources;
    const sources = {
      heart,
      settings: settings(),
      control: this.#sources.control(),
      now: clock.now(),
    };
    return book.all().map((entry) => this.#rows.row(entry, sources));
  }

  async #all(
    entries: readonly Entry[],
    details: readonly Detail[],
  ): Promise<(TorrentView & TorrentDetails)[]> {
    const out = [];
    for (const entry of entries) out.push(await this.#view(entry, details));
    return out;
  }

  async #view(entry: Entry, details: readonly Detail[]): Promise<TorrentView & TorrentDetails> {
    const { heart, library, state, clock, settings } = this.#sources;
    const control = this.#sources.control();
    heart.refresh(entry);
    const view = viewOf(entry, settings(), control, clock.now());
    if (details.length === 0) return view;
    const needsFile = details.some((detail) => detail === "files" || detail === "trackers");
    const metainfo = needsFile ? await library.get(entry.infoHash, entry.hash) : null;
    const budget = heart.overBudget(entry);
    const date = clock.date().getTime();
    return {
      ...view,
      ...detailsOf({ entry, control, metainfo, state, budget, date }, details),
    };
  }
}
