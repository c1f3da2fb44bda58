import { FairLimit, type LimitShare, type Millis } from "../base/mod.ts";

/** Read at a time under a limit: a hundredth of a second's worth, within these, and all that is there for one alone. */
const GRAIN = { least: 1024, most: 16 * 1024 };
/** Lent to one link at a time: what its buffer takes. */
const MOST_LENT = 256 * 1024;

/**
 * Who may read from the network, and how much: no faster than the download limits allow, and not while too much waits
 * for the disk (two watermarks, so that it does not flutter). Torrents take turns, within a torrent its links do, so
 * neither a torrent with many links nor a fast peer leaves the others without. What is not read waits at the peer, for
 * TCP's own flow control slows it down.
 */
export class ReadTurns {
  readonly #limit: FairLimit;
  readonly #torrents = new Map<LimitShare, TorrentReads>();
  readonly #high: number;
  readonly #low: number;
  readonly #waits: () => void;
  #pending = 0;
  /** Torrents with bytes on their way to the disk. */
  #writing = 0;
  #full = false;
  #round = 0;

  /**
   * `rate` in bytes a second (0: no limit); `high` and `low` in bytes on their way to the disk. `waits` is told that a
   * link waits: {@linkcode nextRound} may be nearer now.
   */
  constructor(rate: number, high: number, low: number, now: Millis, waits: () => void) {
    this.#limit = new FairLimit(rate, GRAIN, now);
    this.#high = high;
    this.#low = low;
    this.#waits = waits;
  }

  /** The links of one torrent, with a limit of their own in bytes a second (0: none). */
  torrent(rate: number, now: Millis): TorrentReads {
    const share = this.#limit.share(rate, now);
    const reads = new TorrentReads(share, {
      round: () => this.#round,
      waits: this.#waits,
      pending: (delta) => this.#changePending(reads, delta),
      leave: () => {
        this.#torrents.delete(share);
        this.#limit.leave(share);
      },
    });
    this.#torrents.set(share, reads);
    return reads;
  }

