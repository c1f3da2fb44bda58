/** What whoever shows all torrents again and again needs: everything at one moment. */
import type { ManagerStats, SessionView, TorrentView } from "./api.ts";

/** One torrent. The same object as before: nothing of it has changed but that time passed, as `counts` says. */
export interface TorrentRow {
  readonly view: TorrentView;
  /** When the view was so, on the manager's clock. */
  readonly at: number;
  /** When something of it changed last, on the manager's clock. */
  readonly changedAt: number;
  /** Which of its seconds pass; null: it does not run. */
  readonly counts: "secondsDownloading" | "secondsSeeding" | null;
}

/** A torrent that went. */
export interface GoneTorrent {
  readonly id: number;
  /** On the manager's clock. */
  readonly at: number;
}

/** Everything that is shown, but for the torrents' long lists. */
export interface Overview {
  /** The manager's clock, in milliseconds. */
  readonly now: number;
  /** In order of their numbers. */
  readonly rows: readonly TorrentRow[];
  /** Those that went a minute ago at most. */
  readonly gone: readonly GoneTorrent[];
  readonly session: SessionView;
  readonly stats: ManagerStats;
}
