import {
  type Endpoint,
  endpointScope,
  formatEndpoint,
  type Millis,
  type Random,
} from "../base/mod.ts";
import type { PeerRanks } from "./peer_ranks.ts";

/** Where we learnt of a peer: the user, a tracker, itself, another peer (BEP 11), our own network (BEP 14), the DHT (BEP 5). */
export type PeerSource = "user" | "tracker" | "incoming" | "pex" | "lsd" | "dht";

interface Known {
  readonly endpoint: Endpoint;
  readonly source: PeerSource;
  /** It has everything, as it or another peer says. */
  seed: boolean;
  state: "idle" | "busy";
  failures: number;
  /** Not to be tried before. */
  nextTry: number;
  /** Its rank (BEP 40) and the version of the ranks it is of. */
  rank: number | null;
  rankVersion: number;
}

const MOST_KNOWN = 2000;
/** Of them those that peers told us of, unasked. */
const MOST_TOLD = 1000;
const MOST_BANNED = 10_000;
const MOST_FAILURES = 6;
const FIRST_RETRY_MS = 10_000;
const MAX_RETRY_MS = 10 * 60_000;
/** After a connection that worked. */
const RECONNECT_MS = 5_000;

/** The addresses a swarm knows: which to dial next, which to leave alone. Bounded, however many a stranger names. */
export class PeerPool {
  readonly #known = new Map<string, Known>();
  readonly #banned = new Set<string>();
  /** Known ones that peers told us of. */
  #told = 0;

  /** Without `ranks`, or while they are not known, equal addresses are dialled at random. */
  constructor(readonly random: Random, readonly ranks: PeerRanks | null = null) {}

  /** Addresses known, banned ones not counted. */
  get size(): number {
    return this.#known.size;
  }

  /** True for an address that is known. */
  knows(endpoint: Endpoint): boolean {
    return this.#known.has(formatEndpoint(endpoint));
  }

  /** Where a known address comes from; null: it is not known. */
  sourceOf(endpoint: Endpoint): PeerSource | null {
    return this.#known.get(formatEndpoint(endpoint))?.source ?? null;
  }

  /** Notes what a peer at this address turned out to have. */
  noteSeed(endpoint: Endpoint, seed: boolean): void {
    const known = this.#known.get(formatEndpoint(endpoint));
    if (known !== undefined) known.seed = seed;
  }

