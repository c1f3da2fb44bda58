import type { Millis } from "../base/mod.ts";
import { ReadTurns, type TorrentReads, type TorrentUploads, UploadTurns } from "../swarm/mod.ts";
import type { Limits } from "./api.ts";
import { RoundTimer } from "./round_timer.ts";

/** Bytes on their way to the disk above which links stop reading, and below which they go on. */
const DISK_HIGH = 32 * 1024 * 1024;
const DISK_LOW = 16 * 1024 * 1024;

/** What the torrents of a session have to share, each of them getting its part. */
export class SessionShares {
  /** Links whose torrent is not known yet. */
  readonly strangers: TorrentReads;
  readonly #reads: ReadTurns;
  readonly #uploads: UploadTurns;
  readonly #timers: readonly RoundTimer[];
  readonly #now: () => Millis;

  /** `limits` are for all torrents together. */
  constructor(limits: Limits, now: () => Millis) {
    this.#now = now;
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
  torrent({ downloadLimit, uploadLimit }: Limits): TorrentShares {
    const now = this.#now();
    return new TorrentShares(
      this.#reads.torrent(downloadLimit, now),
      this.#uploads.torrent(uploadLimit, now),
      this.#now,
    );
  }

  /** Changes the limits of all torrents together. */
  setLimits({ downloadLimit, uploadLimit }: Partial<Limits>): void {
    if (downloadLimit !== undefined) this.#reads.setRate(downloadLimit, this.#now());
    if (uploadLimit !== undefined) this.#uploads.setRate(uploadLimit, this.#now());
  }

  /** The session ends. */
  close(): void {
    for (const timer of this.#timers) timer.close();
    this.#reads.releaseAll();
  }
}

/** One torrent's parts. */
export class TorrentShares {
  readonly #now: () => Millis;

  /** Made by {@linkcode SessionShares.torrent}. */
  constructor(
    readonly reads: TorrentReads,
    readonly uploads: TorrentUploads,
    now: () => Millis,
  ) {
    this.#now = now;
  }

  /** Changes the torrent's own limits. */
  setLimits({ downloadLimit, uploadLimit }: Partial<Limits>): void {
    if (downloadLimit !== undefined) this.reads.setRate(downloadLimit, this.#now());
    if (uploadLimit !== undefined) this.uploads.setRate(uploadLimit, this.#now());
  }

  /** The torrent is over: the others have its parts. */
  leave(): void {
    this.reads.leave();
    this.uploads.leave();
  }
}
