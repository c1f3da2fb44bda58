import { type Bytes, equalDigest, type Millis } from "../base/mod.ts";
import type { MerkleFile } from "../metainfo/mod.ts";
import {
  encodeExtensionHandshake,
  encodeHashSpan,
  encodeMetadataReject,
  encodeMetadataRequest,
  EXTENSION_HANDSHAKE,
  type ExtensionHandshake,
  Message,
  type MetadataMessage,
  OUR_EXTENSIONS,
  type PeerConnection,
  type PeerEvent,
  type PexPeer,
} from "../wire/mod.ts";
import { LayerFetch, type LayerNews } from "./layer_fetch.ts";
import { MetadataCopies } from "./metadata_copies.ts";
import type { MetadataCopy } from "./metadata_copy.ts";
import { MetadataPeer } from "./metadata_peer.ts";
import type { PeerIdentity } from "./peer.ts";
import type { Swarm } from "./swarm.ts";
import { REQUEST_QUEUE } from "./uploads.ts";

/** Who wants to know how the metadata of a torrent comes. */
export interface MetadataObserver {
  /** A copy is whole: its hash is to be given to `then`. */
  hash(metadata: Bytes, then: (digest: Bytes) => void): void;
  /** The metadata, whose hash is right. */
  found(metadata: Bytes): void;
  /** Its handshake is over. */
  peerJoined(peer: MetadataPeer): void;
  /** Its connection is over; `reason` is for people. */
  peerLeft(peer: MetadataPeer, reason: string): void;
  /** It lied; it is closed and must not come back. */
  peerBanned(peer: MetadataPeer, reason: string): void;
  /** The peer has a node of the DHT at this UDP port (BEP 5). */
  peerNode(peer: MetadataPeer, port: number): void;
  /** A peer tells of others (BEP 11); whether to believe it is decided there. */
  peersTold(teller: MetadataPeer, peers: readonly PexPeer[]): void;
}

/** What it needs to fetch the metadata of a torrent. */
export interface MetadataParts {
  /** What its hash must be, as the observer hashes it: SHA-1, or SHA-256 of a v2 torrent, which may be cut short. */
  readonly digest: Bytes;
  /** Client and version for the extension handshake. */
  readonly client: string;
  /** The port we listen on, told to peers; null: none. */
  readonly port: number | null;
  /** Peers may tell us of others. */
  readonly peerExchange: boolean;
  readonly observer: MetadataObserver;
}

/** How the metadata comes, for people. */
export interface MetadataState {
  /** Of the connected peers, those that say they have it, those that refuse to give it, and those that give nothing. */
  readonly offering: number;
  readonly refusing: number;
  readonly silent: number;
  /** Bytes here of the copy that is farthest, and what its peers say there are in all; 0: nothing. */
  readonly held: number;
  readonly size: number;
  /** Copies whose hash was wrong. */
  readonly wrong: number;
}

/** Pieces asked of a peer at a time: libtorrent answers ten at once and lets the others wait for its next second. */
const DEPTH = 8;
/** Without an answer; then the peer rests, twice as long each time. */
const ANSWER_MS = 10_000;
/** For a piece of who sends anything meanwhile: it may be on its way over a slow line. */
const PIECE_MS = 60_000;
const FIRST_REST_MS = 5_000;
const MOST_REST_MS = 5 * 60_000;
/** Answers that nobody waits for, before a peer is sent away: many may be late. */
const MOST_UNASKED = 5000;
/** Bytes waiting for a peer that does not read them. */
const MOST_UNREAD = 1024 * 1024;
/** With so many peers, one that has no metadata makes room for others once it had its time. */
const CROWD = 60;
const USELESS_MS = 30_000;
/** As in a swarm. */
const PEX_GAP_MS = 30_000;
const MOST_EARLY_PEX = 20;
const KEEP_ALIVE_MS = 100_000;
const IDLE_MS = 180_000;
const TICK_MS = 1000;

