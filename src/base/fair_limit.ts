import type { Millis } from "./brands.ts";
import { TokenBucket } from "./rate.ts";

/** Between two rounds, in milliseconds: 25 wakeups a second, whatever the limit. */
const ROUND_MS = 40;
/** At least a hundredth of a second's worth is given at a time, as far as the limit's grain allows. */
const GRAIN_SECONDS = 0.01;
/** A share that waited counts as busy for so long. */
const BUSY_MS = 2000;
/** Grains that a share may be behind the others and still catch up. */
const MOST_BEHIND = 4;

/** What is given at a time, in bytes: no less than `least`, and no more than `most` unless there is more for all. */
export interface Grain {
  readonly least: number;
  readonly most: number;
}

/**
 * A limit in bytes a second that several share, each with a limit of its own besides. What it allows is given out in
 * rounds, in parts by their weights to all that wait; what one of them leaves goes back and is the others' in the next
 * round. So a share that has much to move gets no more than one that has little, unless that one leaves it.
 */
export class FairLimit {
  readonly #bucket: TokenBucket;
  readonly #grain: Grain;
  /** Those that went without for longest first; who has had least for its weight is served first. */
  readonly #shares = new Set<LimitShare>();
  #roundAt = 0;
  /** Weights of the shares that had to wait of late. */
  #busy = 0;
  #countAt = 0;

  /** `rate` in bytes a second; 0 is no limit. */
  constructor(rate: number, grain: Grain, now: Millis) {
    this.#bucket = new TokenBucket(rate, now, 2 * grain.least);
    this.#grain = grain;
  }

  /** Bytes a second for all together; 0 is no limit. */
  get rate(): number {
    return this.#bucket.rate;
  }

