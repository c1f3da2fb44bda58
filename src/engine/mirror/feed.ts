import type { Overview, TorrentRow } from "../../manager/mod.ts";
import { onlyAged } from "./aged.ts";
import type { Changes } from "./changes.ts";

/** Rows of one message: the thread that hears it has others to answer. */
const MOST_ROWS = 256;

/**
 * The engine's end of a mirror: knows what the other end has, and tells what has changed. What is told must arrive, in
 * order, as messages between threads do.
 */
export class Feed {
  readonly #overview: () => Overview;
  /** As they were told, and when. */
  readonly #told = new Map<number, { readonly row: TorrentRow; readonly at: number }>();
  #begun = false;

  /** `overview` of now. */
  constructor(overview: () => Overview) {
    this.#overview = overview;
  }

  /** Somebody has looked; before that nobody need hear anything. */
  get begun(): boolean {
    return this.#begun;
  }

  /** What changed since the last time, to be told at once; the last of them makes it whole. */
  take(): Changes[] {
    this.#begun = true;
    const { now, rows, gone, session, stats } = this.#overview();
    const changed = rows.filter((row) => {
      const told = this.#told.get(row.view.id);
      return told === undefined || !onlyAged(told.row, row, now - told.at);
    });
    for (const row of changed) this.#told.set(row.view.id, { row, at: now });
    const out: Changes[] = [];
    let at = 0;
    for (; changed.length - at > MOST_ROWS; at += MOST_ROWS) {
      out.push({ now, rows: changed.slice(at, at + MOST_ROWS), gone: [], last: null });
    }
    return [...out, {
      now,
      rows: changed.slice(at),
      gone: this.#forget(rows, gone, now),
      last: { session, stats },
    }];
  }

  /** Those that were told and are not there any more. */
  #forget(
    rows: Overview["rows"],
    gone: Overview["gone"],
    now: number,
  ): Changes["gone"] {
    if (this.#told.size === rows.length) return [];
    const there = new Set(rows.map(({ view }) => view.id));
    const wentAt = new Map(gone.map(({ id, at }) => [id, at]));
    const ids = [...this.#told.keys()].filter((id) => !there.has(id));
    for (const id of ids) this.#told.delete(id);
    return ids.map((id) => ({ id, at: wentAt.get(id) ?? now }));
  }
}
