/** A likely cause of a wait: a code, what its sentence is made of, and the sentence itself in English. */
import type { TrackerFault } from "../../base/mod.ts";
import type { DialFault } from "../dial_faults.ts";
import type { ExactSourceFailure } from "./exact_source_causes.ts";
import type { WebseedFailure } from "./webseed_causes.ts";

/** Texts are short sentences without a full stop; parts of them may come from strangers. README's table has the codes. */
export interface CauseOf<Code extends string, Values> {
  readonly cause: Code;
  /** Numbers count things, but for those named by their unit: `…seconds`, `…bytes`, `…rate` (bytes a second), `port`. */
  readonly values: Readonly<Values>;
  readonly text: string;
  /** What to do next. */
  readonly advice: string;
}

/** A sentence that its code says whole. */
export type NoValues = Record<never, never>;

/** So many of so many servers or peers; `name`: what the one is called, where there is no other. */
export interface Portion {
  count: number;
  total: number;
  name: string | null;
}

/** A tracker that fails us, or cannot. */
export type TrackerFailure = TrackerFault | "asked" | "unsupported";

/** A likely cause. */
export type Cause =
  | CauseOf<
    | "no-source"
    | "no-seeders"
    | "private-addresses"
    | "dht-no-nodes"
    | "offline"
    | "places-taken"
    | "not-listening"
    | "nothing-to-give"
    | "reader-slow"
    | "check-slow",
    NoValues
  >
  | CauseOf<"connecting" | "peers-banned" | "ip-filter" | "metadata-wrong", { count: number }>
  | CauseOf<`peers-${DialFault}`, Portion>
  | CauseOf<`tracker-${Exclude<TrackerFailure, "refuses">}`, Portion>
  /** `said`: the reason in the tracker's own words. */
  | CauseOf<"tracker-refuses", Portion & { said: string }>
  | CauseOf<`webseed-${WebseedFailure}`, Portion>
  | CauseOf<`xs-${ExactSourceFailure}`, Portion>
  /** Trackers that answer, of all. */
  | CauseOf<"no-peers", { count: number; total: number }>
  /** Until they are tried again; null: soon. */
  | CauseOf<"peers-gone", { seconds: number | null }>
  /** Nodes that answer. */
  | CauseOf<"dht-asked", { count: number }>
  /** `seconds` until it is asked again; null: soon, or now. */
  | CauseOf<"dht-no-peers", { count: number; seconds: number | null; asking: boolean }>
  /** Of those connected, those that have something for us, and of them those that serve others. */
  | CauseOf<"choked", { count: number; useful: number; connected: number }>
  /** Pieces that nobody connected has, of those missing and of all. */
  | CauseOf<"pieces-missing", { count: number; missing: number; total: number; connected: number }>
  /** Peers that let us ask; `long`: some of them owe us an answer too long. */
  | CauseOf<"snubbed", { count: number; long: boolean }>
  | CauseOf<"metadata-nowhere", { connected: number }>
  /** Of the peers that have it. */
  | CauseOf<"metadata-refused" | "metadata-silent", { count: number; total: number }>
  /** What is here, of all; null: its size is not known. */
  | CauseOf<"metadata-slow", { bytes: number; totalBytes: number | null }>
  | CauseOf<"no-incoming", { port: number; mapping: "asking" | "mapped" | "failed" | null }>
  | CauseOf<"upload-limit" | "download-limit", { rate: number }>
  /** What waits to be written; null: that of other torrents. */
  | CauseOf<"disk-slow", { bytes: number | null }>;

/** What may be the reason. */
export type CauseCode = Cause["cause"];
