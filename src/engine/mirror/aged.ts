import type { TorrentRow, TorrentView } from "../../manager/mod.ts";

/** What passing time changes by itself. */
const PASSING: ReadonlySet<string> = new Set<keyof TorrentView>([
  "secondsDownloading",
  "secondsSeeding",
  "etaIdle",
  "manualAnnounce",
]);
/** Seconds up or down, as each side rounds to whole ones and the manager counts them once a second. */
const SLACK = 2;

/** The view of a row after `ms` in which nothing happened but that time passed. */
export function aged({ view, counts }: TorrentRow, ms: number): TorrentView {
  const seconds = Math.floor(ms / 1000);
  const { etaIdle, manualAnnounce } = view;
  if (seconds <= 0 || (counts === null && etaIdle === null && !manualAnnounce)) return view;
  return {
    ...view,
    ...(counts === null ? {} : { [counts]: view[counts] + seconds }),
    etaIdle: left(etaIdle, seconds),
    manualAnnounce: left(manualAnnounce, seconds),
  };
}

/** Whether nothing happened to a row `before` that is `now` after `ms`, but that time passed. */
export function onlyAged(before: TorrentRow, now: TorrentRow, ms: number): boolean {
  if (before.changedAt !== now.changedAt || before.counts !== now.counts) return false;
  const [expected, view] = [aged(before, ms), now.view];
  // a thousand rows are compared twice a second
  for (const key in view) {
    const [a, b] = [expected[key as keyof TorrentView], view[key as keyof TorrentView]];
    if (a === b) continue;
    const passes = PASSING.has(key) && typeof a === "number" && typeof b === "number";
    if (passes ? Math.abs(a - b) > SLACK : !alike(a, b)) return false;
  }
  return true;
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
