import {
  type Bytes,
  type Endpoint,
  endpoint,
  type InfoHash,
  type Millis,
  type Random,
} from "../base/mod.ts";
import { BUCKET_SIZE } from "./bucket.ts";
import { familyOf } from "./contacts.ts";
import { decodeMessage } from "./decode_message.ts";
import { encodeMessage } from "./encode_message.ts";
import { Guard } from "./guard.ts";
import { Lookup } from "./lookup.ts";
import {
  type Answer,
  type AnswerMessage,
  type Contact,
  type Family,
  KrpcCode,
  KrpcError,
  type KrpcMessage,
  type Query,
  type QueryMessage,
} from "./message.ts";
import { compareDistance, type NodeId } from "./node_id.ts";
import { Responder } from "./responder.ts";
import { Search, type SearchListener, type SearchOptions } from "./search.ts";
import { Side } from "./side.ts";
import { type Asker, NOBODY, Transactions } from "./transactions.ts";
import { Upkeep } from "./upkeep.ts";

/** Nodes a search begins with, and addresses without a known node where there are too few. */
const MOST_SEEDS = 16;

/** What a node needs of the world. */
export interface DhtPort {
  /** Sends a datagram, or loses it. */
  send(packet: Bytes, to: Endpoint): void;
  /** Whether a node at `endpoint` may be contacted; `from` told of it, null: it wrote to us itself. */
  mayContact(endpoint: Endpoint, from: Endpoint | null): boolean;
}

/** How a node runs. */
export interface DhtOptions {
  readonly port: DhtPort;
  readonly random: Random;
  /** Address families it has a socket for. */
  readonly families: readonly Family[];
  /** Asks and never answers: nobody from outside reaches us (BEP 43). */
  readonly readOnly?: boolean;
  /** Bytes of answers a second. */
  readonly answerBytes?: number;
}

/** How a node is. */
export interface DhtStatus {
  /** Nodes heard of in the last 15 minutes. */
  readonly nodes: number;
  /** Addresses that wait to be asked whether a node is there. */
  readonly waiting: number;
  /** Kept for others. */
  readonly hashes: number;
  readonly peers: number;
}

interface Half {
  readonly side: Side;
  readonly upkeep: Upkeep;
  exploring: Lookup | null;
}

/**
 * A node of the DHT (BEP 5, 32, 33, 42, 43, 51): packets in, packets out, no clock of its own. It works without any
 * torrent. `receive` takes a datagram of anyone's; whatever is wrong with it costs a look and nothing more.
 */
export class DhtNode {
  readonly #options: DhtOptions;
  readonly #halves: ReadonlyMap<Family, Half>;
  readonly #transactions: Transactions;
  readonly #guard: Guard;
  readonly #responder: Responder;

