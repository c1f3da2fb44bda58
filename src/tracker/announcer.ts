/**
 * The announcer of one torrent: which of its trackers to ask, when, and with which event.
 *
 * A driver owns the clock and the network:
 *
 * ```
 * const announcer = new Announcer({ infoHash, peerId, tiers, isPrivate, random, stats }, now);
 * // whenever something happened, and at nextDeadline():
 * for (let job; (job = announcer.next(now)) !== null;) {
 *   client.announce(job.url, job.request, signal)      // net/tracker_client.ts
 *     .then((reply) => announcer.onReply(job, reply, now), (error) => announcer.onError(job, error, now));
 * }
 * announcer.needPeers(true);   // too few peers: ask early, and ask further trackers
 * announcer.complete();        // the last piece is verified: next() gives `completed`
 * announcer.stop();            // abort what is under way first; next() gives `stopped`, until `stopped` is true
 * announcer.start(now);        // again after stop()
 * announcer.status();          // one entry a tracker, for the user
 * announcer.current;           // URL in charge; a private torrent drops its peers when it changes (BEP 27)
 * ```
 */
import {
  type InfoHash,
  type Millis,
  millis,
  type PeerId,
  type Random,
  shuffle,
} from "../base/mod.ts";
import type { AnnounceEvent, AnnounceReply, AnnounceRequest } from "./announce.ts";
import { type Announce, TrackerEntry, type TrackerStatus } from "./tracker_entry.ts";

/** The torrent's figures at the moment of an announce. Bytes of payload since it was started. */
export interface TransferStats {
  /** Where we accept peers, 0 to 65535 (0: nowhere). */
  readonly port: number;
  readonly uploaded: number;
  readonly downloaded: number;
  /** Bytes still missing. */
  readonly left: number;
  /** More peers there is use for; 0 for none. */
  readonly peersWanted: number;
}

/** What an announcer is made of. */
export interface AnnouncerOptions {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Announce URLs in tiers (BEP 12); repeated ones count once. */
  readonly tiers: readonly (readonly string[])[];
  /** Never ask a tracker while another is in charge and works (BEP 27). */
  readonly isPrivate: boolean;
  readonly random: Random;
  /** Whether we take encrypted connections, for {@linkcode AnnounceRequest}. */
  readonly encryption?: "supported" | "required";
  /** Asked for at each announce. */
  readonly stats: () => TransferStats;
}

/** Trackers of one torrent that are used; real torrents have up to a few dozen. */
const MAX_TRACKERS = 100;
/** Peers asked for at once, at most: more than any client connects to at a time. */
const MAX_WANTED = 200;
/** Milliseconds a silent tracker keeps the next from being asked. A dead one must not cost the full timeout. */
const PATIENCE = 3_000;

