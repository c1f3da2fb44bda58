import { Bitfield, type Millis, RateMeter } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import type { Source } from "./source.ts";
import { consequenceOf, type WebseedError, type WebseedFault } from "./webseed_fault.ts";
import type { WebseedRun } from "./webseed_run.ts";

/** Connections to one server, once it has proved to serve us. */
const MOST_RUNS = 4;
/** It is asked again after this time, twice as long each time it was in vain. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 10 * 60_000;
/** After so many files in a row that it does not have it is asked less often, and after so many never again. */
const FEW_MISSES = 3;
const MOST_MISSES = 30;
/** What a server may ask us to wait. */
const MOST_RETRY_AFTER_MS = 60 * 60_000;

/** What happened to a webseed. */
export type WebseedNews =
  /** It began to serve us. */
  | { readonly type: "serves" }
  /** It failed; `wait`: milliseconds until it is asked again, null: never, or not for this file. */
  | {
    readonly type: "failed";
    readonly fault: WebseedFault;
    readonly message: string;
    readonly wait: number | null;
  }
  /** It was sent away for what it sent. */
  | { readonly type: "banned"; readonly message: string };

/** How a webseed is. */
export type WebseedState =
  | { readonly phase: "idle" }
  | { readonly phase: "asked" }
  | { readonly phase: "serving" }
  /** `next`: when it is asked again, null: never. */
  | {
    readonly phase: "failed";
    readonly fault: WebseedFault;
    readonly message: string;
    readonly next: Millis | null;
  }
  | { readonly phase: "banned"; readonly message: string };

/** What a webseed tells those that own it. */
export interface WebseedOwner {
  /** It is asked for nothing any more, or for the time being: its runs end. */
  stop(webseed: Webseed): void;
  /** Something happened to it. */
  told(webseed: Webseed, news: WebseedNews): void;
}

/** One web server of a torrent (BEP 19): what it has, how it is, and when it may be asked. */
export class Webseed implements Source {
  /** The pieces it has: all, until a file turns out to be missing. */
  readonly pieces: Bitfield;
  readonly down = new RateMeter();
  /** What it is being asked for, one run a connection. */
  readonly runs = new Set<WebseedRun>();
  /** It answers with the range asked for; otherwise with whole files. */
  ranges = true;
  suspected = false;
  readonly #owner: WebseedOwner;
  readonly #geometry: Geometry;
  #state: WebseedState = { phase: "idle" };
  #retryAt = 0;
  #wait = FIRST_WAIT_MS;
  #most = 1;
  #misses = 0;

  /** `url` as the torrent or the user gives it. */
  constructor(readonly url: string, geometry: Geometry, owner: WebseedOwner) {
    this.#geometry = geometry;
    this.#owner = owner;
    this.pieces = new Bitfield(geometry.pieceCount);
    this.pieces.fill();
  }

  get state(): WebseedState {
    return this.#state;
  }

  /** It can be asked, now or later. */
  get able(): boolean {
    return this.#state.phase !== "banned" && this.pieces.count > 0;
  }

  /** One more run may begin. */
  mayRun(now: Millis): boolean {
    return this.able && !this.suspected && now >= this.#retryAt && this.runs.size < this.#most;
  }

  /** A run begins. */
  asked(): void {
    if (this.#state.phase === "idle") this.#state = { phase: "asked" };
  }

  /** Bytes came. */
  served(): void {
    if (this.#state.phase === "serving" || !this.able) return;
    this.#state = { phase: "serving" };
    this.#misses = 0;
    this.#wait = FIRST_WAIT_MS;
    this.#most = this.ranges ? MOST_RUNS : 1;
    this.#owner.told(this, { type: "serves" });
  }

  /** A run failed; `lost`: the torrent's bytes, from and to, of the file it was at. */
  failed(error: WebseedError, lost: readonly [from: number, to: number], now: Millis): void {
    const { fault, message, retryAfter } = error;
    let wait: number | null = null;
    switch (consequenceOf(fault)) {
      case "whole":
        this.ranges = false;
        this.#most = 1;
        wait = 0;
        break;
      case "later":
        wait = Math.max(this.#longer(), Math.min(retryAfter ?? 0, MOST_RETRY_AFTER_MS));
        break;
      case "file":
        this.#lose(++this.#misses > MOST_MISSES ? this.#all : lost);
        if (this.#misses > FEW_MISSES) wait = this.#longer();
        break;
      case "gone":
        this.#lose(this.#all);
    }
    if (this.#state.phase === "banned") return;
    // of runs that fail together each has a wait of its own
    this.#retryAt = Math.max(this.#retryAt, now + (wait ?? 0));
    const next = this.able ? this.#retryAt as Millis : null;
    this.#state = { phase: "failed", fault, message, next };
    this.#owner.told(this, { type: "failed", fault, message, wait });
    if (!this.able) this.#owner.stop(this);
  }

  /** The next wait, twice as long as the last one. */
  #longer(): number {
    const wait = this.#wait;
    this.#wait = Math.min(LONGEST_WAIT_MS, 2 * wait);
    this.#most = 1;
    return wait;
  }

  get #all(): readonly [from: number, to: number] {
    return [0, this.#geometry.totalLength];
  }

  discount(): void {
    this.#owner.stop(this);
  }

  ban(message: string): void {
    if (this.#state.phase === "banned") return;
    this.#state = { phase: "banned", message };
    this.#owner.told(this, { type: "banned", message });
    this.#owner.stop(this);
  }

  /** Pieces that lie in these bytes of the torrent, be it in part, are not asked for here again. */
  #lose([from, to]: readonly [from: number, to: number]): void {
    const { pieceLength } = this.#geometry;
    for (let piece = Math.floor(from / pieceLength); piece * pieceLength < to; piece++) {
      this.pieces.delete(piece);
    }
  }
}