  constructor(options: DhtOptions, now: Millis) {
    const { random, families, answerBytes } = options;
    this.#options = options;
    this.#transactions = new Transactions(random);
    this.#guard = new Guard(now, answerBytes);
    this.#halves = new Map(families.map((family) => [family, this.#half(family, now)] as const));
    const sides = new Map([...this.#halves].map(([family, { side }]) => [family, side] as const));
    this.#responder = new Responder(sides, random, now);
  }

  /** Our id in a family; null without a socket for it. */
  id(family: Family): NodeId | null {
    return this.#halves.get(family)?.side.id ?? null;
  }

  /** Nodes heard of late, to be remembered for the next start. */
  export(now: Millis): Contact[] {
    return [...this.#halves.values()].flatMap(({ side }) =>
      side.table.good(now).map(({ id, endpoint }) => ({ id, endpoint }))
    );
  }

  /** True when there is anybody to ask. */
  get knowsAny(): boolean {
    for (const { side, upkeep } of this.#halves.values()) {
      if (side.table.size > 0 || upkeep.waits) return true;
    }
    return false;
  }

  /** How it is. */
  status(now: Millis): DhtStatus {
    const halves = [...this.#halves.values()];
    const { hashes, peers } = this.#responder.store;
    return {
      nodes: halves.reduce((sum, { side }) => sum + side.table.good(now).length, 0),
      waiting: halves.reduce((sum, { upkeep }) => sum + upkeep.waiting.length, 0),
      hashes,
      peers,
    };
  }

  /** The gateway says that our address is `host` (BEP 42); other nodes' majority counts for more. */
  isAt(host: string, now: Millis): void {
    const half = this.#halves.get(host.includes(":") ? "v6" : "v4");
    if (half?.side.isAt(host, now)) half.upkeep.moved(now);
  }

  /** There may be a node: it is asked with the next tick. Who may be named here is the caller's decision. */
  addNode(endpoint: Endpoint): void {
    const half = this.#halves.get(familyOf(endpoint));
    if (half !== undefined && !half.side.table.has(endpoint)) half.upkeep.greet(endpoint);
  }

  /** Looks for peers of a torrent, and announces us where told to. Over at once when no node is known. */
  search(options: SearchOptions, listener: SearchListener, now: Millis): Search {
    const search = new Search(options, {
      peers: (peers, from, at) => listener.peers(peers, from, at),
      done: (result, at) => {
        if (options.announce !== null) this.#keepOurselves(options, at);
        listener.done(result, at);
      },
    }, {
      ask: (to, query, asker, at) => this.#ask(to, query, asker, at),
      mayContact: (endpoint, from) => this.#options.port.mayContact(endpoint, from),
    });
    this.#searchHere(options, listener, now);
    search.start(
      [...this.#halves].map(([family, half]) => ({
        family,
        known: this.#seeds(half, options.infoHash),
      })),
      now,
    );
    return search;
  }

  /** A datagram came. */
  receive(packet: Bytes, from: Endpoint, now: Millis): void {
    if (!this.#halves.has(familyOf(from))) return;
    const awaited = this.#transactions.awaits(from);
    if (!this.#guard.mayRead(from, awaited, now)) return;
    let message: KrpcMessage;
    try {
      message = decodeMessage(packet);
    } catch (error) {
      if (!(error instanceof KrpcError)) throw error;
      if (error.transaction !== null) {
        this.#refuse(error.transaction, KrpcCode.Protocol, error.message, from, now);
      }
      return;
    }
    switch (message.type) {
      case "query":
        return this.#answer(message, from, now);
      case "answer":
        this.#transactions.answered(message, from, now);
        return;
      case "error":
        this.#transactions.refused(message.transaction, from, now);
        return;
    }
  }

  /** Time passes. */
  tick(now: Millis): void {
    this.#transactions.tick(now);
    for (const { side, upkeep } of this.#halves.values()) upkeep.tick(side.table, now);
  }

  /** When {@linkcode tick} has something to do; Infinity: only a call can change that. */
  nextDeadline(): number {
    let next = this.#transactions.nextDeadline();
    for (const { side, upkeep } of this.#halves.values()) {
      next = Math.min(next, upkeep.nextDeadline(side.table));
    }
    return next;
  }

  /** Keeps a peer for 45 minutes as if it had announced itself: what we serve ourselves, in a network too small for others to. */
  keep(infoHash: InfoHash, peer: Endpoint, seed: boolean, now: Millis): void {
    const half = this.#halves.get(familyOf(peer));
    if (half !== undefined) this.#responder.store.add(infoHash, peer, seed, half.side.id, now);
  }

  /** What was announced to us need not be asked of others; each announced itself. */
  #searchHere({ infoHash, announce }: SearchOptions, listener: SearchListener, now: Millis): void {
    for (const [family, { side }] of this.#halves) {
      const peers = this.#responder.store.peersOf(infoHash, family, Infinity, false, now);
      for (const peer of peers) {
        const ours = peer.host === side.address.host && peer.port === announce?.port;
        if (!ours) listener.peers([peer], peer, now);
      }
    }
  }

  #half(family: Family, now: Millis): Half {
    const side = new Side(family, this.#options.random, now);
    const upkeep: Upkeep = new Upkeep({
      ping: (endpoint, at) => this.#ask(endpoint, { method: "ping" }, NOBODY, at),
      explore: (target, at) => this.#explore(half, target, at),
    }, now);
    const half: Half = { side, upkeep, exploring: null };
    return half;
  }

  #seeds({ side, upkeep }: Half, target: Uint8Array): { id: NodeId | null; endpoint: Endpoint }[] {
    const known = side.table.closest(target, MOST_SEEDS);
    if (known.length >= BUCKET_SIZE) return known;
    return [...known, ...upkeep.waiting.map((endpoint) => ({ id: null, endpoint }))]
      .slice(0, MOST_SEEDS);
  }

  #ask(to: Endpoint, query: Query, asker: Asker, now: Millis): boolean {
    const half = this.#halves.get(familyOf(to));
    if (half === undefined || !this.#transactions.room) return false;
    const transaction = this.#transactions.open(to, {
      answered: (message, at) => {
        this.#heard(half, message, to, at);
        asker.answered(message, at);
      },
      slow: (at) => asker.slow(at),
      failed: (at, why) => {
        // while nobody answers, it is our own network that fails
        if (why === "lost" && this.#transactions.heardAfter(now)) half.side.table.failed(to, at);
        asker.failed(at, why);
      },
    }, now);
    const { readOnly = false, port } = this.#options;
    const { id } = half.side;
    port.send(encodeMessage({ type: "query", transaction, id, query, readOnly }), to);
    return true;
  }

  #heard({ side, upkeep }: Half, message: AnswerMessage, from: Endpoint, now: Millis): void {
    const { id, seenAs } = message;
    side.table.heard({ id, endpoint: from }, now);
    if (seenAs === null || familyOf(seenAs) !== side.family) return;
    if (side.seenAs(from, seenAs, now)) upkeep.moved(now);
  }