  /** Changes the limit of all torrents together. */
  setRate(rate: number, now: Millis): void {
    this.#limit.setRate(rate, now);
    for (const reads of this.#torrents.values()) reads.changed(now);
  }

  /** When {@linkcode round} is worth calling; Infinity while no link waits for a limit. */
  nextRound(now: Millis): number {
    return this.#limit.nextRound(now);
  }

  /** Lets those go on whose turn it is. */
  round(now: Millis): void {
    this.#round++;
    for (const reads of this.#torrents.values()) reads.recall();
    for (const share of this.#limit.round(now)) this.#torrents.get(share)!.serve(now);
  }

  /** Lets everybody go on (the session ends). */
  releaseAll(): void {
    for (const reads of this.#torrents.values()) reads.releaseAll();
  }

  /** A torrent has no more of the way to the disk than its part, as long as others use it too. */
  #changePending(reads: TorrentReads, delta: number): void {
    const before = reads.pendingBytes;
    reads.pendingBytes += delta;
    this.#pending += delta;
    this.#writing += Number(reads.pendingBytes > 0) - Number(before > 0);
    const full = this.#full ? this.#pending > this.#low : this.#pending > this.#high;
    if (full === this.#full) return this.#judge(reads);
    this.#full = full;
    for (const each of this.#torrents.values()) this.#judge(each);
  }

  #judge(reads: TorrentReads): void {
    const mark = reads.blocked ? this.#low : this.#high;
    const own = this.#writing > 1 && reads.pendingBytes > mark / this.#writing;
    reads.block(this.#full || own);
  }
}

/** What the links of a torrent need of the whole. */
interface Common {
  readonly round: () => number;
  readonly waits: () => void;
  readonly pending: (delta: number) => void;
  readonly leave: () => void;
}

/** The reading links of one torrent. */
export class TorrentReads {
  /** True while nothing holds a link back: it may read without asking. */
  free: boolean;
  /** The disk does not keep up. */
  blocked = false;
  /** Bytes on their way to the disk. */
  pendingBytes = 0;
  readonly #share: LimitShare;
  readonly #common: Common;
  readonly #waiting: ReadLane[] = [];
  /** Lanes that have something lent and did not say yet what they read. */
  readonly #lent = new Set<ReadLane>();

  /** Made by {@linkcode ReadTurns.torrent}. */
  constructor(share: LimitShare, common: Common) {
    this.#share = share;
    this.#common = common;
    this.free = !share.limited;
  }

  /** True while links that could read are kept waiting: what does not come is not the peers' fault. */
  get holding(): boolean {
    return this.#waiting.length > 0;
  }

  /** The lower of both limits in bytes a second; 0 when there is none. */
  get limit(): number {
    return this.#share.limit;
  }

  /** Bytes a second this torrent can hope for; Infinity without a limit. */
  rate(now: Millis): number {
    return this.#share.rate(now);
  }

  /** Changes the torrent's own limit. */
  setRate(rate: number, now: Millis): void {
    this.#share.own.setRate(rate, now);
    this.changed(now);
  }

  /** Its weight where the common limit is shared, above 0; `exempt`: that limit does not hold for it. */
  rank(weight: number, exempt: boolean, now: Millis): void {
    this.#share.weight = weight;
    this.#share.exempt = exempt;
    this.changed(now);
  }

  /** `delta` more bytes are on their way to the disk. */
  pending(delta: number): void {
    this.#common.pending(delta);
  }

  /** The torrent is over. */
  leave(): void {
    this.releaseAll();
    this.#common.leave();
  }

  /** How many bytes `lane` may read now (Infinity: all there is); 0: its `go` is called when it is its turn. */
  ask(lane: ReadLane, now: Millis): number {
    if (this.free) return Infinity;
    if (!this.blocked && this.#waiting.length === 0) {
      const bytes = this.#lend(lane, now);
      if (bytes > 0) return bytes;
    }
    this.#waiting.push(lane);
    if (!this.blocked && !this.#share.waiting) {
      this.#share.waiting = true;
      this.#common.waits();
    }
    return 0;
  }

  /** `lane` read `count` bytes of what it was lent. */
  done(lane: ReadLane, count: number, now: Millis): void {
    this.#lent.delete(lane);
    this.#share.take(count - lane.lent);
    lane.lent = 0;
    if (this.#waiting.length > 0 && !this.blocked) this.serve(now);
  }

  /** `lane` has ended. */
  forget(lane: ReadLane): void {
    const at = this.#waiting.indexOf(lane);
    if (at >= 0) this.#waiting.splice(at, 1);
    this.#share.waiting = this.#waiting.length > 0 && !this.blocked;
  }

  /** Lets lanes go on as far as there is something for them. */
  serve(now: Millis): void {
    while (this.#waiting.length > 0 && !this.blocked) {
      const bytes = this.free ? Infinity : this.#lend(this.#waiting[0]!, now);
      if (bytes === 0) break;
      this.#go(bytes);
    }
    this.#share.waiting = this.#waiting.length > 0 && !this.blocked;
  }

  /** The limits changed. */
  changed(now: Millis): void {
    this.free = !this.blocked && !this.#share.limited;
    this.serve(now);
    if (this.#share.waiting) this.#common.waits();
  }

  /** The disk keeps up no longer, or again. */
  block(on: boolean): void {
    if (on === this.blocked) return;
    this.blocked = on;
    this.free = !on && !this.#share.limited;
    this.#share.waiting = !on && this.#waiting.length > 0;
    if (!this.#share.waiting) return;
    if (this.free) this.releaseAll();
    else this.#common.waits();
  }

  /** Takes back what was lent to links whose peers have sent nothing since the round before. */
  recall(): void {
    for (const lane of this.#lent) {
      if (lane.round >= this.#common.round() - 1) continue;
      this.#lent.delete(lane);
      this.#share.take(-lane.lent);
      lane.lent = 0;
    }
  }

  /** Lets everybody go on. */
  releaseAll(): void {
    this.#share.waiting = false;
    for (let left = this.#waiting.length; left > 0; left--) this.#go(Infinity);
  }

  #go(bytes: number): void {
    this.#waiting.shift()!.go(bytes);
  }

  /** Each gets an equal part of what there is; what it does not read it gives back. */
  #lend(lane: ReadLane, now: Millis): number {
    const available = this.#share.available(now);
    if (available <= 0) return 0;
    const part = Math.floor(available / Math.max(1, this.#waiting.length));
    const bytes = Math.min(MOST_LENT, Math.max(this.#share.grain, part));
    this.#share.take(bytes);
    lane.lent = bytes;
    lane.round = this.#common.round();
    this.#lent.add(lane);
    return bytes;
  }
}

/** One link's place among those that read. */
export class ReadLane {
  /** Lent and not read yet, in bytes. */
  lent = 0;
  /** The round it was lent in. */
  round = 0;
  /** It may read so many bytes. */
  go: (bytes: number) => void = () => {};

  /** `home` is its torrent's, or everybody's who has not said yet which torrent it comes for. */
  constructor(public home: TorrentReads) {}
}
