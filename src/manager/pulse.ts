/** What the passing of time does to a torrent of the manager: counters, and whether it moves. */
import type { TorrentSnapshot } from "../session/mod.ts";
import type { Entry } from "./entry.ts";
import { goalsOf, reached, type SeedFacts } from "./goals.ts";
import type { SessionSettings } from "./settings.ts";

/** Seconds that are gathered before they are kept; half as many again, so that not all torrents are kept at once. */
const KEEP_SECONDS = 30;

/** A moment, on the manager's clock and in milliseconds since 1970, and the seconds since the last one. */
export interface Moment {
  readonly now: number;
  readonly date: number;
  readonly seconds: number;
}

/** Takes in how a torrent is now; returns the payload bytes downloaded since the last time. */
export function observe(
  entry: Entry,
  snapshot: TorrentSnapshot,
  settings: SessionSettings,
  moment: Moment,
): number {
  const before = entry.snapshot;
  const moved = before === null || differs(before, snapshot);
  const alike = !moved && isKnownAlike(before, snapshot);
  if (!alike) {
    entry.snapshot = snapshot;
    entry.still = false;
  } else if (moment.seconds > 0) {
    entry.still = true;
  }
  const { counted, record } = entry;
  const downloaded = snapshot.downloaded - counted.downloaded;
  const uploaded = snapshot.uploaded - counted.uploaded;
  const corrupt = snapshot.wasted - counted.wasted;
  entry.counted = snapshot;
  if (downloaded > 0 || uploaded > 0 || corrupt > 0) {
    entry.movedAt = entry.changedAt = moment.now;
    entry.set({
      activeAt: moment.date,
      downloaded: record.downloaded + downloaded,
      uploaded: record.uploaded + uploaded,
      corrupt: record.corrupt + corrupt,
    });
  }
  if (moved) entry.changedAt = moment.now;
  if (snapshot.phase === "metadata") watchStall(entry, settings, moment.now);
  if (snapshot.phase !== "running") return downloaded;
  if (before?.phase !== "running") entry.set({ startedAt: moment.date });
  measure(entry, snapshot);
  entry.seconds += moment.seconds;
  const enough = KEEP_SECONDS + entry.id % KEEP_SECONDS;
  if (entry.seconds >= enough || downloaded + uploaded > 0) keepSeconds(entry);
  watchStall(entry, settings, moment.now);
  return downloaded;
}

/** Whether figures moved that somebody watches; addresses become known all the time, and nobody asks how many. */
function differs(before: TorrentSnapshot, now: TorrentSnapshot): boolean {
  for (const key in now) {
    if (key === "origins" || key === "known") continue;
    if (before[key as keyof TorrentSnapshot] !== now[key as keyof TorrentSnapshot]) return true;
  }
  return false;
}

function isKnownAlike(before: TorrentSnapshot, now: TorrentSnapshot): boolean {
  const { origins } = now;
  if (before.known !== now.known) return false;
  if (before.origins === origins) return true;
  for (const key in origins) {
    const origin = key as keyof typeof origins;
    if (before.origins[origin] !== origins[origin]) return false;
  }
  return true;
}

function watchStall(entry: Entry, settings: SessionSettings, now: number): void {
  const { stalledEnabled, stalledMinutes } = settings;
  const stalled = stalledEnabled && now - entry.movedAt >= stalledMinutes * 60_000;
  if (stalled !== entry.stalled) entry.changedAt = now;
  entry.stalled = stalled;
}

/** What it has, as far as it differs from what is kept. */
function measure(entry: Entry, { size, done, rest, complete }: TorrentSnapshot): void {
  const { record } = entry;
  const valid = done + rest;
  const same = record.wanted === size && record.done === done && record.valid === valid &&
    record.complete === complete;
  if (!same) entry.set({ wanted: size, done, valid, complete });
}

/** The seconds it ran go into what is kept. */
export function keepSeconds(entry: Entry): void {
  const { record, seconds } = entry;
  entry.seconds = 0;
  if (seconds === 0) return;
  if (record.complete) entry.set({ secondsSeeding: record.secondsSeeding + seconds });
  else entry.set({ secondsDownloading: record.secondsDownloading + seconds });
}

/** True when a torrent that seeds has reached one of its goals. */
export function seededEnough(entry: Entry, settings: SessionSettings, now: number): boolean {
  const { record, snapshot } = entry;
  if (snapshot?.phase !== "running" || !snapshot.complete) return false;
  return reached(goalsOf(record.settings, settings), seedFacts(entry, now));
}

/** How a torrent has seeded so far. */
export function seedFacts({ record, seconds, movedAt }: Entry, now: number): SeedFacts {
  return {
    uploaded: record.uploaded,
    downloaded: record.downloaded,
    valid: record.valid,
    seeded: record.secondsSeeding + seconds,
    idle: (now - movedAt) / 1000,
  };
}

/** True when a download has had all that it may have. */
export function spent({ record }: Entry): boolean {
  const { maxTotal } = record.settings;
  return maxTotal > 0 && !record.complete && record.downloaded >= maxTotal;
}
