import { type Endpoint, holderOf, type Millis, TokenBucket } from "../base/mod.ts";

/** Packets a second that are taken from one address on average, and at once. */
const PACKETS_EACH = 10;
const BURST_EACH = 50;
/** Addresses that are counted; the one that was quiet longest is forgotten first. */
const MOST_HOLDERS = 4096;
/** Packets a second from all together: more is a flood, and is dropped before it is read. */
const PACKETS_ALL = 1000;
const BURST_ALL = 2000;
/** Bytes of answers a second, and at once: a node serves strangers, but not without end. */
export const ANSWER_BYTES = 8000;
const BURST_BYTES = 64 * 1024;

/** Decides which packets are worth reading and answering. Bounded, however many addresses are borrowed. */
export class Guard {
  readonly #each = new Map<string, TokenBucket>();
  readonly #all: TokenBucket;
  readonly #answers: TokenBucket;

  constructor(now: Millis, answerBytes = ANSWER_BYTES) {
    this.#all = new TokenBucket(PACKETS_ALL, now, BURST_ALL);
    this.#answers = new TokenBucket(answerBytes, now, BURST_BYTES);
  }

  /** True when a packet from there may be read; a flood of others does not drown who is `awaited`. */
  mayRead(from: Endpoint, awaited: boolean, now: Millis): boolean {
    const holder = holderOf(from);
    let one = this.#each.get(holder);
    if (one === undefined) {
      one = new TokenBucket(PACKETS_EACH, now, BURST_EACH);
      if (this.#each.size >= MOST_HOLDERS) this.#each.delete(this.#each.keys().next().value!);
    } else this.#each.delete(holder);
    this.#each.set(holder, one);
    return takeOne(one, now) && (awaited || takeOne(this.#all, now));
  }

  /** True when an answer of `bytes` may go out. */
  mayAnswer(bytes: number, now: Millis): boolean {
    if (this.#answers.available(now) < bytes) return false;
    this.#answers.take(bytes);
    return true;
  }
}

function takeOne(bucket: TokenBucket, now: Millis): boolean {
  if (bucket.available(now) < 1) return false;
  bucket.take(1);
  return true;
}
