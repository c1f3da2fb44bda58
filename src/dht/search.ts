import type { Bytes, Endpoint, InfoHash, Millis } from "../base/mod.ts";
import { BloomFilter } from "./bloom_filter.ts";
import { Lookup, type LookupResult } from "./lookup.ts";
import type { Answer, Family, Query } from "./message.ts";
import type { NodeId } from "./node_id.ts";
import { type Asker, NOBODY } from "./transactions.ts";

/** Peers taken from one search; more than a swarm remembers is of no use. */
const MOST_PEERS = 1000;

/** What is looked for, and what is told to others on the way. */
export interface SearchOptions {
  readonly infoHash: InfoHash;
  /** Announce ourselves to the nodes found: the port peers reach us at, and whether we have everything; null: only look. */
  readonly announce: { readonly port: number; readonly seed: boolean } | null;
  /** Ask how many there are (BEP 33). */
  readonly scrape?: boolean;
}

/** Hears what a search finds. */
export interface SearchListener {
  /** `from`, a node, says that these have the torrent. May be lies: who may be contacted is the caller's to decide. */
  peers(peers: readonly Endpoint[], from: Endpoint, now: Millis): void;
  /** It is over. */
  done(result: SearchResult, now: Millis): void;
}

/** What a search came to. */
export interface SearchResult {
  /** Questions, announces not counted, and answers to them. */
  readonly asked: number;
  readonly answered: number;
  /** The longest way to one of the nearest nodes. */
  readonly hops: number;
  /** Addresses that were named, those named twice counted once. */
  readonly peers: number;
  /** Nodes that were told of us. */
  readonly announced: number;
  /** Estimates of BEP 33, when asked for and told. */
  readonly seeds: number | null;
  readonly leechers: number | null;
}

/** What a search needs of its node. */
export interface SearchPort {
  /** Puts a question to a node; false when it cannot be asked now. */
  ask(to: Endpoint, query: Query, asker: Asker, now: Millis): boolean;
  /** Whether a node named by another may be asked at all. */
  mayContact(endpoint: Endpoint, from: Endpoint | null): boolean;
}

/** Where to begin in one address family. */
export interface Seeds {
  readonly family: Family;
  readonly known: readonly { readonly id: NodeId | null; readonly endpoint: Endpoint }[];
}

/** A search for the peers of a torrent, in every address family at once. */
export class Search {
  readonly #options: SearchOptions;
  readonly #listener: SearchListener;
  readonly #port: SearchPort;
  readonly #lookups: Lookup[] = [];
  readonly #found = new Set<string>();
  readonly #filters = { seeds: new BloomFilter(), leechers: new BloomFilter() };
  #scraped = false;
  #asked = 0;
  #answered = 0;
  #hops = 0;
  #announced = 0;
  #left = 0;

  constructor(options: SearchOptions, listener: SearchListener, port: SearchPort) {
    this.#options = options;
    this.#listener = listener;
    this.#port = port;
  }

  /** Begins; without seeds it is over at once. */
  start(sides: readonly Seeds[], now: Millis): void {
    const begun = sides.filter(({ known }) => known.length > 0);
    this.#left = begun.length;
    if (begun.length === 0) return this.#listener.done(this.#result, now);
    const lookups = begun.map(({ known }) => ({ known, lookup: this.#lookup() }));
    this.#lookups.push(...lookups.map(({ lookup }) => lookup));
    for (const { known, lookup } of lookups) lookup.start(known, now);
  }

  /** Still searching. */
  get running(): boolean {
    return this.#lookups.some((lookup) => lookup.running);
  }

  /** Ends without a word. */
  cancel(): void {
    for (const lookup of this.#lookups) lookup.cancel();
  }

  #lookup(): Lookup {
    const { infoHash, announce, scrape = false } = this.#options;
    const query: Query = {
      method: "get_peers",
      infoHash,
      want: [],
      noSeed: announce?.seed === true,
      scrape,
    };
    return new Lookup(infoHash, {
      ask: (to, asker, now) => this.#port.ask(to, query, asker, now),
      mayContact: (endpoint, from) => this.#port.mayContact(endpoint, from),
      answered: ({ endpoint }, answer, now) => this.#heard(endpoint, answer, now),
      done: (result, now) => this.#ended(result, now),
    });
  }

  #heard(from: Endpoint, answer: Answer, now: Millis): void {
    if (answer.seeds !== null && answer.leechers !== null) {
      this.#scraped = true;
      this.#filters.seeds.merge(BloomFilter.from(answer.seeds));
      this.#filters.leechers.merge(BloomFilter.from(answer.leechers));
    }
    const fresh = answer.peers.filter(({ host, port }) => {
      const key = `${host} ${port}`;
      if (this.#found.has(key) || this.#found.size >= MOST_PEERS) return false;
      this.#found.add(key);
      return true;
    });
    if (fresh.length > 0) this.#listener.peers(fresh, from, now);
  }

  #ended(result: LookupResult, now: Millis): void {
    this.#asked += result.asked;
    this.#answered += result.answered;
    this.#hops = Math.max(this.#hops, result.hops);
    for (const { endpoint, token } of result.nearest) this.#announce(endpoint, token, now);
    if (--this.#left === 0) this.#listener.done(this.#result, now);
  }

  #announce(to: Endpoint, token: Bytes | null, now: Millis): void {
    const { announce, infoHash } = this.#options;
    if (announce === null || token === null) return;
    const query: Query = { method: "announce_peer", infoHash, token, ...announce };
    if (this.#port.ask(to, query, NOBODY, now)) this.#announced++;
  }

  get #result(): SearchResult {
    const { seeds, leechers } = this.#filters;
    return {
      asked: this.#asked,
      answered: this.#answered,
      hops: this.#hops,
      peers: this.#found.size,
      announced: this.#announced,
      seeds: this.#scraped ? Math.round(seeds.estimate()) : null,
      leechers: this.#scraped ? Math.round(leechers.estimate()) : null,
    };
  }
}