  #answer({ id, query, transaction, readOnly }: QueryMessage, from: Endpoint, now: Millis): void {
    if (this.#options.readOnly === true) return;
    const half = this.#halves.get(familyOf(from))!;
    const { side, upkeep } = half;
    // it gets a place when it answers a question of ours, which a borrowed address cannot
    if (!readOnly && !side.table.has(from) && side.table.wants(id, from)) {
      if (this.#options.port.mayContact(from, null)) upkeep.greet(from);
    }
    const reply = this.#responder.reply(query, from, now);
    if ("code" in reply) return this.#refuse(transaction, reply.code, reply.text, from, now);
    const { answer } = reply;
    const seenAs = from;
    this.#reply({ type: "answer", transaction, id: side.id, answer, seenAs }, from, now);
  }

  #refuse(transaction: Bytes, code: number, text: string, to: Endpoint, now: Millis): void {
    if (this.#options.readOnly === true) return;
    this.#reply({ type: "error", transaction, code, text }, to, now);
  }

  /** Whoever borrows an address makes us send there, so there is an end to it. */
  #reply(message: KrpcMessage, to: Endpoint, now: Millis): void {
    const packet = encodeMessage(message);
    if (this.#guard.mayAnswer(packet.length, now)) this.#options.port.send(packet, to);
  }

  /** Looks for nodes near `target`, one search at a time; who answers gets into the table by itself. */
  #explore(half: Half, target: NodeId | "home", now: Millis): void {
    if (half.exploring?.running) return;
    const { side } = half;
    const sought = target === "home" ? side.id : target;
    const poor = [...this.#halves.values()].some((other) => other.side.table.size < BUCKET_SIZE);
    const want: readonly Family[] = poor && this.#halves.size > 1 ? ["v4", "v6"] : [];
    const query: Query = { method: "find_node", target: sought, want };
    half.exploring = new Lookup(sought, {
      ask: (to, asker, at) => this.#ask(to, query, asker, at),
      mayContact: (endpoint, from) => this.#options.port.mayContact(endpoint, from),
      answered: ({ endpoint }, answer) => this.#introduce(half, answer, endpoint),
      done: () => {},
    });
    half.exploring.start(this.#seeds(half, sought), now);
  }

  /** Nodes of the other address family that a node named. */
  #introduce({ side }: Half, { nodes, nodes6 }: Answer, from: Endpoint): void {
    for (const { endpoint } of side.family === "v4" ? nodes6 : nodes) {
      if (this.#options.port.mayContact(endpoint, from)) this.addNode(endpoint);
    }
  }

  /** Where we are among the nearest ourselves, we keep what we tell the others. */
  #keepOurselves({ infoHash, announce }: SearchOptions, now: Millis): void {
    if (announce === null || this.#options.readOnly === true) return;
    for (const { side } of this.#halves.values()) {
      const peer = side.address.host === null ? null : endpoint(side.address.host, announce.port);
      const last = side.table.closest(infoHash, BUCKET_SIZE)[BUCKET_SIZE - 1];
      const near = last === undefined || compareDistance(infoHash, side.id, last.id) < 0;
      if (peer !== null && near) this.keep(infoHash, peer, announce.seed, now);
    }
  }
}
