import type { Bytes, Millis } from "../base/mod.ts";
import { MetadataCopy } from "./metadata_copy.ts";
import type { MetadataPeer } from "./metadata_peer.ts";

/** Bytes of copies that are not whole: two of the largest. */
const MOST_HELD = 64 * 1024 * 1024;
/** Copies that peers of one size send alone at a time. */
const MOST_LONE = 3;
/** For such a copy while others wait for their turn; longer each time. */
const TURN_MS = 20_000;
/** Sizes of which it is remembered that somebody lies. */
const MOST_ISOLATED = 1000;
/** For the peers of a copy that was given up for want of memory. */
const EVICTED_MS = 30_000;

/** The copies of a torrent's metadata that are being collected, and which peer is part of which. */
export class MetadataCopies {
  /** All bytes that ever came for a copy. */
  received = 0;
  readonly #copies = new Set<MetadataCopy>();
  /** Sizes of which a copy made by several peers was wrong. */
  readonly #isolated = new Set<number>();
  #held = 0;

  /** The copy that is farthest, null: none has begun. */
  farthest(): MetadataCopy | null {
    let best: MetadataCopy | null = null;
    for (const copy of this.#copies) if (best === null || copy.held > best.held) best = copy;
    return best;
  }

  /** The copy that `peer` is to help with from here on; null: it has to wait. `peers`: all there are. */
  assign(
    peer: MetadataPeer,
    peers: readonly MetadataPeer[],
    now: Millis,
  ): MetadataCopy | null {
    if (peer.size === null) return null;
    const alone = this.#isolated.has(peer.size);
    const same = [...this.#copies].filter(({ size, lone }) =>
      size === peer.size && (lone !== null) === alone
    );
    if (alone && (same.length >= MOST_LONE || this.#first(peer, peers, now) !== peer)) return null;
    const copy = (alone ? undefined : same[0]) ??
      new MetadataCopy(peer.size, alone ? peer : null, now);
    this.#copies.add(copy);
    return peer.copy = copy;
  }

  /** A piece came for `copy`; false when it is of no use. */
  add(
    copy: MetadataCopy,
    piece: number,
    data: Bytes,
    from: MetadataPeer,
    now: Millis,
  ): boolean {
    if (!this.#copies.has(copy) || !copy.add(piece, data, from)) return false;
    this.received += data.length;
    this.#held += data.length;
    if (this.#held > MOST_HELD) this.#evict(from.fetch.peers, now);
    return this.#copies.has(copy);
  }

  /** `peer` helps with no copy any more; one that was its alone goes. */
  leave(peer: MetadataPeer): void {
    const { copy } = peer;
    peer.copy = null;
    if (copy === null) return;
    for (const piece of peer.asked.keys()) copy.release(piece, peer);
    peer.asked.clear();
    if (copy.lone === peer || peer.fetch.peers.every((other) => other.copy !== copy)) {
      this.#delete(copy);
    }
  }

  /** A copy is whole, or given up: its peers are free. */
  remove(copy: MetadataCopy, peers: readonly MetadataPeer[]): void {
    for (const peer of peers) if (peer.copy === copy) this.leave(peer);
    this.#delete(copy);
  }

  /** Everything is given up. */
  clear(peers: readonly MetadataPeer[]): void {
    for (const copy of [...this.#copies]) this.remove(copy, peers);
  }

  /** Peers that claim `size` are heard alone from here on. */
  isolate(size: number): void {
    // a set that is full begins anew: to lie once more costs a whole copy
    if (this.#isolated.size >= MOST_ISOLATED) this.#isolated.clear();
    this.#isolated.add(size);
  }

  /** Ends the turn of peers that take too long with a copy of their own, while others wait. */
  endTurns(peers: readonly MetadataPeer[], now: Millis): void {
    for (const copy of [...this.#copies]) {
      const { lone } = copy;
      if (lone === null || now - copy.startedAt < TURN_MS * 2 ** lone.turns) continue;
      if (!peers.some((peer) => waits(peer, copy.size, now))) continue;
      lone.turns++;
      this.leave(lone);
    }
  }

  /** Of the peers that wait to send a copy alone, the one that had the fewest turns. */
  #first(
    candidate: MetadataPeer,
    peers: readonly MetadataPeer[],
    now: Millis,
  ): MetadataPeer {
    let first = candidate;
    for (const peer of peers) {
      if (waits(peer, candidate.size!, now) && peer.turns < first.turns) first = peer;
    }
    return first;
  }

  /** Too much is here: the copy that the fewest peers support goes, of these the slowest. */
  #evict(peers: readonly MetadataPeer[], now: Millis): void {
    let worst: MetadataCopy | null = null;
    let least = Infinity;
    for (const copy of this.#copies) {
      const supporters = peers.filter((peer) => peer.size === copy.size).length;
      // a rate is below 2³²: it decides only between equals
      const worth = supporters * 2 ** 32 + copy.rate(now);
      if (copy.held > 0 && worth < least) [worst, least] = [copy, worth];
    }
    if (worst === null) return;
    for (const peer of peers) {
      if (peer.copy === worst) peer.restUntil = now + EVICTED_MS * 2 ** Math.min(5, peer.turns++);
    }
    this.remove(worst, peers);
  }

  #delete(copy: MetadataCopy): void {
    if (this.#copies.delete(copy)) this.#held -= copy.held;
  }
}

function waits(peer: MetadataPeer, size: number, now: Millis): boolean {
  return peer.size === size && peer.id !== null && peer.copy === null && now >= peer.restUntil;
}
