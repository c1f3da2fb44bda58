import type { ManagerState } from "../storage/mod.ts";
import type { SessionTotals } from "../session/mod.ts";
import type { Activity, ManagerStats, TransferStats } from "./api.ts";
import type { Entry } from "./entry.ts";

const KEY = "statistics";
const NONE: TransferStats = { downloaded: 0, uploaded: 0, filesAdded: 0, sessions: 0, active: 0 };

/** What was transferred in this run of the manager and in all of them. */
export class Statistics {
  readonly #state: ManagerState;
  readonly #before: TransferStats;
  #current: TransferStats = { ...NONE, sessions: 1 };

  constructor(state: ManagerState) {
    this.#state = state;
    this.#before = kept(state.get(KEY));
  }

  /** Counts what came in addition. */
  add(more: Partial<TransferStats>): void {
    const now = this.#current;
    this.#current = {
      downloaded: now.downloaded + (more.downloaded ?? 0),
      uploaded: now.uploaded + (more.uploaded ?? 0),
      filesAdded: now.filesAdded + (more.filesAdded ?? 0),
      sessions: 1,
      active: now.active + (more.active ?? 0),
    };
  }

  /** Keeps it. */
  save(): void {
    this.#state.set(KEY, JSON.stringify(this.total));
  }

  /** With how torrents and the session are now. */
  figures(entries: readonly Entry[], session: SessionTotals): ManagerStats {
    const { peers, dhtNodes, diskQueue, port } = session;
    const { current, total } = this;
    return { ...census(entries), current, total, peers, dhtNodes, diskQueue, port };
  }

  /** This run. */
  get current(): TransferStats {
    return { ...this.#current, active: Math.floor(this.#current.active) };
  }

  /** All runs. */
  get total(): TransferStats {
    const [a, b] = [this.#before, this.#current];
    return {
      downloaded: a.downloaded + b.downloaded,
      uploaded: a.uploaded + b.uploaded,
      filesAdded: a.filesAdded + b.filesAdded,
      sessions: a.sessions + b.sessions,
      active: Math.floor(a.active + b.active),
    };
  }
}

/** Counts of torrents by what they do, and their rates together. */
export function census(
  entries: readonly Entry[],
): Pick<ManagerStats, "torrents" | "active" | "paused" | "downRate" | "upRate" | "activities"> {
  const activities: Record<Activity, number> = {
    "stopped": 0,
    "check-wait": 0,
    "checking": 0,
    "download-wait": 0,
    "downloading": 0,
    "seed-wait": 0,
    "seeding": 0,
  };
  let [downRate, upRate, active] = [0, 0, 0];
  for (const entry of entries) {
    activities[entry.activity]++;
    downRate += entry.snapshot?.downRate ?? 0;
    upRate += entry.snapshot?.upRate ?? 0;
    if ((entry.snapshot?.downRate ?? 0) + (entry.snapshot?.upRate ?? 0) > 0) active++;
  }
  const paused = activities.stopped;
  return { torrents: entries.length, active, paused, downRate, upRate, activities };
}

function kept(text: string | null): TransferStats {
  try {
    const found = JSON.parse(text ?? "{}") as Partial<TransferStats>;
    const number = (value: unknown) => typeof value === "number" && value >= 0 ? value : 0;
    return {
      downloaded: number(found.downloaded),
      uploaded: number(found.uploaded),
      filesAdded: number(found.filesAdded),
      sessions: number(found.sessions),
      active: number(found.active),
    };
  } catch {
    return NONE;
  }
}
