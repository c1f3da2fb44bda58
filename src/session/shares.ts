import { Budget, FairPool, type Millis, type PoolMember } from "../base/mod.ts";
import { ReadTurns, type TorrentReads, type TorrentUploads, UploadTurns } from "../swarm/mod.ts";
import type { Bandwidth, Limits, SessionLimits, TorrentLimits } from "./api.ts";
import { RoundTimer } from "./round_timer.ts";

/** Bytes on their way to the disk above which links stop reading, and below which they go on. */
const DISK_HIGH = 32 * 1024 * 1024;
const DISK_LOW = 16 * 1024 * 1024;

/** Connections, those that are being made included: of all torrents, and of one. */
const MOST_CONNECTIONS = 500;
const MOST_PEERS = 80;
/** Connections that are being made. */
const MOST_DIALS = 32;
/** Memory for pieces that have begun and are not complete, in bytes. */
const MOST_PIECE_BYTES = 64 * 1024 * 1024;

/** Parts of a shared limit. */
const WEIGHTS: Readonly<Record<Bandwidth, number>> = { low: 1 / 3, normal: 1, high: 3 };

/** What the torrents of a session have to share, each of them getting its part. */
export class SessionShares {
  /** Links whose torrent is not known yet. */
  readonly strangers: TorrentReads;
  readonly connections: FairPool;
  /** Payload that may still be downloaded. */
  readonly budget: Budget;
  readonly dials: FairPool = new FairPool(MOST_DIALS);
  readonly #memory = new FairPool(MOST_PIECE_BYTES);
  readonly #reads: ReadTurns;
  readonly #uploads: UploadTurns;
  readonly #timers: readonly RoundTimer[];
  readonly #now: () => Millis;

  /** `limits` are for all torrents together. */
  constructor(
    limits: Limits & Partial<Pick<SessionLimits, "peerLimit" | "budget">>,
    now: () => Millis,
  ) {
    this.budget = new Budget(limits.budget ?? Infinity);
    this.#now = now;
    this.connections = new FairPool(limits.peerLimit ?? MOST_CONNECTIONS);
    const [down, up] = [new RoundTimer(now), new RoundTimer(now)];
    const reads: ReadTurns = new ReadTurns(
      limits.downloadLimit,
      DISK_HIGH,
      DISK_LOW,
      now(),
      () => down.arm(reads),
    );
    const uploads: UploadTurns = new UploadTurns(
      limits.uploadLimit,
      now(),
      () => up.arm(uploads),
    );
    this.#reads = reads;
    this.#uploads = uploads;
    this.#timers = [down, up];
    this.strangers = reads.torrent(0, now());
  }

  /** The parts of one torrent, with limits of its own. */
  torrent(limits: Partial<TorrentLimits>): TorrentShares {
    const now = this.#now();
    const { downloadLimit = 0, uploadLimit = 0 } = limits;
    const shares = new TorrentShares(this.#now, {
      reads: this.#reads.torrent(downloadLimit, now),
      uploads: this.#uploads.torrent(uploadLimit, now),
      connections: this.connections.member(),
      dials: this.dials.member(),
      memory: this.#memory.member(),
      budget: new Budget(limits.budget ?? Infinity, this.budget),
    });
    const { bandwidth = "normal", honorsSession = true, peerLimit = MOST_PEERS } = limits;
    shares.setLimits({ bandwidth, honorsSession, peerLimit });
    return shares;
  }

  /** Changes the limits of all torrents together. */
  setLimits({ downloadLimit, uploadLimit, peerLimit, budget }: Partial<SessionLimits>): void {
    if (peerLimit !== undefined) this.connections.most = peerLimit;
    if (budget !== undefined) this.budget.set(budget);
    if (downloadLimit !== undefined) this.#reads.setRate(downloadLimit, this.#now());
    if (uploadLimit !== undefined) this.#uploads.setRate(uploadLimit, this.#now());
  }

  /** The session ends. */
  close(): void {
    for (const timer of this.#timers) timer.close();
    this.#reads.releaseAll();
  }
}

/** What a torrent has parts of. */
interface Parts {
  readonly reads: TorrentReads;
  readonly uploads: TorrentUploads;
  readonly connections: PoolMember;
  readonly dials: PoolMember;
  readonly memory: PoolMember;
  readonly budget: Budget;
}

/** One torrent's parts. */
export class TorrentShares implements Parts {
  readonly reads: TorrentReads;
  readonly uploads: TorrentUploads;
  readonly connections: PoolMember;
  readonly dials: PoolMember;
  readonly memory: PoolMember;
  /** Payload that it may still download. */
  readonly budget: Budget;
  /** Connections beyond which neither side's are made. */
  peerLimit = MOST_PEERS;
  readonly #now: () => Millis;
  #rank: Pick<TorrentLimits, "bandwidth" | "honorsSession"> = {
    bandwidth: "normal",
    honorsSession: true,
  };

  /** Made by {@linkcode SessionShares.torrent}. */
  constructor(now: () => Millis, parts: Parts) {
    this.#now = now;
    this.reads = parts.reads;
    this.uploads = parts.uploads;
    this.connections = parts.connections;
    this.dials = parts.dials;
    this.memory = parts.memory;
    this.budget = parts.budget;
  }

  /** Changes the torrent's own limits. */
  setLimits(limits: Partial<TorrentLimits>): void {
    const { downloadLimit, uploadLimit, peerLimit, budget } = limits;
    if (downloadLimit !== undefined) this.reads.setRate(downloadLimit, this.#now());
    if (uploadLimit !== undefined) this.uploads.setRate(uploadLimit, this.#now());
    if (peerLimit !== undefined) this.peerLimit = peerLimit;
    if (budget !== undefined) this.budget.set(budget);
    const { bandwidth = this.#rank.bandwidth, honorsSession = this.#rank.honorsSession } = limits;
    if (bandwidth === this.#rank.bandwidth && honorsSession === this.#rank.honorsSession) return;
    this.#rank = { bandwidth, honorsSession };
    this.reads.rank(WEIGHTS[bandwidth], !honorsSession, this.#now());
    this.uploads.rank(WEIGHTS[bandwidth], !honorsSession);
  }

  /** True when one more peer may be dialled. */
  get mayDial(): boolean {
    return this.dials.mayTake(1) && this.connections.mayTake(1);
  }

  /** The torrent is over: the others have its parts. */
  leave(): void {
    for (const part of [this.reads, this.uploads, this.connections, this.dials, this.memory]) {
      part.leave();
    }
  }
}
