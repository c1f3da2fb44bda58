import { formatSize, messageOf } from "../base/mod.ts";
import type { EngineEvent } from "../session/mod.ts";
import type { Entry } from "./entry.ts";
import type { ManagedDisk } from "./parts.ts";
import type { SessionSettings } from "./settings.ts";

/** Between two looks at the disk. */
const LOOK_MS = 5000;
/** Before a torrent that was held up is tried again; where the disk was full, twice as long after each time that did not help. */
const RETRY_MS = 15_000;
const MOST_RETRY_MS = 10 * 60_000;

/** What the watch looks at. */
export interface Watched {
  readonly entries: () => readonly Entry[];
  readonly settings: () => Pick<SessionSettings, "reserve">;
  readonly disk: () => Pick<ManagedDisk, "space">;
  readonly emit: (event: EngineEvent) => void;
}

/** Stops downloads before the disk is full, and lets those go on that a full disk or another program held up. */
export class SpaceWatch {
  readonly #watched: Watched;
  /** Torrents that were let go on: how often, and when they may be again. */
  readonly #tries = new Map<string, { readonly count: number; readonly next: number }>();
  #lookAt = 0;
  #looking = false;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** The next look is at once: something has changed. */
  hurry(): void {
    this.#lookAt = 0;
    this.#tries.clear();
  }

  /** Time passes; `now` on the manager's clock. */
  look(now: number): void {
    if (now < this.#lookAt || this.#looking) return;
    this.#lookAt = now + LOOK_MS;
    const entries = this.#watched.entries();
    for (const [hash, { next }] of this.#tries) {
      const entry = entries.find((each) => each.hash === hash);
      // it has run for as long as it had to wait
      if (entry === undefined || (now >= next && entry.record.trouble === null)) {
        this.#tries.delete(hash);
      }
    }
    if (!entries.some((entry) => downloads(entry) || heldUp(entry))) return;
    this.#looking = true;
    void this.#watched.disk().space([]).then((space) => {
      const room = space === null ? Infinity : space.free - this.#watched.settings().reserve;
      if (room < 0) this.#pause(-room);
      else this.#resume(room, now);
    }).catch((error) => {
      this.#watched.emit({ type: "warning", torrent: null, message: messageOf(error) });
    }).finally(() => this.#looking = false);
  }

  #pause(missing: number): void {
    const { reserve } = this.#watched.settings();
    const message = `The disk is nearly full: ${formatSize(missing)} more must be free, ` +
      `as ${formatSize(reserve)} are to be left free`;
    for (const entry of this.#watched.entries()) {
      if (!downloads(entry)) continue;
      entry.set({ trouble: { reason: "disk-full", message, path: null, missing } });
      const { hash: torrent } = entry;
      this.#watched.emit({
        type: "error",
        torrent,
        reason: "disk-full",
        message,
        path: null,
        missing,
      });
    }
  }

  #resume(free: number, now: number): void {
    const entries = this.#watched.entries();
    let room = free - promised(entries, null);
    for (const entry of entries) {
      const { trouble } = entry.record;
      const tried = this.#tries.get(entry.hash) ?? { count: 0, next: 0 };
      if (trouble === null || !heldUp(entry) || now < tried.next) continue;
      // those that fit, one after another: together they must not fill it again
      // what was missing then counted a reserve that may be another now
      const needed = trouble.reason === "disk-full" ? missing(entry) || (trouble.missing ?? 0) : 0;
      if (needed > room) continue;
      room -= needed;
      // to look whether another program has gone costs nothing
      const times = trouble.reason === "disk-full" ? 2 ** tried.count : 1;
      const next = now + Math.min(MOST_RETRY_MS, RETRY_MS * times);
      this.#tries.set(entry.hash, { count: tried.count + 1, next });
      entry.set({ trouble: null });
      entry.changedAt = now;
    }
  }
}

/** Bytes that are promised to downloads that run: all, or those before `entry`. */
export function promised(entries: readonly Entry[], entry: Entry | null): number {
  let bytes = 0;
  for (const each of entries) {
    const first = entry === null || each.record.position < entry.record.position;
    const counts = each.run === "in" || (each.run === "starting" && first);
    if (each !== entry && counts && !each.record.complete) bytes += missing(each);
  }
  return bytes;
}

function missing({ record: { wanted, done } }: Entry): number {
  return Math.max(0, wanted - done);
}

function downloads({ run, record }: Entry): boolean {
  return run === "in" && !record.complete && record.trouble === null && record.magnet === null;
}

/** What holds it up may be over one day, without anybody doing something about it. */
function heldUp({ record: { trouble } }: Entry): boolean {
  return trouble?.reason === "disk-full" || trouble?.reason === "locked";
}
