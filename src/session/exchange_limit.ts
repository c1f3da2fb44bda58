import { type Endpoint, endpointScope, holderOf, type Millis, TokenBucket } from "../base/mod.ts";

/** A second, and at once. */
interface Rate {
  readonly rate: number;
  readonly burst: number;
}

/** Of all strangers. Each exchange takes a fifth of a millisecond of our thread, and costs its stranger nothing. */
const ALL: Rate = { rate: 200, burst: 100 };
/** Of one public address (IPv4) or network of 64 bits (IPv6), which may stand for a house full of peers. */
const ONE: Rate = { rate: 4, burst: 16 };
/** Of one local address: a machine beside us, or a relay in front of us through which everybody comes. */
const ONE_LOCAL: Rate = { rate: 100, burst: 50 };
/** Of what there is for all, the part that is kept for those who had nothing of late. */
const KEPT = 0.5;
/** So long ago is not of late, in milliseconds. */
const LATE_MS = 30_000;
/** Addresses remembered; who had one longest ago is forgotten first. */
const MOST_HOLDERS = 4096;

/** Somebody who had one. */
interface Holder {
  readonly bucket: TokenBucket;
  readonly at: Millis;
}

/**
 * How many exchanges of keys strangers get: few for each address, so that one that floods us spends its own; of those
 * of all the last half is for who had none of late, so that many that flood us together leave something for the rest.
 */
export class ExchangeLimit {
  readonly #all: TokenBucket;
  /** Who had some of late, the latest last. */
  readonly #each = new Map<string, Holder>();

  constructor(now: Millis) {
    this.#all = bucket(ALL, now);
  }

  /** Takes one for a stranger; false: it gets none now. */
  take(from: Endpoint, now: Millis): boolean {
    const local = endpointScope(from) !== "public";
    const holder = local ? from.host : holderOf(from);
    const known = this.#each.get(holder);
    const own = known?.bucket ?? bucket(local ? ONE_LOCAL : ONE, now);
    const late = known !== undefined && now - known.at < LATE_MS;
    const kept = late ? ALL.burst * KEPT : 0;
    if (own.available(now) < 1 || this.#all.available(now) < kept + 1) return false;
    own.take(1);
    this.#all.take(1);
    if (known !== undefined) this.#each.delete(holder);
    else if (this.#each.size >= MOST_HOLDERS) this.#each.delete(this.#each.keys().next().value!);
    this.#each.set(holder, { bucket: own, at: now });
    return true;
  }
}

function bucket({ rate, burst }: Rate, now: Millis): TokenBucket {
  return new TokenBucket(rate, now, burst);
}
