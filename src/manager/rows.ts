import type { SessionControl } from "../session/mod.ts";
import type { Entry } from "./entry.ts";
import type { Heart } from "./heart.ts";
import type { TorrentRow } from "./overview.ts";
import type { SessionSettings } from "./settings.ts";
import { type Viewed, viewOf } from "./view.ts";

/** What rows are made of, besides the torrents themselves; `now` on the manager's clock. */
export interface RowSources {
  readonly heart: Pick<Heart, "refresh">;
  readonly settings: SessionSettings;
  readonly control: SessionControl;
  readonly now: number;
}

/** A row and all that it was made of. */
interface Made extends Omit<Viewed, "id" | "hash"> {
  readonly settings: SessionSettings;
  readonly row: TorrentRow;
}

/**
 * Rows of an `Overview`, which is made twice a second while somebody asks. Most torrents of many are paused, wait for
 * their turn or seed to nobody: these have the same row each time, as long as nothing of them changes. One that the
 * heart found as it was before is not looked at until its next beat.
 */
export class Rows {
  readonly #made = new WeakMap<Entry, Made>();

  /** The row of a torrent as it is now, or as it was at the last beat where it rests. */
  row(entry: Entry, sources: RowSources): TorrentRow {
    const { heart, settings, control, now } = sources;
    const was = this.#made.get(entry);
    if (was !== undefined && isQuiet(entry) && holds(was, entry, settings)) return was.row;
    heart.refresh(entry);
    const { record, place, snapshot, tracker, stalled, seconds, activity, movedAt, changedAt } =
      entry;
    const counts = snapshot?.phase !== "running"
      ? null
      : record.complete
      ? "secondsSeeding"
      : "secondsDownloading";
    const view = viewOf(entry, settings, control, now);
    const row = { view, at: now, changedAt, counts } as const;
    if ((view.manualAnnounce ?? 0) > 0 || isFed(entry)) this.#made.delete(entry);
    else {
      this.#made.set(entry, {
        record,
        place,
        snapshot,
        tracker,
        stalled,
        seconds,
        activity,
        movedAt,
        settings,
        row,
      });
    }
    return row;
  }
}

/** Nothing happens to it that the heart does not see. */
function isQuiet({ run, still, snapshot }: Entry): boolean {
  return run === "out" || (run === "in" && still && snapshot?.phase === "running");
}

/** What those have from whom it may be had comes without a change of the snapshot. */
function isFed({ snapshot }: Entry): boolean {
  return snapshot?.phase === "running" && !snapshot.complete &&
    snapshot.peers + snapshot.webseedsSending > 0;
}

/** Whether a row still says how it is; records and settings are other objects when they change. */
function holds(was: Made, entry: Entry, settings: SessionSettings): boolean {
  const { snapshot, seconds } = entry;
  return was.record === entry.record && was.place === entry.place && was.snapshot === snapshot &&
    was.settings === settings && was.tracker === entry.tracker && was.stalled === entry.stalled &&
    was.activity === entry.activity && was.movedAt === entry.movedAt &&
    was.row.changedAt === entry.changedAt && (snapshot !== null || was.seconds === seconds);
}
