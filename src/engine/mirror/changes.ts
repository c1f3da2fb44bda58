/** What the engine's thread tells the thread that shows its manager. */
import type { GoneTorrent, ManagerStats, SessionView, TorrentRow } from "../../manager/mod.ts";

/** What changed since the last time; several in a row where that is much. */
export interface Changes {
  /** The manager's clock, in milliseconds. */
  readonly now: number;
  /** Torrents that are new, or other than they were. */
  readonly rows: readonly TorrentRow[];
  readonly gone: readonly GoneTorrent[];
  /** With the last of a row, after which everything is as it was at that moment; null: more follows. */
  readonly last: { readonly session: SessionView; readonly stats: ManagerStats } | null;
}