/**
 * Fetches a torrent's metadata from its peers (BEP 9), a piece from each in turn. A synchronous state machine, as a
 * swarm is, whose place it takes until there is one: then its peers go on there ({@linkcode handOver}).
 *
 * Peers may lie. They are believed in groups by the size they claim, each group collecting its own copy, so a false
 * size holds nobody up. A copy of wrong hash that one peer sent alone has it banned; one of several makes their group
 * send a copy each, alone, a few at a time, until one is right. Memory is what has arrived, within a bound.
 */
export class MetadataFetch {
  /** Nothing is known of the torrent's pieces. */
  readonly geometry = null;
  /** There is use for more peers. */
  readonly complete = false;
  readonly peers: MetadataPeer[] = [];
  readonly #digest: Bytes;
  readonly #client: string;
  readonly #port: number | null;
  readonly #peerExchange: boolean;
  readonly #observer: MetadataObserver;
  readonly #copies = new MetadataCopies();
  #found = false;
  /** What comes after the metadata of a v2 torrent; null: nothing, or not yet. */
  #layers: LayerFetch | null = null;
  #wrong = 0;
  #nextTick = 0 as Millis;

  constructor({ digest, client, port, peerExchange, observer }: MetadataParts) {
    this.#digest = digest;
    this.#client = client;
    this.#port = port;
    this.#peerExchange = peerExchange;
    this.#observer = observer;
  }

  /** Bytes of metadata that are here and not known to be wrong; grows while it gets on. */
  get received(): number {
    return this.#copies.received + (this.#layers?.received ?? 0);
  }

