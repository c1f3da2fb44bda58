import { FairLimit, type LimitShare, type Millis } from "../base/mod.ts";
import type { UploadLimit } from "./ports.ts";

/** Given at a time, in bytes: a block, so that nobody is given what cannot be sent. */
const GRAIN = { least: 16 * 1024, most: 16 * 1024 };

/** Who may send, and how much: torrents take turns at a common upload limit, each with one of its own besides. */
export class UploadTurns {
  readonly #limit: FairLimit;
  readonly #torrents = new Map<LimitShare, TorrentUploads>();
  readonly #waits: () => void;

  /**
   * `rate` in bytes a second for all torrents together; 0 is no limit. `waits` is told that a torrent waits:
   * {@linkcode nextRound} may be nearer now.
   */
  constructor(rate: number, now: Millis, waits: () => void) {
    this.#limit = new FairLimit(rate, GRAIN, now);
    this.#waits = waits;
  }

  /** The part of one torrent, with a limit of its own in bytes a second (0: none). */
  torrent(rate: number, now: Millis): TorrentUploads {
    const share = this.#limit.share(rate, now);
    const uploads = new TorrentUploads(share, this.#waits, () => {
      this.#torrents.delete(share);
      this.#limit.leave(share);
    });
    this.#torrents.set(share, uploads);
    return uploads;
  }

  /** Changes the limit of all torrents together. */
  setRate(rate: number, now: Millis): void {
    this.#limit.setRate(rate, now);
    this.#waits();
  }

  /** When {@linkcode round} is worth calling; Infinity while nobody waits. */
  nextRound(now: Millis): number {
    return this.#limit.nextRound(now);
  }

  /** Lets those send whose turn it is. */
  round(now: Millis): void {
    for (const share of this.#limit.round(now)) this.#torrents.get(share)!.serve(now);
  }
}

/** What one torrent may send. */
export class TorrentUploads implements UploadLimit {
  /** Serves those that wait: the swarm's uploads. */
  serveHeld: (now: Millis) => void = () => {};
  readonly #share: LimitShare;
  readonly #waits: () => void;
  readonly #leave: () => void;

  /** Made by {@linkcode UploadTurns.torrent}. */
  constructor(share: LimitShare, waits: () => void, leave: () => void) {
    this.#share = share;
    this.#waits = waits;
    this.#leave = leave;
  }

  /** The torrent is over. */
  leave(): void {
    // a torrent that ended is remembered, its swarm with all its buffers is not
    this.serveHeld = () => {};
    this.#leave();
  }

  /** The lower of both limits in bytes a second; 0 when there is none. */
  get limit(): number {
    return this.#share.limit;
  }

  get limited(): boolean {
    return this.#share.limited;
  }

  available(now: Millis): number {
    return this.#share.available(now);
  }

  take(bytes: number): void {
    this.#share.take(bytes);
  }

  wait(): void {
    if (this.#share.waiting) return;
    this.#share.waiting = true;
    this.#waits();
  }

  rate(now: Millis): number {
    return this.#share.rate(now);
  }

  /** Changes the torrent's own limit. */
  setRate(rate: number, now: Millis): void {
    this.#share.own.setRate(rate, now);
    this.#waits();
  }

  /** Its weight where the common limit is shared, above 0; `exempt`: that limit does not hold for it. */
  rank(weight: number, exempt: boolean): void {
    this.#share.weight = weight;
    this.#share.exempt = exempt;
    this.#waits();
  }

  /** There is something for those that wait. */
  serve(now: Millis): void {
    this.#share.waiting = false;
    this.serveHeld(now);
  }
}
