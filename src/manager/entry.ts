import type { InfoHash, TrackerFault } from "../base/mod.ts";
import type { TorrentSnapshot } from "../session/mod.ts";
import type { Activity } from "./api.ts";
import type { TorrentRecord } from "./record.ts";

/** Whether the session has it, and what is being done about that. */
export type RunState = "out" | "starting" | "in" | "stopping";

/** Counters of a run that begins. */
export const NOTHING_COUNTED = { downloaded: 0, uploaded: 0, wasted: 0 } as const;

/** One torrent of the manager: what is kept of it, and how it is now. */
export class Entry {
  record: TorrentRecord;
  run: RunState = "out";
  /** How many come before it in the queue. */
  place = 0;
  /** In the session only to be hashed. */
  checking = false;
  /** As last looked at, the same object as long as it is alike; null while the session does not have it. */
  snapshot: TorrentSnapshot | null = null;
  /** Nothing of the snapshot changed from one beat to the next: in between nobody need look. */
  still = false;
  /** What its last tracker said, null: nothing wrong. */
  tracker: { readonly fault: TrackerFault | null; readonly message: string } | null = null;
  /** When something moved last, and when it was started, on the manager's clock. */
  movedAt = 0;
  /** Counters of the session's run that are in the record already. */
  counted: Pick<TorrentSnapshot, "downloaded" | "uploaded" | "wasted"> = NOTHING_COUNTED;
  /** Seconds not yet in the record. */
  seconds = 0;
  stalled = false;
  /** On the manager's clock. */
  changedAt = 0;
  dirty = true;
  /** Its files are being worked on by so many: it must not run. */
  held = 0;
  /** It is being removed, with its files or without. */
  leaving: { readonly data: boolean; readonly done: Promise<unknown> } | null = null;
  /** Nobody knows it any more. */
  removed = false;
  /** What was told of its last failure. */
  complaint: string | null = null;
  #announced = false;
  /** What is done about it, one thing after another. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(
    readonly id: number,
    readonly infoHash: InfoHash,
    readonly hash: string,
    record: TorrentRecord,
  ) {
    this.record = record;
  }

  /** Changes what is kept. */
  set(change: Partial<TorrentRecord>): void {
    this.record = { ...this.record, ...change };
    this.dirty = true;
  }

  /** True the first time: it is news that it is there. */
  announce(): boolean {
    const first = !this.#announced;
    this.#announced = true;
    return first;
  }

  /** Does something once everything before is over; its failure is the caller's alone. */
  after<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }

  /** Resolves when nothing is being done about it. */
  async settled(): Promise<void> {
    for (let work: unknown = null; work !== this.#work;) {
      work = this.#work;
      await this.#work;
    }
  }

  /** Its files are not where they are to be: it must not run. */
  get kept(): boolean {
    return this.held > 0 || this.record.target !== null;
  }

  /** It waits for its turn or does something. */
  get active(): boolean {
    return this.record.goal !== "stop" && this.record.trouble === null;
  }

  /** What it does, for people. */
  get activity(): Activity {
    const { record, snapshot } = this;
    if (this.run === "in" || this.run === "starting") {
      switch (snapshot?.phase) {
        case undefined:
        case "opening":
        case "checking":
          if (this.checking || record.check || snapshot?.phase === "checking") {
            return (snapshot?.checked ?? 0) > 0 ? "checking" : "check-wait";
          }
          return record.complete ? "seeding" : "downloading";
        case "metadata":
          return "downloading";
        case "running":
          return snapshot.complete ? "seeding" : "downloading";
        case "ended":
          break;
      }
    }
    if (!this.active) return record.check && record.goal !== "stop" ? "check-wait" : "stopped";
    return record.complete ? "seed-wait" : "download-wait";
  }
}
