import {
  type Endpoint,
  endpoint,
  formatEndpoint,
  type InfoHash,
  type Millis,
  type Random,
  shuffle,
  splitHostPort,
} from "../../base/mod.ts";
import { DhtNode, type Search, type SearchListener, type SearchOptions } from "../../dht/mod.ts";
import { type AddressPolicy, peerInformant, type UdpPort } from "../../net/mod.ts";
import type { Outbox } from "../../wire/mod.ts";
import type { DhtChoice } from "../api.ts";
import { NameEntry } from "./name_entry.ts";

/** What is remembered from one run to the next. */
export interface NodeMemory {
  loadNodes(): readonly string[];
  saveNodes(endpoints: readonly string[]): void;
}

/** What the DHT needs of its session. */
export interface DhtWorld {
  readonly udp: UdpPort;
  /** Where others reach it. */
  readonly nodePort: () => number;
  readonly memory: NodeMemory;
  readonly policy: AddressPolicy;
  readonly random: Random;
  readonly now: () => Millis;
  /** Nobody from outside reaches us. */
  readonly readOnly: boolean;
  /** The addresses behind a name. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** Wants {@linkcode SessionDht.tick} called at `at`, or a little later. */
  readonly plan: (at: number) => void;
}

/** So long nodes that are known may be silent before the well-known ones are asked; with none to ask, less. */
const ENTRY_MS = 3_000;
const FIRST_ENTRY_MS = 1_000;
/** Between two tries of the well-known ones, while nobody answers at all; doubled each time. */
const AGAIN_MS = 30_000;
const MOST_AGAIN_MS = 30 * 60_000;
const SAVE_MS = 5 * 60_000;
/** Searches at a time: a thousand torrents that start together are looked for one after another. */
const MOST_SEARCHES = 8;

/**
 * The session's node of the DHT and how it gets in: by the nodes of the last run, those that torrents and the user
 * name, those of peers, and when nobody answers by names that are known for it. Nothing is sent before
 * {@linkcode begin}, so a session of private torrents has none.
 */
export class SessionDht {
  readonly #choice: DhtChoice;
  readonly #world: DhtWorld;
  #node: DhtNode | null = null;
  #entryAt = Infinity;
  #again = AGAIN_MS;
  #saveAt = Infinity;
  readonly #searches = new Set<Search>();
  #stopped = false;
  readonly #names: NameEntry;
  /** What the gateway says that we are. */
  #host: string | null = null;

  constructor(choice: DhtChoice, world: DhtWorld) {
    this.#choice = choice;
    this.#world = world;
    this.#names = new NameEntry(world.random);
  }

  /** Nodes heard of late. */
  get nodes(): number {
    return this.#node?.status(this.#world.now()).nodes ?? 0;
  }