  /** Where the known addresses come from. */
  sources(): ReadonlySet<PeerSource> {
    return new Set([...this.#known.values()].map(({ source }) => source));
  }

  /** Adds an address, `seed` when who named it says that it has everything; false when it is known, banned, or one too many. */
  add(endpoint: Endpoint, source: PeerSource, seed = false): boolean {
    const key = formatEndpoint(endpoint);
    if (this.#known.has(key) || this.banned(endpoint)) return false;
    if (source === "pex" && this.#told >= MOST_TOLD) return false;
    if (this.#known.size >= MOST_KNOWN && !this.#evict() && source !== "user") return false;
    if (source === "pex") this.#told++;
    this.#known.set(key, {
      endpoint,
      source,
      seed,
      state: "idle",
      failures: 0,
      nextTry: 0,
      rank: null,
      rankVersion: -1,
    });
    return true;
  }

  /**
   * The next address to dial, marked busy, or null when none is due. Fewest failures first, then by rank, then at
   * random; `leave` "seeds": those that are known to have everything are not for us, who have everything too.
   */
  next(now: Millis, leave: "nobody" | "seeds" = "nobody"): Endpoint | null {
    let best: Known | null = null;
    let ties = 0;
    for (const known of this.#known.values()) {
      if (known.state !== "idle" || known.nextTry > now) continue;
      if (leave === "seeds" && known.seed) continue;
      const order = best === null
        ? -1
        : known.failures - best.failures || this.#compare(known, best);
      if (order < 0) {
        best = known;
        ties = 1;
      } else if (order === 0 && this.random.below(++ties) === 0) best = known;
    }
    if (best === null) return null;
    best.state = "busy";
    return best.endpoint;
  }

  /** Marks this address busy, to be dialled; false when it is not known, busy already, or not due. */
  take(endpoint: Endpoint, now: Millis): boolean {
    const known = this.#known.get(formatEndpoint(endpoint));
    if (known === undefined || known.state !== "idle" || known.nextTry > now) return false;
    known.state = "busy";
    return true;
  }

  /** An idle address need not be waited for, whatever became of it so far. */
  hurry(endpoint: Endpoint): void {
    const known = this.#known.get(formatEndpoint(endpoint));
    if (known?.state === "idle") known.nextTry = 0;
  }

  /** When the earliest idle address may be tried, of those that {@linkcode next} takes; Infinity when there is none. */
  nextDeadline(leave: "nobody" | "seeds" = "nobody"): number {
    let earliest = Infinity;
    for (const known of this.#known.values()) {
      if (known.state !== "idle" || (leave === "seeds" && known.seed)) continue;
      if (known.nextTry < earliest) earliest = known.nextTry;
    }
    return earliest;
  }

  /** A dial failed: later and later again, then never. */
  failed(endpoint: Endpoint, now: Millis): void {
    const known = this.#known.get(formatEndpoint(endpoint));
    if (known === undefined) return;
    known.state = "idle";
    known.failures++;
    if (known.failures >= MOST_FAILURES && known.source !== "user") {
      this.#remove(formatEndpoint(endpoint));
    }
    known.nextTry = now + Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (known.failures - 1));
  }

  /** An address that {@linkcode next} gave is not dialled, and not before `at`. */
  postpone(endpoint: Endpoint, at: Millis): void {
    const known = this.#known.get(formatEndpoint(endpoint));
    if (known === undefined) return;
    known.state = "idle";
    known.nextTry = at;
  }

  /** A connection that had worked is over. */
  disconnected(endpoint: Endpoint, now: Millis): void {
    const known = this.#known.get(formatEndpoint(endpoint));
    if (known === undefined) return;
    known.state = "idle";
    known.failures = 0;
    known.nextTry = now + RECONNECT_MS;
  }

  /**
   * There is use for peers once more: those that left without a failure need not be waited for, nor seeds, from which we
   * parted as soon as we met while both needed nothing.
   */
  again(now: Millis): void {
    for (const known of this.#known.values()) {
      if (known.state !== "idle" || (known.failures > 0 && !known.seed)) continue;
      known.failures = 0;
      known.nextTry = Math.min(known.nextTry, now);
    }
  }

  /** Never to be tried again: it is ourselves, or has nothing for us. */
  forget(endpoint: Endpoint): void {
    this.#remove(formatEndpoint(endpoint));
  }

  /** Forgets every idle address learnt from `source`. */
  forgetAll(source: PeerSource): void {
    for (const [key, known] of this.#known) {
      if (known.source === source) this.#remove(key);
    }
  }

  /** Forgets the addresses that `unwanted` says. */
  forgetWhere(unwanted: (endpoint: Endpoint) => boolean): void {
    for (const [key, { endpoint }] of this.#known) if (unwanted(endpoint)) this.#remove(key);
  }

  /** Keeps a peer away: its whole address when it is public, its port only where many peers share one (a local network, a test). */
  ban(endpoint: Endpoint): void {
    const local = endpointScope(endpoint) !== "public";
    // the oldest ban gives way: each has cost its peer a connection and a lie, so there are never many
    if (this.#banned.size >= MOST_BANNED) this.#banned.delete(this.#banned.keys().next().value!);
    this.#banned.add(local ? formatEndpoint(endpoint) : endpoint.host);
    for (const [key, known] of this.#known) {
      if (this.banned(known.endpoint)) this.#remove(key);
    }
  }

  /** True for an address kept away. */
  banned(endpoint: Endpoint): boolean {
    return this.#banned.has(endpoint.host) || this.#banned.has(formatEndpoint(endpoint));
  }

  #remove(key: string): void {
    if (this.#known.get(key)?.source === "pex") this.#told--;
    this.#known.delete(key);
  }

  /** Negative when `a` ranks higher than `b`, 0 where that is not known. */
  #compare(a: Known, b: Known): number {
    const [first, second] = [this.#rank(a), this.#rank(b)];
    return first === null || second === null ? 0 : second - first;
  }

  #rank(known: Known): number | null {
    const { ranks } = this;
    if (ranks === null) return null;
    if (known.rankVersion !== ranks.version) {
      known.rank = ranks.of(known.endpoint);
      known.rankVersion = ranks.version;
    }
    return known.rank;
  }

  /** Makes room by forgetting an address that failed; false when none did. */
  #evict(): boolean {
    for (const [key, known] of this.#known) {
      if (known.state === "idle" && known.failures > 0 && known.source !== "user") {
        this.#remove(key);
        return true;
      }
    }
    return false;
  }
}
