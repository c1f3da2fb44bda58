import type { TorrentRow, TorrentView } from "../../manager/mod.ts";

/** What passing time changes by itself. */
const PASSING = ["secondsDownloading", "secondsSeeding", "etaIdle", "manualAnnounce"] as const;
const PASSES: ReadonlySet<string> = new Set(PASSING);
/** Seconds up or down, as each side rounds to whole ones and the manager counts them once a second. */
const SLACK = 2;

type Times = Pick<TorrentView, typeof PASSING[number]>;

/** The view of a row at a later moment, until which nothing happened but that time passed. */
export function aged(row: TorrentRow, now: number): TorrentView {
  const { view, counts, at } = row;
  const moves = counts !== null || view.etaIdle !== null || view.manualAnnounce;
  return now - at >= 1000 && moves ? { ...view, ...timesOf(row, now) } : view;
}

/** Whether nothing happened between two rows of a torrent but that time passed. */
export function onlyAged(before: TorrentRow, now: TorrentRow): boolean {
  if (before.changedAt !== now.changedAt || before.counts !== now.counts) return false;
  const times = timesOf(before, now.at);
  for (const key of PASSING) {
    const [a, b] = [times[key], now.view[key]];
    if (a !== b && (a === null || b === null || Math.abs(a - b) > SLACK)) return false;
  }
  for (const key in now.view) {
    const [a, b] = [before.view[key as keyof TorrentView], now.view[key as keyof TorrentView]];
    if (a !== b && !PASSES.has(key) && !alike(a, b)) return false;
  }
  return true;
}

/** The times of a row at a later moment. */
function timesOf({ view, counts, at }: TorrentRow, now: number): Times {
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  const { secondsDownloading, secondsSeeding, etaIdle, manualAnnounce } = view;
  return {
    secondsDownloading: secondsDownloading + (counts === "secondsDownloading" ? seconds : 0),
    secondsSeeding: secondsSeeding + (counts === "secondsSeeding" ? seconds : 0),
    etaIdle: left(etaIdle, seconds),
    manualAnnounce: left(manualAnnounce, seconds),
  };
}

function left(seconds: number | null, passed: number): number | null {
  return seconds === null ? null : Math.max(0, seconds - passed);
}

/** Plain data that says the same. */
function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [one, other] = [Object.entries(a), Object.entries(b)];
  return one.length === other.length &&
    one.every(([key, value], i) => other[i]![0] === key && alike(value, other[i]![1]));
}