  /** True when there is anybody to ask, and not too much is asked already. */
  get ready(): boolean {
    for (const search of this.#searches) if (!search.running) this.#searches.delete(search);
    return this.#searches.size < MOST_SEARCHES && this.#node?.knowsAny === true;
  }

  /** UDP port of our node, for peers to be told; null: nobody reaches it (BEP 43), or only a proxy does. */
  get port(): number | null {
    return this.#world.readOnly ? null : this.#world.nodePort();
  }

  /** Tells a peer of our node, where it has one itself (BEP 5). */
  greet({ dht, out }: { readonly dht: boolean; readonly out: Pick<Outbox, "port"> }): void {
    const { port } = this;
    if (dht && port !== null) out.port(port);
  }

  /** Takes part from now on, if it does not yet; `named` are nodes that a torrent names. */
  begin(named: readonly { readonly host: string; readonly port: number }[]): void {
    this.#start(named.length);
    for (const { host, port } of named) void this.#addNamed(host, port);
  }

  #start(named: number): void {
    if (this.#node !== null || this.#stopped) return;
    const { udp, policy, random, now, readOnly, memory } = this.#world;
    const node = new DhtNode({
      port: {
        send: (packet, to) => udp.send(packet, to),
        mayContact: (endpoint, from) => this.#mayContact(endpoint, from),
      },
      random,
      families: udp.ipv6 && policy.ipv6 ? ["v4", "v6"] : ["v4"],
      readOnly,
    }, now());
    this.#node = node;
    if (this.#host !== null) node.isAt(this.#host, now());
    udp.on("dht", (packet, from) => {
      if (policy.filtered(from.host)) return;
      if (this.#names.answers(packet, from) && policy.peer(from, "stranger")) this.#add(from);
      const alone = !node.knowsAny;
      node.receive(packet, from, now());
      // torrents wait for somebody to ask
      if (alone && node.knowsAny) this.#world.plan(now());
      else this.#plan();
    });
    for (const text of this.#choice.nodes) void this.#addTyped(text);
    const remembered = memory.loadNodes().flatMap((text) => literal(text) ?? []);
    for (const each of shuffle(remembered, random)) this.#add(each);
    const known = named + remembered.length + this.#choice.nodes.length;
    this.#entryAt = now() + (known > 0 ? ENTRY_MS : FIRST_ENTRY_MS);
    this.#saveAt = now() + SAVE_MS;
    this.#plan();
  }

  /** A node by address or name, on a stranger's word. */
  async #addNamed(host: string, port: number): Promise<void> {
    const { policy } = this.#world;
    for (const each of await this.#find(host, port)) {
      if (policy.peer(each, "stranger")) this.#add(each);
    }
  }

  /** A connected peer has a node (BEP 5's `port`). */
  addPeer(endpoint: Endpoint): void {
    if (!this.#world.policy.filtered(endpoint.host)) this.#add(endpoint);
  }

  /** The gateway says that our address is `host`. */
  isAt(host: string): void {
    this.#host = host;
    this.#node?.isAt(host, this.#world.now());
  }

  /** Searches for peers of a torrent; null before {@linkcode begin}. */
  search(options: SearchOptions, listener: SearchListener): Search | null {
    const search = this.#node?.search(options, listener, this.#world.now()) ?? null;
    if (search?.running) this.#searches.add(search);
    this.#plan();
    return search;
  }

  /** Keeps a peer of a torrent of ours for who asks us. */
  keep(infoHash: InfoHash, peer: Endpoint, seed: boolean): void {
    this.#node?.keep(infoHash, peer, seed, this.#world.now());
  }

  /** Time passes. */
  tick(now: Millis): void {
    if (this.#node === null) return;
    this.#node.tick(now);
    if (now >= this.#entryAt) this.#enter(now);
    if (now >= this.#saveAt) {
      this.#saveAt = now + SAVE_MS;
      this.#save(now);
    }
  }

  /** When {@linkcode tick} has something to do. */
  nextDeadline(): number {
    if (this.#node === null) return Infinity;
    return Math.min(this.#node.nextDeadline(), this.#entryAt, this.#saveAt);
  }

  /** Ends it; the nodes it knows are remembered. */
  stop(): void {
    if (this.#node === null) return;
    this.#save(this.#world.now());
    this.#world.udp.on("dht", null);
    this.#node = null;
    this.#stopped = true;
  }

  /** Nobody answers: asks those that everybody knows. */
  #enter(now: Millis): void {
    if (this.nodes > 0) {
      // looked at again: a network may go and come back
      this.#entryAt = now + MOST_AGAIN_MS;
      this.#again = AGAIN_MS;
      return;
    }
    this.#entryAt = now + this.#again;
    this.#again = Math.min(MOST_AGAIN_MS, this.#again * 2);
    for (const text of this.#choice.entryPoints) {
      const parts = splitHostPort(text);
      if (parts !== null) void this.#addNamed(parts.host, parts.port);
    }
    // a name may have no address as yet
    for (const text of this.#choice.nodes) void this.#addTyped(text);
  }

  async #addTyped(text: string): Promise<void> {
    const parts = splitHostPort(text);
    if (parts === null) return;
    for (const each of await this.#find(parts.host, parts.port)) {
      if (this.#world.policy.peer(each, "user")) this.#add(each);
    }
  }

  #add(endpoint: Endpoint): void {
    this.#node?.addNode(endpoint);
    this.#plan();
  }

  #plan(): void {
    this.#world.plan(this.nextDeadline());
  }

  async #find(host: string, port: number): Promise<Endpoint[]> {
    const known = endpoint(host, port);
    if (known !== null) return [known];
    const { udp } = this.#world;
    // only the proxy may look it up, and the answer shows where it is
    if (udp.names === true) {
      udp.send(this.#names.question(), { host, port });
      return [];
    }
    const found = await this.#world.resolve(host).catch(() => []);
    return found.flatMap((address) => endpoint(address, port) ?? []);
  }

  #mayContact(endpoint: Endpoint, from: Endpoint | null): boolean {
    // who wrote to us from our own network is there, or would not hear what we ask
    return this.#world.policy.peer(endpoint, peerInformant((from ?? endpoint).host));
  }

  #save(now: Millis): void {
    const nodes = this.#node?.export(now) ?? [];
    // an hour without a network is no reason to forget everybody
    if (nodes.length === 0) return;
    this.#world.memory.saveNodes(nodes.map(({ endpoint }) => formatEndpoint(endpoint)));
  }
}

function literal(text: string): Endpoint | null {
  const parts = splitHostPort(text);
  return parts === null ? null : endpoint(parts.host, parts.port);
}
