/** One tracker of one torrent: what it last said and when it may be asked again. */
import {
  type Bytes,
  messageOf,
  type Millis,
  millis,
  type Random,
  TrackerError,
  type TrackerFault,
  utf8,
} from "../base/mod.ts";
import type { AnnounceReply, AnnounceRequest, SwarmCounts } from "./announce.ts";
import { printable } from "./printable.ts";

/** One announce to be carried out; the object itself is the handle its outcome is reported with. */
export interface Announce {
  /** The tracker's announce URL, without parameters. */
  readonly url: string;
  readonly request: AnnounceRequest;
}

/** What is known of a tracker. Times are on the caller's clock. */
export type TrackerState =
  /** Never asked, or not since the torrent was started. */
  | { readonly phase: "idle" }
  /** Answered; may be asked again, if there is need, from `earliest` on. */
  | { readonly phase: "ok"; readonly at: Millis; readonly earliest: Millis }
  /** Failed `failures` times in a row; left alone until `retryAt`. */
  | {
    readonly phase: "failed";
    readonly at: Millis;
    readonly failures: number;
    readonly retryAt: Millis;
    readonly message: string;
    readonly fault: TrackerFault;
  }
  /** Never asked, for the reason in `message`. */
  | { readonly phase: "unsupported"; readonly message: string };

/** A tracker as a user sees it. */
export interface TrackerStatus extends SwarmCounts {
  readonly url: string;
  /** Rank of its tier, 0 first. */
  readonly tier: number;
  readonly state: TrackerState;
  /** An answer is awaited. */
  readonly asking: boolean;
  readonly lastOk: Millis | null;
  /** When it will be asked next as things stand; null: not foreseen. */
  readonly next: Millis | null;
  /** Peers in its last answer. */
  readonly peers: number;
  /** The warning of its last answer. */
  readonly warning: string | null;
}

/** First and longest pause after a failure, milliseconds; each failure doubles it. */
export const BACKOFF_FIRST = 15_000;
export const BACKOFF_MAX = 30 * 60_000;
/** Bounds on what a tracker may ask for: neither be hammered nor make us forget it. Seconds. */
export const INTERVAL_MIN = 60;
export const INTERVAL_MAX = 3_600;
/** Seconds between announces in need where the tracker names no `min interval`. */
const NEED_INTERVAL = 120;

/** What is wrong with a tracker that gave this error instead of an answer. */
export function trackerFault(error: unknown): TrackerFault {
  return error instanceof TrackerError ? error.fault : "unreachable";
}

/** The book kept on one tracker by the announcer, its only user. */
export class TrackerEntry {
  state: TrackerState;
  /** The announce under way and since when. */
  asking: { readonly announce: Announce; readonly since: Millis } | null = null;
  /** It knows of us: it heard `started` and not yet `stopped`. */
  told = false;
  /** It knows of us as a downloader and has yet to hear `completed`. */
  completedDue = false;
  trackerId: Bytes | null = null;
  #lastOk: Millis | null = null;
  #peers = 0;
  #warning: string | null = null;
  #counts: SwarmCounts = { seeders: null, leechers: null, downloads: null };

  readonly url: string;

  /** `url` as in the torrent, without spaces around it. */
  constructor(url: string, public tier: number) {
    const message = whyUnsupported(url);
    // one that is never asked is only shown
    this.url = message === null ? url : printable(utf8(url));
    this.state = message === null ? { phase: "idle" } : { phase: "unsupported", message };
  }

  /** When it may be asked without an event; Infinity for never. */
  availableAt(): number {
    switch (this.state.phase) {
      case "idle":
        return 0;
      case "ok":
        return this.state.earliest;
      case "failed":
        return this.state.retryAt;
      case "unsupported":
        return Infinity;
    }
  }

  /** A pause after a failure is over, and so is the wait for the next announce. */
  hurry(): void {
    if (this.state.phase === "failed") this.state = { ...this.state, retryAt: 0 as Millis };
    else if (this.state.phase === "ok") this.state = { ...this.state, earliest: 0 as Millis };
  }

  /** Books an answer; returns milliseconds until the regular announce it asks for. */
  succeed(reply: AnnounceReply, now: Millis): number {
    const interval = bounded(reply.interval);
    const wait = bounded(reply.minInterval ?? Math.min(interval, NEED_INTERVAL));
    this.state = { phase: "ok", at: now, earliest: millis(now + wait * 1000) };
    this.trackerId = reply.trackerId ?? this.trackerId;
    this.#lastOk = now;
    this.#peers = reply.peers.length;
    this.#warning = reply.warning;
    this.#counts = reply;
    return Math.max(interval, wait) * 1000;
  }

  /** Books a failure; the pause doubles, and is shortened by up to a quarter so that a crowd spreads out. */
  fail(error: unknown, now: Millis, random: Random): void {
    const message = messageOf(error);
    const fault = trackerFault(error);
    const failures = this.state.phase === "failed" ? this.state.failures + 1 : 1;
    const pause = Math.min(BACKOFF_FIRST * 2 ** (failures - 1), BACKOFF_MAX);
    const retryAt = millis(now + pause - random.below(pause / 4));
    this.state = { phase: "failed", at: now, failures, retryAt, message, fault };
  }

  /** What to show; `next` comes from the announcer. */
  status(next: number): TrackerStatus {
    return {
      url: this.url,
      tier: this.tier,
      state: this.state,
      asking: this.asking !== null,
      lastOk: this.#lastOk,
      next: Number.isFinite(next) ? millis(next) : null,
      peers: this.#peers,
      warning: this.#warning,
      seeders: this.#counts.seeders,
      leechers: this.#counts.leechers,
      downloads: this.#counts.downloads,
    };
  }
}

function bounded(seconds: number): number {
  return Math.min(Math.max(seconds, INTERVAL_MIN), INTERVAL_MAX);
}

function whyUnsupported(url: string): string | null {
  const parsed = URL.parse(url);
  // the parser drops some of these and the appended parameters would bring them back
  if (parsed === null || /[\p{Cc}\p{Cf}]/u.test(url)) return "Not a tracker URL";
  if (parsed.protocol === "http:" || parsed.protocol === "https:") return null;
  if (parsed.protocol === "udp:") return parsed.port === "" ? "Expected a port" : null;
  return `Trackers with ${parsed.protocol.slice(0, 20)} URLs are not supported`;
}
