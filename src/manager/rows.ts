import type { SessionControl } from "../session/mod.ts";
import type { Entry } from "./entry.ts";
import type { TorrentRow } from "./overview.ts";
import type { SessionSettings } from "./settings.ts";
import { type Viewed, viewOf } from "./view.ts";

/** A row of a torrent that the session does not have, and all that it was made of. */
interface Resting extends Omit<Viewed, "id" | "hash" | "movedAt"> {
  readonly settings: SessionSettings;
  readonly row: TorrentRow;
}

/**
 * Rows of an `Overview`, which is made twice a second while somebody asks. Most torrents of many are paused or wait for
 * their turn: these have the same row each time, as long as nothing of them changes.
 */
export class Rows {
  readonly #resting = new WeakMap<Entry, Resting>();

  /** The row of a torrent that was just looked at; `now` on the manager's clock. */
  row(entry: Entry, settings: SessionSettings, control: SessionControl, now: number): TorrentRow {
    const { record, place, snapshot, tracker, stalled, seconds, activity, changedAt } = entry;
    const rests = snapshot === null && control.manualAnnounce(entry.hash) === null;
    if (rests) {
      const was = this.#resting.get(entry);
      // records and settings are other objects when they change; without a snapshot no time passes
      const same = was !== undefined && was.record === record && was.place === place &&
        was.settings === settings && was.tracker === tracker && was.stalled === stalled &&
        was.seconds === seconds &&
        was.activity === activity && was.row.changedAt === changedAt;
      if (same) return was.row;
    }
    const counts = snapshot?.phase !== "running"
      ? null
      : record.complete
      ? "secondsSeeding"
      : "secondsDownloading";
    const row = { view: viewOf(entry, settings, control, now), changedAt, counts } as const;
    if (rests) {
      const made = { record, place, snapshot, tracker, stalled, seconds, activity, settings, row };
      this.#resting.set(entry, made);
    }
    return row;
  }
}
