/** A DHT in virtual time: datagrams with latency and loss between nodes that are honest, dead or liars. */
import {
  type Bytes,
  type Endpoint,
  formatEndpoint,
  type InfoHash,
  randomBytes,
  SeededRandom,
  shuffle,
} from "../../src/base/mod.ts";
import {
  type Contact,
  decodeMessage,
  DhtNode,
  encodeMessage,
  type NodeId,
  NOTHING,
  type SearchOptions,
  type SearchResult,
} from "../../src/dht/mod.ts";
import { Clock } from "./clock.ts";

/** Milliseconds a datagram takes at least and at most. */
const LATENCY = { least: 15, most: 120 };

/** How a node behaves. */
export type Manner = "honest" | "dead" | "liar";

/** What came of a search. */
export interface Outcome {
  readonly peers: readonly Endpoint[];
  readonly result: SearchResult;
  readonly found: number;
  readonly ended: number;
}

/** A node and what it sent. */
export class SimNode {
  readonly dht: DhtNode;
  manner: Manner = "honest";
  sentPackets = 0;
  sentBytes = 0;
  #armedAt = Infinity;

  constructor(readonly network: DhtNetwork, readonly endpoint: Endpoint, readOnly: boolean) {
    const { clock, random } = network;
    this.dht = new DhtNode({
      port: {
        send: (packet, to) => {
          this.sentPackets++;
          this.sentBytes += packet.length;
          network.carry(packet, this.endpoint, to);
        },
        mayContact: ({ port }) => port !== 0,
      },
      random,
      families: ["v4"],
      readOnly,
    }, clock.now);
  }

  /** A datagram arrives. */
  receive(packet: Bytes, from: Endpoint): void {
    if (this.manner === "dead") return;
    if (this.manner === "liar" && this.#lie(packet, from)) return;
    this.dht.receive(packet, from, this.network.clock.now);
    this.arm();
  }

  /** Has the node tick when it wants to. */
  arm(): void {
    const { clock } = this.network;
    const at = Math.max(clock.now + 1, this.dht.nextDeadline());
    if (this.manner !== "honest" || at >= this.#armedAt) return;
    this.#armedAt = at;
    clock.at(at, () => {
      if (this.#armedAt !== at) return;
      this.#armedAt = Infinity;
      if (this.manner !== "honest") return;
      this.dht.tick(clock.now);
      this.arm();
    });
  }

  /** Searches until it is over; seconds until the first peers (Infinity: none) and until the end. */
  search(options: SearchOptions): Outcome {
    const { clock } = this.network;
    const began = clock.now;
    const peers: Endpoint[] = [];
    let foundAt = Infinity;
    let over: SearchResult | null = null;
    this.dht.search(options, {
      peers: (found) => {
        foundAt = Math.min(foundAt, clock.now);
        peers.push(...found);
      },
      done: (result) => over = result,
    }, clock.now);
    this.arm();
    clock.run(120, () => over !== null);
    if (over === null) throw new Error("Expected the search to end within two minutes");
    const seconds = (at: number) => (at - began) / 1000;
    return { peers, result: over, found: seconds(foundAt), ended: seconds(clock.now) };
  }

  /** Answers every question with nodes that are not there, the nearer to the target the better. True: it was one. */
  #lie(packet: Bytes, from: Endpoint): boolean {
    const message = decodeMessage(packet);
    if (message.type !== "query") return false;
    const { random } = this.network;
    const { query, transaction } = message;
    const target = "target" in query ? query.target : "infoHash" in query ? query.infoHash : null;
    const nodes: Contact[] = [];
    for (let i = 0; target !== null && i < 8; i++) {
      const id = target.slice() as NodeId;
      id[19]! ^= 1 + random.below(255);
      nodes.push({ id, endpoint: this.network.nowhere() });
    }
    const answer = { ...NOTHING, nodes, token: randomBytes(8, random) };
    const id = this.dht.id("v4")!;
    this.network.carry(
      encodeMessage({ type: "answer", transaction, id, answer, seenAs: this.network.nowhere() }),
      this.endpoint,
      from,
    );
    return true;
  }
}

/** Nodes on addresses of their own, each in another network of the public internet. */
export class DhtNetwork {
  readonly clock = new Clock();
  readonly random: SeededRandom;
  readonly nodes: SimNode[] = [];
  /** Share of datagrams that are lost. */
  loss = 0;
  carried = 0;
  readonly #at = new Map<string, SimNode>();

  constructor(readonly seed: number) {
    this.random = new SeededRandom(seed);
  }

  /** Adds a node; `known` are told to it. */
  add(known: readonly Endpoint[] = [], readOnly = false): SimNode {
    const number = this.nodes.length;
    const host = `${20 + (number >> 8)}.${number & 0xff}.${this.random.below(256)}.1`;
    const node = new SimNode(this, { host, port: 6881 }, readOnly);
    this.nodes.push(node);
    this.#at.set(formatEndpoint(node.endpoint), node);
    for (const endpoint of known) node.dht.addNode(endpoint);
    node.arm();
    return node;
  }

  /** `count` honest nodes that have found each other. */
  grow(count: number, seconds = 60): void {
    for (let i = 0; i < count; i++) this.add(this.some(3).map(({ endpoint }) => endpoint));
    this.clock.run(seconds);
  }

  /** Makes a share of the nodes behave otherwise. */
  turn(manner: Manner, share: number): void {
    const honest = shuffle(this.nodes.filter((node) => node.manner === "honest"), this.random);
    for (const node of honest.slice(0, Math.round(this.nodes.length * share))) node.manner = manner;
  }

  /** Some honest nodes. */
  some(count: number): SimNode[] {
    return shuffle(this.nodes.filter((node) => node.manner === "honest"), this.random)
      .slice(0, count);
  }

  /** An address where nobody is. */
  nowhere(): Endpoint {
    const part = () => this.random.below(256);
    return { host: `${100 + this.random.below(20)}.${part()}.${part()}.${part()}`, port: 6881 };
  }

  /** An info hash. */
  hash(): InfoHash {
    return randomBytes(20, this.random) as InfoHash;
  }

  /** Takes a datagram to its place. */
  carry(packet: Bytes, from: Endpoint, to: Endpoint): void {
    this.carried++;
    if (this.random.below(1000) < this.loss * 1000) return;
    const delay = LATENCY.least + this.random.below(LATENCY.most - LATENCY.least);
    this.clock.in(delay, () => this.#at.get(formatEndpoint(to))?.receive(packet, from));
  }
}
