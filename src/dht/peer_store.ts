import {
  binaryString,
  type Endpoint,
  formatEndpoint,
  fromBinaryString,
  holderOf,
  type InfoHash,
  type Millis,
  type Random,
  shuffle,
} from "../base/mod.ts";
import { BloomFilter } from "./bloom_filter.ts";
import { addressOf, familyOf } from "./contacts.ts";
import type { Family, Samples } from "./message.ts";
import { compareDistance, type NodeId } from "./node_id.ts";

/** How much is kept for others. */
export interface StoreLimits {
  /** Info hashes. */
  readonly hashes: number;
  /** Peers of one. */
  readonly peersOfOne: number;
  /** Peers that one address may announce, all info hashes together. */
  readonly peersOfHolder: number;
}

/** Some 60 bytes a peer: two megabytes at the most. */
export const STORE_LIMITS: StoreLimits = { hashes: 1000, peersOfOne: 100, peersOfHolder: 100 };
/** Clients announce every 15 to 30 minutes; who missed it once is kept. */
export const PEER_LIFE_MS = 45 * 60_000;
/** Between two looks for what is over. */
const SWEEP_MS = 60_000;
/** Info hashes shown to a curious node, and how long the same ones (BEP 51). */
const SAMPLES = 20;
const SAMPLES_MS = 10 * 60_000;

interface Stored {
  readonly endpoint: Endpoint;
  readonly holder: string;
  readonly seed: boolean;
  readonly expires: number;
}

/** Peers that others announced to us. Bounded in every direction; what is nearer to our id is kept rather. */
export class PeerStore {
  readonly #limits: StoreLimits;
  readonly #random: Random;
  /** By info hash as binary text, then by endpoint, the earliest announce first. */
  readonly #swarms = new Map<string, Map<string, Stored>>();
  readonly #byHolder = new Map<string, number>();
  #sweepAt = 0;
  #samples: Samples = { infoHashes: [], total: 0, interval: SAMPLES_MS / 1000 };
  #samplesAt = -Infinity;

  constructor(random: Random, limits: StoreLimits = STORE_LIMITS) {
    this.#random = random;
    this.#limits = limits;
  }

  /** Info hashes kept. */
  get hashes(): number {
    return this.#swarms.size;
  }

  /** Peers kept. */
  get peers(): number {
    let count = 0;
    for (const swarm of this.#swarms.values()) count += swarm.size;
    return count;
  }

  /** Keeps a peer for 45 minutes; false when there is no room for it. `own`: our id, in whose neighbourhood we serve. */
  add(infoHash: InfoHash, endpoint: Endpoint, seed: boolean, own: NodeId, now: Millis): boolean {
    this.#sweep(now);
    const key = formatEndpoint(endpoint);
    const name = binaryString(infoHash);
    const holder = holderOf(endpoint);
    this.#drop(name, key);
    if ((this.#byHolder.get(holder) ?? 0) >= this.#limits.peersOfHolder) return false;
    let swarm = this.#swarms.get(name);
    if (swarm === undefined) {
      if (this.#swarms.size >= this.#limits.hashes && !this.#makeRoom(infoHash, own)) return false;
      this.#swarms.set(name, swarm = new Map());
    }
    if (swarm.size >= this.#limits.peersOfOne) this.#drop(name, swarm.keys().next().value!);
    // the last one that was dropped may have taken the swarm with it
    this.#swarms.set(name, swarm);
    swarm.set(key, { endpoint, holder, seed, expires: now + PEER_LIFE_MS });
    this.#byHolder.set(holder, (this.#byHolder.get(holder) ?? 0) + 1);
    return true;
  }

  /** Some peers of one family, at most `count`, at random; without those that are seeds if `noSeed`. */
  peersOf(
    infoHash: InfoHash,
    family: Family,
    count: number,
    noSeed: boolean,
    now: Millis,
  ): Endpoint[] {
    const peers = this.#alive(infoHash, now).filter(({ endpoint, seed }) =>
      familyOf(endpoint) === family && !(noSeed && seed)
    );
    return shuffle(peers, this.#random).slice(0, count).map(({ endpoint }) => endpoint);
  }

  /** Filters of the addresses of seeds and of the others (BEP 33); null when nobody is known. */
  scrape(infoHash: InfoHash, now: Millis): { seeds: BloomFilter; leechers: BloomFilter } | null {
    const peers = this.#alive(infoHash, now);
    if (peers.length === 0) return null;
    const out = { seeds: new BloomFilter(), leechers: new BloomFilter() };
    for (const { endpoint, seed } of peers) {
      (seed ? out.seeds : out.leechers).add(addressOf(endpoint));
    }
    return out;
  }

  /** Some of the info hashes, the same ones for ten minutes (BEP 51). */
  samples(now: Millis): Samples {
    this.#sweep(now);
    if (now - this.#samplesAt >= SAMPLES_MS) {
      this.#samplesAt = now;
      const names = shuffle([...this.#swarms.keys()], this.#random).slice(0, SAMPLES);
      this.#samples = {
        infoHashes: names.map((name) => fromBinaryString(name) as InfoHash),
        total: this.#swarms.size,
        interval: SAMPLES_MS / 1000,
      };
    }
    return this.#samples;
  }

  #alive(infoHash: InfoHash, now: Millis): Stored[] {
    const swarm = this.#swarms.get(binaryString(infoHash));
    return swarm === undefined ? [] : [...swarm.values()].filter(({ expires }) => expires > now);
  }

  /** Gives up the info hash farthest from us, if `infoHash` is nearer. */
  #makeRoom(infoHash: InfoHash, own: NodeId): boolean {
    let farthest = infoHash as Uint8Array;
    for (const name of this.#swarms.keys()) {
      const other = fromBinaryString(name);
      if (compareDistance(own, other, farthest) > 0) farthest = other;
    }
    if (farthest === infoHash) return false;
    const name = binaryString(farthest);
    for (const key of [...this.#swarms.get(name)!.keys()]) this.#drop(name, key);
    return true;
  }

  #sweep(now: Millis): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_MS;
    for (const [name, swarm] of this.#swarms) {
      for (const [key, { expires }] of swarm) if (expires <= now) this.#drop(name, key);
    }
  }

  #drop(name: string, key: string): void {
    const swarm = this.#swarms.get(name);
    const stored = swarm?.get(key);
    if (swarm === undefined || stored === undefined) return;
    swarm.delete(key);
    if (swarm.size === 0) this.#swarms.delete(name);
    const left = this.#byHolder.get(stored.holder)! - 1;
    if (left === 0) this.#byHolder.delete(stored.holder);
    else this.#byHolder.set(stored.holder, left);
  }
}
