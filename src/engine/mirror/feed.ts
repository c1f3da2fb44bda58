import type { Overview, TorrentRow } from "../../manager/mod.ts";
import { onlyAged } from "./aged.ts";
import type { Changes } from "./changes.ts";

/** Rows of one message: the thread that hears it has others to answer. */
const MOST_ROWS = 256;

/** What was told of a torrent, and the last row that says the same. */
interface Told {
  readonly row: TorrentRow;
  seen: TorrentRow;
}

/**
 * The engine's end of a mirror: knows what the other end has, and tells what has changed. What is told must arrive, in
 * order, as messages between threads do.
 */
export class Feed {
  readonly #overview: () => Overview;
  readonly #told = new Map<number, Told>();
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
    const changed = rows.filter((row) => !this.#knows(row));
    for (const row of changed) this.#told.set(row.view.id, { row, seen: row });
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

  #knows(row: TorrentRow): boolean {
    const told = this.#told.get(row.view.id);
    if (told === undefined) return false;
    // it rests, as most of many do
    if (told.seen === row) return true;
    if (!onlyAged(told.row, row)) return false;
    told.seen = row;
    return true;
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
