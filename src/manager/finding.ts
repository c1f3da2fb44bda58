/** What `doctor` found: a code, what its sentence is made of, and in English the sentence itself and what to do. */
import type { TrackerFault } from "../base/mod.ts";
import type { FailureReason, NoValues } from "../session/mod.ts";

/** What was looked at. Numbers count things, but for those named by their unit: `…Bytes`, `…Rate` (bytes a second), `seconds`, `port`. */
export interface ExaminedOf<Subject extends string, Code extends string, Values> {
  readonly subject: Subject;
  readonly code: Code;
  readonly values: Readonly<Values>;
}

/** How much room there is. */
export interface RoomValues {
  freeBytes: number;
  totalBytes: number;
  /** To be downloaded. */
  neededBytes: number;
  /** To be left free. */
  reserveBytes: number;
}

/** How fast the disk is, measured by so many bytes. */
export interface SpeedValues {
  bytes: number;
  writeRate: number;
  readRate: number;
}

/** A router by its address and the protocol it is asked in. */
export interface RouterValues {
  name: string;
  protocol: string;
  port: number;
}

/** Trackers that fail, of all; the first of them and what is wrong with it. */
export interface FailingValues {
  count: number;
  total: number;
  name: string;
  fault: TrackerFault;
}

/** What of the manager's surroundings was looked at, and what is so. */
export type Examined =
  | ExaminedOf<"folder", "folder-unusable", { path: string }>
  | ExaminedOf<"permissions", "files-made", { path: string }>
  /** In so many folders, of which one is named. */
  | ExaminedOf<"permissions", "files-refused", { path: string; count: number }>
  | ExaminedOf<"space", "space-unknown", NoValues>
  | ExaminedOf<"space", "space-enough", RoomValues>
  | ExaminedOf<"space", "space-short", RoomValues & { lackingBytes: number }>
  | ExaminedOf<"disk", "disk-unwritable" | "disk-corrupts" | "disk-full", NoValues>
  | ExaminedOf<"disk", "disk-fast" | "disk-slow", SpeedValues>
  | ExaminedOf<"port", "port-proxied", { name: string }>
  | ExaminedOf<"port", "port-none", NoValues>
  /** Peers that came from outside. */
  | ExaminedOf<"port", "port-open", { port: number; count: number }>
  /** Peers that came, all of them from near us. */
  | ExaminedOf<"port", "port-unknown", { port: number; count: number }>
  | ExaminedOf<"mapping", "mapping-asking", NoValues>
  | ExaminedOf<"mapping", "mapping-failed", { port: number }>
  | ExaminedOf<
    "mapping",
    "mapping-half",
    RouterValues & { open: "TCP" | "UDP"; shut: "TCP" | "UDP" }
  >
  | ExaminedOf<"mapping", "mapping-private", RouterValues & { host: string }>
  /** Where it is reached from outside; null: the router does not tell. */
  | ExaminedOf<"mapping", "mapping-open", RouterValues & { host: string | null }>
  | ExaminedOf<"trackers", "trackers-unasked", NoValues>
  | ExaminedOf<"trackers", "trackers-answer", { count: number }>
  | ExaminedOf<"trackers", "trackers-fail" | "trackers-all-fail", FailingValues>
  | ExaminedOf<"dht", "dht-off" | "dht-alone", NoValues>
  /** Nodes that answer. */
  | ExaminedOf<"dht", "dht-answers", { count: number }>
  | ExaminedOf<"clock", "clock-set", NoValues>
  | ExaminedOf<"clock", "clock-unset", { year: string }>
  | ExaminedOf<"clock", "clock-back", { seconds: number }>
  | ExaminedOf<"limits", "budget-used", NoValues>
  /** Rates of 0 are no limit; `leftBytes` of the budget, null: there is none. */
  | ExaminedOf<
    "limits",
    "limits",
    { downRate: number; upRate: number; alternative: boolean; leftBytes: number | null }
  >
  /** Ranges that are kept away. */
  | ExaminedOf<"filter", "filter-on", { count: number }>
  | ExaminedOf<"filter", "filter-empty", NoValues>
  | ExaminedOf<"torrents", "torrents-well", { count: number }>
  /** Those that cannot go on, of all; the first of them and why. */
  | ExaminedOf<
    "torrents",
    "torrents-troubled",
    { count: number; total: number; name: string; reason: FailureReason }
  >;

/** One thing that `doctor` looked at. */
export type Finding = Examined & {
  readonly state: "ok" | "warning" | "bad";
  readonly text: string;
  /** What to do; empty: nothing. */
  readonly advice: string;
};

/** It works. */
export function ok(examined: Examined, text: string): Finding {
  return { ...examined, state: "ok", text, advice: "" };
}

/** It works, and could be better. */
export function warning(examined: Examined, text: string, advice: string): Finding {
  return { ...examined, state: "warning", text, advice };
}

/** It does not work. */
export function bad(examined: Examined, text: string, advice: string): Finding {
  return { ...examined, state: "bad", text, advice };
}