  /** The metadata came from elsewhere, and its hash is right: no peer is asked any more. */
  supply(metadata: Bytes): void {
    if (this.#found) return;
    this.#found = true;
    this.#copies.clear(this.peers);
    this.#observer.found(metadata);
  }

  /**
   * The metadata is here: fetches the hashes of the pieces of its files (BEP 52). `news` hears of them when all are
   * here, or `until` passes.
   */
  fetchLayers(
    trees: readonly MerkleFile[],
    pieceLength: number,
    until: number,
    now: Millis,
    news: LayerNews,
  ): void {
    const lied = (peer: MetadataPeer, reason: string) => this.drop(peer, reason);
    this.#layers = new LayerFetch(trees, pieceLength, until, { ...news, lied });
    this.#layers.begin();
    for (const peer of [...this.peers]) {
      this.ask(peer, now);
      this.flush(peer, now);
    }
  }

  /** How it stands. */
  state(): MetadataState {
    const { held, size } = this.#copies.farthest() ?? { held: 0, size: 0 };
    const offering = this.peers.filter((peer) => peer.offers);
    return {
      offering: offering.length,
      refusing: offering.filter((peer) => peer.refuses).length,
      silent: offering.filter((peer) => peer.silent).length,
      held,
      size,
      wrong: this.#wrong,
    };
  }

  /** Takes in a peer whose handshake is here; the connection calls on from there. */
  join(connection: PeerConnection, identity: PeerIdentity, now: Millis): MetadataPeer {
    const peer = new MetadataPeer(this, connection, identity, now);
    this.peers.push(peer);
    return peer;
  }

  /** Handshakes are over: says that we have nothing, and what we speak. */
  peerOpened(peer: MetadataPeer, _now: Millis): void {
    const { out, fast, extended } = peer.connection;
    if (fast) out.bare(Message.HaveNone);
    if (extended) {
      const ids = { ...OUR_EXTENSIONS };
      if (!this.#peerExchange) delete ids["ut_pex"];
      const payload = encodeExtensionHandshake({
        ids,
        client: this.#client,
        port: this.#port,
        requestQueue: REQUEST_QUEUE,
        uploadOnly: false,
        metadataSize: null,
        theirAddress: peer.identity.host,
      });
      out.extended(EXTENSION_HANDSHAKE, payload);
    }
    this.#observer.peerJoined(peer);
  }

  /** What can be understood of a peer without knowing the torrent. */
  peerSaid(peer: MetadataPeer, event: PeerEvent, now: Millis): void {
    switch (event.type) {
      case "extension-handshake":
        return this.#greeted(peer, event.handshake);
      case "metadata-request":
        if (peer.id !== null) {
          peer.connection.out.extended(peer.id, encodeMetadataReject(event.piece));
        }
        return;
      case "metadata-data":
        return this.#data(peer, event, now);
      case "metadata-reject":
        if (!peer.asked.delete(event.piece)) return;
        peer.copy?.release(event.piece, peer);
        peer.refuses = true;
        return this.#rest(peer, now);
      case "port":
        return this.#observer.peerNode(peer, event.port);
      case "hash-request":
        return peer.connection.out.bytes(Message.HashReject, encodeHashSpan(event.span));
      case "hashes":
        return this.#layers?.take(peer, event.span, event.hashes, now);
      case "hash-reject":
        return this.#layers?.rejected(peer, event.span, now);
      case "pex":
        return this.#told(peer, event.added, now);
    }
  }

  /** Asks a peer for what is wanted of it. */
  ask(peer: MetadataPeer, now: Millis): void {
    this.#layers?.ask(peer, now);
    const { id, connection } = peer;
    if (this.#found || id === null || now < peer.restUntil) return;
    const copy = peer.copy ?? this.#copies.assign(peer, this.peers, now);
    while (copy !== null && peer.asked.size < DEPTH) {
      const piece = copy.ask(peer, now);
      if (piece === null) break;
      peer.asked.set(piece, now);
      connection.out.extended(id, encodeMetadataRequest(piece));
    }
  }

  /** Sends what is said to a peer; one that reads nothing is closed. */
  flush({ connection }: MetadataPeer, now: Millis): void {
    if (connection.out.length > MOST_UNREAD) connection.close("Reads nothing we send");
    connection.flush(now);
  }

  /** The connection ended, whoever ended it. */
  peerClosed(peer: MetadataPeer, reason: string): void {
    const at = this.peers.indexOf(peer);
    if (at < 0) return;
    this.peers.splice(at, 1);
    this.#copies.leave(peer);
    this.#layers?.left(peer);
    this.#observer.peerLeft(peer, reason);
  }

  /** Closes a peer that lied and keeps it away. */
  drop(peer: MetadataPeer, reason: string): void {
    if (peer.banned) return;
    peer.banned = true;
    this.#observer.peerBanned(peer, reason);
    peer.connection.close(reason);
  }

  /** Closes all peers; new ones may come. */
  closePeers(reason: string): void {
    for (const peer of [...this.peers]) peer.connection.close(reason);
  }

  /** There is a swarm now: it takes all peers as they are, with what they have said so far. */
  handOver(swarm: Swarm, now: Millis): void {
    for (const { connection, identity } of this.peers.splice(0)) {
      swarm.adopt(connection, identity, now);
    }
  }

  /** When {@linkcode tick} wants to be called. */
  nextDeadline(): Millis {
    return this.#nextTick;
  }

  /** Time passes: late answers, peers that had their turn, keep-alives, idle and useless peers. */
  tick(now: Millis): void {
    if (now < this.#nextTick) return;
    this.#nextTick = now + TICK_MS as Millis;
    if (!this.#found) this.#copies.endTurns(this.peers, now);
    this.#layers?.tick(now);
    for (const peer of [...this.peers]) {
      const { connection } = peer;
      if (!connection.held) {
        if (now - Math.max(connection.lastReceived, connection.releasedAt) > IDLE_MS) {
          connection.close("Said nothing for three minutes");
          continue;
        }
        this.#expire(peer, now);
      }
      this.ask(peer, now);
      connection.tick(now);
      if (now - connection.lastSent > KEEP_ALIVE_MS) connection.out.keepAlive();
      this.flush(peer, now);
    }
    if (this.peers.length >= CROWD) this.#makeRoom(now);
  }

  #greeted(peer: MetadataPeer, { ids, client, metadataSize }: ExtensionHandshake): void {
    const id = ids.get("ut_metadata");
    if (id !== undefined) peer.id = id === 0 ? null : id;
    peer.client = client ?? peer.client;
    if (metadataSize === null || metadataSize === peer.size) return;
    this.#copies.leave(peer);
    peer.size = metadataSize;
  }

  /** As often as BEP 11 allows, and no oftener. */
  #told(peer: MetadataPeer, peers: readonly PexPeer[], now: Millis): void {
    if (!this.#peerExchange) return;
    if (now - peer.toldAt < PEX_GAP_MS) {
      if (++peer.toldEarly > MOST_EARLY_PEX) this.drop(peer, "Floods us with peer exchange");
      return;
    }
    peer.toldAt = now;
    peer.toldEarly = 0;
    if (peers.length > 0) this.#observer.peersTold(peer, peers);
  }

  #data(peer: MetadataPeer, event: MetadataMessage & { type: "metadata-data" }, now: Millis): void {
    const { copy } = peer;
    if (!peer.asked.delete(event.piece) && ++peer.unasked > MOST_UNASKED) {
      return peer.connection.close("Sends metadata that nobody asked for");
    }
    // too late for its copy; what is late for itself alone is still good
    if (copy === null) return;
    if (event.totalSize !== copy.size) return this.drop(peer, "Says two sizes of the metadata");
    peer.refuses = peer.silent = false;
    peer.rests = 0;
    peer.heardAt = now;
    peer.down.add(event.data.length, now);
    if (!this.#copies.add(copy, event.piece, event.data, peer, now) || !copy.whole) return;
    const { metadata, authors } = copy.join();
    this.#copies.remove(copy, this.peers);
    this.#observer.hash(metadata, (digest) => this.#hashed(copy, metadata, authors, digest));
  }

  #hashed(
    copy: MetadataCopy,
    metadata: Bytes,
    authors: ReadonlySet<MetadataPeer>,
    digest: Bytes,
  ): void {
    if (this.#found) return;
    if (equalDigest(digest, this.#digest)) return this.supply(metadata);
    this.#wrong++;
    const [author, ...others] = authors;
    // nobody knows who of several lied: they are heard one by one
    if (others.length > 0) this.#copies.isolate(copy.size);
    else this.drop(author!, "Sent metadata whose hash is wrong");
    // the rest goes on at once, not only at the next tick
    this.#nextTick = 0 as Millis;
  }

  /** Answers that are overdue are not waited for; who sends one after the other, however slowly, is not silent. */
  #expire(peer: MetadataPeer, now: Millis): void {
    let late = false;
    for (const [piece, askedAt] of peer.asked) {
      const waited = now - Math.max(askedAt, peer.heardAt);
      const patience = now - peer.connection.lastReceived < ANSWER_MS ? PIECE_MS : ANSWER_MS;
      if (waited < patience) continue;
      peer.asked.delete(piece);
      peer.copy?.release(piece, peer);
      late = true;
    }
    if (!late) return;
    peer.silent = true;
    this.#rest(peer, now);
  }

  /** The peer gives nothing now; what else was asked of it may still come. */
  #rest(peer: MetadataPeer, now: Millis): void {
    if (now < peer.restUntil) return;
    peer.restUntil = now + Math.min(MOST_REST_MS, FIRST_REST_MS * 2 ** peer.rests++);
    if (peer.copy?.lone === peer) this.#copies.leave(peer);
  }

  /** Closes the peer that has had nothing for us longest. */
  #makeRoom(now: Millis): void {
    const useless = this.peers.find((peer) => !peer.offers && now - peer.joinedAt > USELESS_MS);
    useless?.connection.close("Has no metadata, makes room for others");
  }
}
