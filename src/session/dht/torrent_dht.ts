import type { Endpoint, InfoHash, Millis } from "../../base/mod.ts";
import type { Search, SearchResult } from "../../dht/mod.ts";
import { type Informant, peerInformant } from "../../net/mod.ts";
import type { EngineEvent } from "../api.ts";
import type { SessionDht } from "./session_dht.ts";

/** Nodes forget us after half an hour to an hour. */
const ANNOUNCE_MS = 15 * 60_000;
/** The first search of a torrent whose trackers gave it peers. */
const UNHURRIED_MS = 60_000;
/** While there are a few peers, and room for more. */
const FEW_MS = 5 * 60_000;
/** While there is nobody; doubled each time. */
const FIRST_AGAIN_MS = 5_000;
/** Where hardly a node answers: one that has the torrent itself may only just have learnt its own address from us. */
const FIRST_AGAIN_THIN_MS = 1_000;
const MOST_AGAIN_MS = 5 * 60_000;
/** So many nodes answering make a search that counts. */
const ENOUGH_ANSWERS = 8;

/** How much a torrent needs peers. */
export type PeerNeed = "none" | "few" | "enough";

/** What a torrent's searches need. */
export interface TorrentDhtParts {
  readonly dht: SessionDht;
  /** Hexadecimal info hash. */
  readonly torrent: string;
  readonly infoHash: InfoHash;
  /** The port peers reach us at; null: we do not announce ourselves. */
  readonly port: number | null;
  /** We have everything. */
  readonly complete: () => boolean;
  /** Takes peers that were found, `informant` being who told us of them. */
  readonly take: (peers: readonly Endpoint[], informant: Informant) => void;
  readonly emit: (event: EngineEvent) => void;
  readonly now: () => Millis;
  readonly wake: () => void;
}

/** How the searches of a torrent go. */
export interface TorrentDhtStatus {
  /** Nodes known to our own. */
  readonly nodes: number;
  /** A search is under way. */
  readonly asking: boolean;
  /** Peers that the last search found, null: none has ended. */
  readonly peers: number | null;
  /** When the next one begins, null: when there are nodes. */
  readonly next: Millis | null;
}

/** Finds peers of one torrent by the DHT, and announces us there. */
export class TorrentDht {
  readonly #parts: TorrentDhtParts;
  readonly #addedAt: Millis;
  #search: Search | null = null;
  #need: PeerNeed = "enough";
  #again = FIRST_AGAIN_MS;
  #last: { readonly at: Millis; readonly result: SearchResult } | null = null;
  #closed = false;
  /** Searches of the same torrent in another swarm (BEP 52); null: it has one. */
  #twin: TorrentDht | null = null;
  /** Somebody asked for a search. */
  #hurried = false;

  constructor(parts: TorrentDhtParts) {
    this.#parts = parts;
    this.#addedAt = parts.now();
  }

  /** Searches under another hash of the torrent too, once; `take` has the peers. What comes of it is not told. */
  join(infoHash: InfoHash, take: TorrentDhtParts["take"]): void {
    this.#twin ??= new TorrentDht({ ...this.#parts, infoHash, take, emit: () => {} });
  }

  /** How it is. */
  status(): TorrentDhtStatus {
    const { dht } = this.#parts;
    return {
      nodes: dht.nodes,
      asking: this.#search !== null,
      peers: this.#last?.result.peers ?? null,
      next: dht.ready && this.#search === null ? this.#dueAt : null,
    };
  }

  /** Searches when it is time to. */
  tick(now: Millis, need: PeerNeed): void {
    const { dht, complete, wake, infoHash, port, take } = this.#parts;
    this.#need = need;
    this.#twin?.tick(now, need);
    if (this.#closed || this.#search !== null || now < this.#dueAt || !dht.ready) return;
    this.#hurried = false;
    let over = false;
    const search = dht.search({
      infoHash,
      announce: port === null ? null : { port, seed: complete() },
    }, {
      // a node is believed as a peer at its address would be
      peers: (peers, { host }) => {
        if (!this.#closed) take(peers, peerInformant(host));
      },
      done: (result, at) => {
        over = true;
        this.#search = null;
        this.#done(result, at);
        wake();
      },
    });
    if (!over) this.#search = search;
  }

  /** When {@linkcode tick} has something to do; while no node is known, a word of the session's DHT comes first. */
  nextDeadline(): number {
    return Math.min(this.#ownDeadline, this.#twin?.nextDeadline() ?? Infinity);
  }

  get #ownDeadline(): number {
    if (this.#closed || this.#search !== null) return Infinity;
    // a search that ends, or a node that shows itself, wakes the session
    return this.#parts.dht.ready ? this.#dueAt : Infinity;
  }

  /** The next search is due now. */
  hurry(): void {
    this.#hurried = true;
    this.#twin?.hurry();
    this.#parts.wake();
  }

  /** No more searches. */
  close(): void {
    this.#closed = true;
    this.#twin?.close();
    this.#search?.cancel();
    this.#search = null;
  }

  /** When the next search is due. */
  get #dueAt(): Millis {
    if (this.#hurried) return 0 as Millis;
    const last = this.#last;
    const waits = this.#need === "enough" && !this.#parts.complete();
    if (last === null) return this.#addedAt + (waits ? UNHURRIED_MS : 0) as Millis;
    // a network that is only being entered, and a torrent without anybody, are asked again soon
    const soon = this.#need === "none" || (!waits && last.result.answered < ENOUGH_ANSWERS);
    return last.at + (soon ? this.#again : this.#need === "few" ? FEW_MS : ANNOUNCE_MS) as Millis;
  }

  #done(result: SearchResult, at: Millis): void {
    const { torrent, emit, dht } = this.#parts;
    const thin = result.answered < ENOUGH_ANSWERS;
    const well = this.#need !== "none" && !thin;
    const first = thin ? FIRST_AGAIN_THIN_MS : FIRST_AGAIN_MS;
    this.#again = well || this.#last === null ? first : Math.min(MOST_AGAIN_MS, this.#again * 2);
    this.#last = { at, result };
    emit({
      type: "dht",
      torrent,
      nodes: dht.nodes,
      answered: result.answered,
      peers: result.peers,
      announced: result.announced,
      next: Math.max(0, Math.ceil((this.#dueAt - at) / 1000)),
    });
  }
}
