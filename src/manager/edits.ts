import type { Metainfo } from "../metainfo/mod.ts";
import { checkPosition, patchTorrent } from "./check_patch.ts";
import { tiersOf } from "./details.ts";
import { editTrackers } from "./edit_trackers.ts";
import type { Entry } from "./entry.ts";
import { changesOf } from "./file_wishes.ts";
import { torrentLimits } from "./limits.ts";
import type { ManagedSession } from "./runner.ts";
import type { TorrentPatch, TorrentSettings } from "./settings.ts";

/** What a patch makes of a torrent. */
export interface Edit {
  readonly entry: Entry;
  readonly settings: TorrentSettings;
  /** Null: those it has. */
  readonly trackers: readonly (readonly string[])[] | null;
}

/** What a patch makes of torrents, whose files are as far known as given. Throws `UsageError` for one mistake in any. */
export function planEdits(
  files: ReadonlyMap<Entry, Metainfo | null>,
  patch: TorrentPatch,
): Edit[] {
  checkPosition(patch.position);
  return [...files].map(([entry, metainfo]) => {
    const settings = patchTorrent(entry.record.settings, patch);
    const trackers = editTrackers(tiersOf(entry.record, metainfo), patch);
    changesOf(metainfo?.files ?? null, patch.filePriorities ?? []);
    return { entry, settings, trackers };
  });
}

/** Takes it into the record, and tells the session; `date` in milliseconds since 1970. */
export function carryOut(
  { entry, settings, trackers }: Edit,
  session: ManagedSession,
  date: number,
): void {
  const before = entry.record.settings;
  entry.set({ settings, editedAt: date });
  if (trackers !== null) {
    entry.set({ trackers });
    session.control.setTrackers(entry.hash, trackers);
  }
  const { sequential, firstLast } = settings;
  if (sequential !== before.sequential || firstLast !== before.firstLast) {
    session.control.setOrder(entry.hash, { sequential, firstLast });
  }
  session.setLimits(entry.hash, torrentLimits(entry.record));
}