/**
 * Tiers are asked in order, each shuffled once; a tracker that answers moves to the front of its tier
 * and is in charge: its interval says when the next *round* begins at the first tier again. One that
 * fails pauses, longer each time, and the round goes on with the next (BEP 12).
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #tiers: TrackerEntry[][] = [];
  readonly #key: number;
  #phase: "running" | "stopping" = "running";
  #current: TrackerEntry | null = null;
  /** When the next round begins. */
  #roundAt: Millis;
  #needPeers = false;
  #completed = false;

  constructor(options: AnnouncerOptions, now: Millis) {
    this.#options = options;
    this.#key = options.random.below(2 ** 32);
    this.#roundAt = now;
    this.#take(options.tiers);
  }

  /** Other trackers from here on; those that stay keep what is known of them. Those that go are told nothing. */
  replace(tiers: readonly (readonly string[])[], now: Millis): void {
    const known = new Map(this.#entries().map((entry) => [entry.url, entry]));
    this.#tiers.length = 0;
    this.#take(tiers, known);
    if (this.#current !== null && this.#entries().includes(this.#current)) return;
    this.#current = null;
    this.#roundAt = now;
  }

  /** Somebody asks for peers now: pauses and intervals are over, once. */
  hurry(now: Millis): void {
    for (const entry of this.#entries()) entry.hurry();
    this.#roundAt = now;
  }

  /** More trackers are known: those that are new come after the others, and are asked soon where nobody is in charge. */
  add(tiers: readonly (readonly string[])[], now: Millis): void {
    const count = this.#take(tiers);
    // those that failed keep their pause
    if (count > 0 && this.#current === null) this.#roundAt = now;
  }

  /** The URLs it asks, by tier. */
  get tiers(): readonly (readonly string[])[] {
    return this.#tiers.map((tier) => tier.map(({ url }) => url));
  }

  /** URL of the tracker in charge, or null before any answered. */
  get current(): string | null {
    return this.#current?.url ?? null;
  }

  /** True once `stop` was called and every tracker that had answered was told, or failed to hear it. */
  get stopped(): boolean {
    return this.#phase === "stopping" &&
      this.#entries().every((entry) => !entry.told && entry.asking === null);
  }

  /** The announce to carry out now, or null. Ask again until null; report its outcome once. */
  next(now: Millis): Announce | null {
    const clearAt = this.#clearAt();
    const entry = this.#entries().find((entry) => this.#askableAt(entry, clearAt) <= now);
    return entry === undefined ? null : this.#ask(entry, now);
  }

  /** When `next` may have something to give (0: at once); null while only a call can change that. */
  nextDeadline(): Millis | null {
    const clearAt = this.#clearAt();
    let at = Infinity;
    for (const entry of this.#entries()) at = Math.min(at, this.#askableAt(entry, clearAt));
    return Number.isFinite(at) ? millis(at) : null;
  }

  /** The tracker answered. Peers in the reply are the caller's business. */
  onReply(announce: Announce, reply: AnnounceReply, now: Millis): void {
    const entry = this.#answered(announce);
    if (entry === null || announce.request.event === "stopped") return;
    const wait = entry.succeed(reply, now);
    entry.told = true;
    // a download that completed while this announce was under way still owes the event
    if (announce.request.event === "completed") entry.completedDue = false;
    // an answer got in between rounds, from another tracker, does not put that one in charge
    if (this.#current !== null && this.#current !== entry && now < this.#roundAt) return;
    this.#current = entry;
    this.#roundAt = millis(now + wait);
    const tier = this.#tiers[entry.tier]!;
    tier.splice(tier.indexOf(entry), 1);
    tier.unshift(entry);
  }

  /** The tracker refused, could not be reached, or answered nonsense; `error`'s message is shown. */
  onError(announce: Announce, error: unknown, now: Millis): void {
    const entry = this.#answered(announce);
    if (entry === null || announce.request.event === "stopped") return;
    entry.fail(error, now, this.#options.random);
    if (!entry.told) entry.completedDue = false;
    if (this.#current !== entry) return;
    this.#current = null;
    this.#roundAt = now;
  }

  /** Whether peers are so few that trackers should be asked before their interval is over. */
  needPeers(needed: boolean): void {
    this.#needPeers = needed;
  }

  /** The last piece is verified: those that know us as a downloader hear `completed`, once each. */
  complete(): void {
    if (this.#completed) return;
    this.#completed = true;
    for (const entry of this.#entries()) {
      const startedAsDownloader = entry.asking !== null && entry.asking.announce.request.left > 0;
      if (entry.told || startedAsDownloader) entry.completedDue = true;
    }
  }

  /**
   * Ends it: outcomes still awaited are ignored, and those that answered before hear `stopped`, once each. One that
   * never answered is not made to wait for: if it heard of us all the same, it forgets us by itself.
   */
  stop(): void {
    if (this.#phase === "stopping") return;
    this.#phase = "stopping";
    for (const entry of this.#entries()) entry.asking = null;
  }

  /** Begins anew after {@linkcode stop}; failed trackers keep their pause. */
  start(now: Millis): void {
    if (this.#phase === "running") return;
    this.#phase = "running";
    this.#completed = false;
    this.#current = null;
    this.#roundAt = now;
    for (const entry of this.#entries()) {
      entry.asking = null;
      entry.told = false;
      entry.completedDue = false;
      if (entry.state.phase === "ok") entry.state = { phase: "idle" };
    }
  }

  /** There is no tracker to ask. */
  get empty(): boolean {
    return this.#tiers.length === 0;
  }

  /** Every tracker in the order it would be asked. */
  status(): TrackerStatus[] {
    const clearAt = this.#clearAt();
    return this.#entries().map((entry) => entry.status(this.#askableAt(entry, clearAt)));
  }

  /** Adds what is not there already, `known` ones as they are; how many trackers came in. */
  #take(
    tiers: readonly (readonly string[])[],
    known: ReadonlyMap<string, TrackerEntry> = new Map(),
  ): number {
    const seen = new Set(this.#entries().map(({ url }) => url));
    const { size } = seen;
    for (const urls of tiers) {
      const tier: TrackerEntry[] = [];
      for (const text of urls) {
        // a stray line end is common in the wild, and would end up before the parameters
        const url = text.trim();
        if (seen.has(url) || seen.size === MAX_TRACKERS) continue;
        seen.add(url);
        const entry = known.get(url) ?? new TrackerEntry(url, 0);
        entry.tier = this.#tiers.length;
        tier.push(entry);
      }
      if (tier.length > 0) this.#tiers.push(shuffle(tier, this.#options.random));
    }
    return seen.size - size;
  }

  #entries(): TrackerEntry[] {
    return this.#tiers.flat();
  }

  /** The one rule of when: the earliest time this tracker may be asked, Infinity for not as things stand. */
  #askableAt(entry: TrackerEntry, clearAt: number): number {
    if (entry.asking !== null || entry.state.phase === "unsupported") return Infinity;
    if (this.#phase === "stopping") return entry.told ? 0 : Infinity;
    return Math.max(this.#dueAt(entry), clearAt);
  }

  #dueAt(entry: TrackerEntry): number {
    const inCharge = !this.#options.isPrivate || this.#current === null || this.#current === entry;
    if (entry.completedDue && entry.told && inCharge) {
      // an event need not wait for the interval, only for a pause after a failure
      return entry.state.phase === "failed" ? entry.state.retryAt : 0;
    }
    if (this.#needPeers && inCharge) return entry.availableAt();
    return Math.max(entry.availableAt(), this.#roundAt);
  }

  /** When announces under way no longer stand in the way of another. */
  #clearAt(): number {
    let at = 0;
    const inTurn = this.#options.isPrivate || (this.#current !== null && !this.#needPeers);
    for (const { asking } of this.#entries()) {
      if (asking !== null) at = Math.max(at, inTurn ? Infinity : asking.since + PATIENCE);
    }
    return at;
  }

  #ask(entry: TrackerEntry, now: Millis): Announce {
    const announce = { url: entry.url, request: this.#request(entry) };
    entry.asking = { announce, since: now };
    if (announce.request.event === "stopped") entry.told = false;
    return announce;
  }

  #request(entry: TrackerEntry): AnnounceRequest {
    const { infoHash, peerId, stats, encryption } = this.#options;
    const { port, uploaded, downloaded, left, peersWanted } = stats();
    const event = this.#eventFor(entry);
    const numwant = event === "stopped" ? 0 : Math.min(Math.max(0, peersWanted), MAX_WANTED);
    const { trackerId } = entry;
    const key = this.#key;
    const transfer = { port, uploaded, downloaded, left };
    const secrecy = encryption === undefined ? {} : { encryption };
    return { infoHash, peerId, ...transfer, ...secrecy, event, numwant, key, trackerId };
  }

  #eventFor(entry: TrackerEntry): AnnounceEvent | null {
    if (this.#phase === "stopping") return "stopped";
    if (!entry.told) return "started";
    return entry.completedDue ? "completed" : null;
  }

  /** The tracker that `announce` went to, or null when it was superseded by a stop or start. */
  #answered(announce: Announce): TrackerEntry | null {
    const entry = this.#entries().find(({ asking }) => asking?.announce === announce);
    if (entry === undefined) return null;
    entry.asking = null;
    return entry;
  }
}