  /** Changes the limit of all together. */
  setRate(rate: number, now: Millis): void {
    this.#bucket.setRate(rate, now);
    for (const share of this.#shares) share.quota = 0;
    this.#roundAt = now;
  }

  /** A new share, with a limit of its own in bytes a second (0: none). */
  share(rate: number, now: Millis): LimitShare {
    const share = new LimitShare(this, new TokenBucket(rate, now, 2 * this.#grain.least));
    this.#shares.add(share);
    return share;
  }

  /** `share` is over: what it had is the others'. */
  leave(share: LimitShare): void {
    this.#takeBack(share);
    this.#shares.delete(share);
  }

  /** When a round is worth while; Infinity as long as nobody waits for one. */
  nextRound(now: Millis): number {
    const { rate } = this;
    const common = rate > 0 ? this.#bucket.wait(this.grain(rate), now) : 0;
    let wait = Infinity;
    for (const share of this.#shares) {
      if (!share.waiting) continue;
      const own = share.own.wait(this.grain(share.own.rate), now);
      wait = Math.min(wait, share.exempt ? own : Math.max(own, common));
    }
    if (wait === Infinity) return Infinity;
    return Math.max(this.#roundAt, now + wait);
  }

  /** Gives out what there is; the shares that have something now. */
  round(now: Millis): LimitShare[] {
    this.#roundAt = now + ROUND_MS;
    const ready: LimitShare[] = [];
    for (const share of this.#shares) {
      if (!share.waiting) this.#takeBack(share);
      else {
        share.waitedAt = now;
        // what was given back late is no more than what a bucket would have kept
        share.quota = Math.min(share.quota, this.#bucket.capacity);
        if (share.own.available(now) >= this.grain(share.own.rate)) ready.push(share);
      }
    }
    return this.rate > 0 ? this.#giveOut(ready, now) : ready;
  }

  /** What of the limit a share of `weight` can hope for, 0 to 1: others that had to wait of late want theirs. */
  part(weight: number, now: Millis): number {
    if (now >= this.#countAt) {
      this.#countAt = now + BUSY_MS / 2;
      this.#busy = 0;
      for (const share of this.#shares) {
        if (!share.exempt && now - share.waitedAt < BUSY_MS) this.#busy += share.weight;
      }
    }
    return weight / Math.max(weight, this.#busy);
  }

  /** What is worth giving at a limit of `rate`, in bytes. */
  grain(rate: number): number {
    const { least, most } = this.#grain;
    return rate > 0 ? Math.min(most, Math.max(least, rate * GRAIN_SECONDS)) : least;
  }

  #giveOut(ready: readonly LimitShare[], now: Millis): LimitShare[] {
    const grain = this.grain(this.rate);
    const served: LimitShare[] = ready.filter((share) => share.exempt);
    const waiting = ready.filter((share) => !share.exempt);
    const most = waiting.reduce((most, { had }) => Math.max(most, had), -Infinity);
    let weights = 0;
    for (const share of waiting) {
      share.had = Math.max(share.had, most - MOST_BEHIND * grain);
      weights += share.weight;
    }
    // where there is not a grain for each, the order makes the parts
    waiting.sort((a, b) => a.had - b.had);
    for (const share of waiting) {
      const pool = this.#bucket.available(now);
      if (pool < grain) break;
      // a debt is paid out of the debtor's part
      const useful = share.own.available(now) - share.quota;
      const given = Math.min(useful, Math.max(grain, pool * share.weight / weights));
      weights -= share.weight;
      this.#bucket.take(given);
      share.give(given);
      this.#shares.delete(share);
      this.#shares.add(share);
      if (share.quota > 0) served.push(share);
    }
    return served;
  }

  #takeBack(share: LimitShare): void {
    this.#bucket.take(-share.quota);
    share.give(-share.quota);
  }
}

/** One share of a {@linkcode FairLimit}: what moves needs leave from both, its own limit and the common one. */
export class LimitShare {
  /** Something waits for a round. */
  waiting = false;
  /** When it last waited, for the limit's books. */
  waitedAt: number = -Infinity;
  /** Of the common limit, given and not taken yet; negative when more was taken. For the limit's books. */
  quota = 0;
  /** What it was given so far for each unit of its weight. For the limit's books. */
  had = 0;
  /** Shares that wait get parts of the common limit in proportion to it; above 0. */
  weight = 1;
  /** The common limit does not hold for it. */
  exempt = false;
  readonly #common: FairLimit;

  /** Made by {@linkcode FairLimit.share}. */
  constructor(common: FairLimit, readonly own: TokenBucket) {
    this.#common = common;
  }

  /** False while there is neither limit: nothing needs to be asked for or counted. */
  get limited(): boolean {
    return this.own.rate > 0 || this.#commonRate > 0;
  }

  /** Bytes that may move now; Infinity without a limit. */
  available(now: Millis): number {
    const own = this.own.available(now);
    return this.#commonRate > 0 ? Math.min(own, this.quota) : own;
  }

  /** Takes `bytes`, gives them back when negative; may leave a debt. */
  take(bytes: number): void {
    this.own.take(bytes);
    if (this.#commonRate > 0) this.quota -= bytes;
  }

  /** `bytes` of the common limit are its own now, or (negative) no longer. For the limit's books. */
  give(bytes: number): void {
    this.quota += bytes;
    this.had += bytes / this.weight;
  }

  /** The lower of both limits in bytes a second; 0 when there is none. */
  get limit(): number {
    const [own, common] = [this.own.rate, this.#commonRate];
    return own > 0 && common > 0 ? Math.min(own, common) : own + common;
  }

  /** Bytes a second it can hope for, Infinity without a limit. */
  rate(now: Millis): number {
    const own = this.own.rate > 0 ? this.own.rate : Infinity;
    const rate = this.#commonRate;
    return rate > 0 ? Math.min(own, rate * this.#common.part(this.weight, now)) : own;
  }

  /** The least that is worth moving, in bytes. */
  get grain(): number {
    const own = this.own.rate > 0 ? this.#common.grain(this.own.rate) : Infinity;
    const rate = this.#commonRate;
    return Math.min(own, rate > 0 ? this.#common.grain(rate) : Infinity);
  }

  /** The common limit as far as it holds for this share; 0 when it does not. */
  get #commonRate(): number {
    return this.exempt ? 0 : this.#common.rate;
  }
}
