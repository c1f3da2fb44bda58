import type { Bitfield, Bytes, Endpoint, Millis, PieceIndex } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import { Message, type PeerConnection, type PeerEvent } from "../wire/mod.ts";
import { Blame } from "./blame.ts";
import { ChokeRounds } from "./choke_rounds.ts";
import { Downloads } from "./downloads.ts";
import { Extensions } from "./extensions.ts";
import { Interest } from "./interest.ts";
import type { PartialPiece } from "./partial_piece.ts";
import { hurryFirst } from "./hurry.ts";
import { Peer, type PeerIdentity } from "./peer.ts";
import { PeerExchange } from "./pex.ts";
import { PriorityPicker } from "./priority_picker.ts";
import type { Picker, Store, SwarmObserver } from "./ports.ts";
import { sayFirst, sayHaves } from "./say_haves.ts";
import { SuperSeed } from "./super_seed.ts";
import { SwarmHashes } from "./swarm_hashes.ts";
import type { SwarmParts } from "./swarm_parts.ts";
import { Suspicion } from "./suspicion.ts";
import { keepUp } from "./upkeep.ts";
import { Uploads } from "./uploads.ts";
import { Wanted } from "./wanted.ts";
import { Webseeds } from "./webseeds.ts";

/** Bytes waiting for a peer that does not read them; blocks stop long before. */
const MOST_UNREAD = 4 * 1024 * 1024;
/** How often peers are looked at. */
const TICK_MS = 1000;

/**
 * The swarm of one torrent: its peers, who gives what to whom. A synchronous state machine: connections,
 * the store and the clock call it, it answers through their ports.
 */
export class Swarm {
  readonly geometry: Geometry;
  readonly have: Bitfield;
  readonly store: Store;
  readonly picker: Picker;
  /** What is here is offered to peers. */
  readonly sharing: boolean;
  readonly blame: Blame;
  readonly downloads: Downloads;
  readonly uploads: Uploads;
  readonly interest: Interest;
  readonly superSeed: SuperSeed | null;
  readonly webseeds: Webseeds;
  readonly wanted: Wanted;
  readonly hashes: SwarmHashes;
  readonly peers: Peer[] = [];
  /** Complete pieces at the store, not yet known to be good and written. */
  readonly verifying = new Map<number, PartialPiece>();
  /** Asks nobody for anything: the disk failed or the user said so. */
  paused = false;
  readonly #chokes: ChokeRounds;
  readonly #extensions: Extensions;
  readonly #pex: PeerExchange | null;
  readonly #suspicion: Suspicion;
  readonly #observer: SwarmObserver;
  #nextTick = 0 as Millis;
  #now = 0 as Millis;

  constructor(parts: SwarmParts) {
    this.#observer = parts.observer;
    this.geometry = parts.geometry;
    this.have = parts.have;
    this.store = parts.store;
    this.picker = parts.picker ?? new PriorityPicker(parts.geometry.pieceCount, parts.random);
    this.sharing = parts.sharing ?? true;
    for (const piece of parts.have) this.picker.remove(piece);
    this.wanted = new Wanted(this, parts.ranks ?? null);
    this.blame = new Blame(parts.random);
    this.downloads = new Downloads(this, parts.downloadLimit, parts.memory);
    this.uploads = new Uploads(this, parts.uploadLimit);
    this.interest = new Interest(this);
    this.webseeds = new Webseeds(this);
    this.hashes = new SwarmHashes(this, parts.merkle ?? null);
    this.superSeed = parts.superSeed ? new SuperSeed(this, parts.random) : null;
    this.#pex = parts.peerExchange ? new PeerExchange(this, parts.observer) : null;
    this.#extensions = new Extensions(this, parts, this.#pex);
    this.#suspicion = new Suspicion(this, (piece) => parts.observer.pieceDisputed(piece));
    this.#chokes = new ChokeRounds(this, parts.random);
  }

  /** Every piece that is wanted is here. */
  get complete(): boolean {
    return this.wanted.complete;
  }

  /** We will not download (BEP 21). A super seed does not say so: with the few pieces it shows it would be left. */
  get uploadOnly(): boolean {
    return this.complete && this.superSeed?.active !== true;
  }

  /** True when `piece` is to be had. */
  wants(piece: number): boolean {
    return this.wanted.has(piece);
  }

  /** True when `piece` is wanted and not on its way to the disk. */
  lacks(piece: number): boolean {
    return this.wants(piece) && !this.verifying.has(piece);
  }

  /** Takes in a peer whose handshake is here; the connection calls on from there. */
  join(connection: PeerConnection, identity: PeerIdentity, now: Millis): Peer {
    const peer = new Peer(this, connection, identity, this.geometry.pieceCount, now);
    this.peers.push(peer);
    return peer;
  }

  /** Handshakes are over: says what we have and what we speak. */
  peerOpened(peer: Peer, now: Millis): void {
    this.#now = now;
    if (this.superSeed?.active) this.superSeed.hide(peer);
    sayFirst(peer.connection, this.sharing && peer.offers === null ? this.have : null);
    if (peer.connection.extended) this.#extensions.greet(peer);
    this.#pex?.changed();
    this.#observer.peerJoined(peer);
  }

  /** Takes in a peer that is connected since before the torrent's metadata was here: hears what it said so far. */
  adopt(connection: PeerConnection, identity: PeerIdentity, now: Millis): void {
    this.#now = now;
    const peer = this.join(connection, identity, now);
    if (this.superSeed?.active) this.superSeed.hide(peer);
    if (this.sharing && peer.offers === null) sayHaves(connection.out, this.have);
    if (connection.extended) this.#extensions.greet(peer);
    if (connection.settle(this.geometry, peer, now)) this.peerBatch(peer, now);
  }

  /** Lets `peer` ask for `pieces` while choked (BEP 6). */
  grantFast(peer: Peer, pieces: readonly number[], now: Millis): void {
    if (!peer.connection.fast || peer.connection.phase !== "open" || !this.sharing) return;
    if (peer.offers !== null) return;
    for (const piece of pieces) {
      peer.grantedFast.add(piece);
      peer.connection.out.number(Message.AllowedFast, piece);
    }
    peer.connection.flush(now);
  }

  /** Asks a peer that told us of `endpoint`, which cannot be reached, to arrange a meeting (BEP 55); false: there is none. */
  arrangeMeeting(endpoint: Endpoint, now: Millis): boolean {
    return this.#pex?.meetings.arrange(endpoint, now) ?? false;
  }

  /** Everything a peer says but blocks, requests and haves. */
  peerSaid(peer: Peer, event: PeerEvent, now: Millis): void {
    this.#now = now;
    switch (event.type) {
      case "choke":
        peer.choking = true;
        this.downloads.choked(peer);
        return this.askAll(now);
      case "unchoke":
        peer.choking = false;
        peer.snubbed = false;
        return this.downloads.asks.review(this.peers, now, this.webseeds.running);
      case "interested":
      case "not-interested":
        peer.interested = event.type === "interested";
        return this.#chokes.changed(peer, now);
      case "bitfield":
        this.interest.bitfield(peer, event.have, now);
        return this.superSeed?.offer(peer, now);
      case "cancel":
        return this.uploads.cancel(peer, event.piece, event.begin, event.length);
      case "reject":
        return this.downloads.rejected(peer, event.piece, event.begin, event.length);
      case "allowed-fast":
        if (peer.allowedFast.size < 100) peer.allowedFast.add(event.piece);
        return;
      case "extension-handshake":
        this.#extensions.heard(peer, event.handshake);
        this.#chokes.changed(peer, now);
        return this.dropIfUseless(peer);
      case "upload-only":
        peer.uploadOnly = event.on;
        this.#chokes.changed(peer, now);
        return this.dropIfUseless(peer);
      case "port":
        return this.#observer.peerNode(peer, event.port);
      case "hash-request":
      case "hashes":
      case "hash-reject":
        return this.hashes.heard(peer, event, now);
      case "dont-have":
        return this.interest.hasNot(peer, event.piece, now);
      case "pex":
        return this.#pex?.received(peer, event, now);
      case "holepunch":
        return this.#pex?.meetings.received(peer, event.message, now);
      case "metadata-request":
        return this.#extensions.metadataRequested(peer, event.piece, now);
    }
  }

  /** All that arrived together was handled: asks for more, serves, sends. */
  peerBatch(peer: Peer, now: Millis): void {
    this.#now = now;
    this.downloads.ask(peer, now);
    if (peer.uploads.length > 0 && peer.awaiting === null) this.uploads.serve(peer, now);
    // every message can have an answer: who only talks must not fill our memory with them
    if (peer.connection.out.length > MOST_UNREAD) peer.connection.close("Reads nothing we send");
    peer.connection.flush(now);
  }

  /** The peer's link has sent enough to take more. */
  drained(peer: Peer, now: Millis): void {
    this.#extensions.drained(peer, now);
    if (peer.uploads.length > 0 && peer.awaiting === null) this.uploads.serve(peer, now);
  }

  /** The connection ended, whoever ended it. */
  peerClosed(peer: Peer, reason: string): void {
    const at = this.peers.indexOf(peer);
    if (at < 0) return;
    this.peers.splice(at, 1);
    // blame may remember the peer for long, but not what it asked for
    peer.uploads.length = 0;
    this.downloads.release(peer);
    this.interest.gone(peer);
    this.#suspicion.left(peer);
    this.hashes.left(peer, this.#now);
    this.#pex?.left(peer);
    this.#observer.peerLeft(peer, reason);
    this.#chokes.left(peer, this.#now);
    this.askAll(this.#now);
  }

  /** Closes a peer that broke the rules and keeps it away. */
  drop(peer: Peer, reason: string): void {
    if (peer.banned) return;
    peer.banned = true;
    this.#observer.peerBanned(peer, reason);
    peer.connection.close(reason);
  }

  /** The store found a piece good; it is being written. `data` is still ours during the call. */
  pieceVerified(piece: PieceIndex, data: Bytes): void {
    const partial = this.verifying.get(piece);
    if (partial === undefined || !this.blame.suspects(piece)) return;
    for (const guilty of this.blame.passed(partial, data)) {
      guilty.ban(`Sent bad data for piece ${piece}`);
    }
    this.#suspicion.proved(piece);
  }

  /**
   * The hash of a piece is wrong. With `leaves`, those of its blocks, it may be found out which of these are; otherwise
   * all of it is fetched anew.
   */
  pieceCorrupt(piece: PieceIndex, data: Bytes, now: Millis, leaves: Bytes | null = null): void {
    const partial = this.verifying.get(piece);
    if (partial === undefined) return;
    if (leaves !== null && this.hashes.failed(partial, data, leaves, now)) return;
    this.refetch(partial, data, now);
  }

  /** A piece that failed is fetched again from one peer alone; whoever sent all of it is suspected. */
  refetch(partial: PartialPiece, data: Bytes, now: Millis): void {
    const { piece } = partial;
    if (!this.verifying.delete(piece)) return;
    this.downloads.wasted += partial.size;
    const { author, agreeing } = this.blame.failed(partial, data);
    this.store.release(data);
    this.picker.restore(piece);
    if (author !== null) this.#suspicion.accuse(author, agreeing, piece, now);
    this.askAll(now);
  }

  /** A piece is on disk, or wherever else the store keeps it. */
  pieceWritten(piece: PieceIndex, now: Millis): void {
    this.#now = now;
    this.verifying.delete(piece);
    const wanted = this.wants(piece);
    if (!this.have.add(piece)) return;
    this.wanted.came(piece);
    this.hashes.written(piece);
    for (const peer of [...this.peers]) {
      if (this.sharing) peer.connection.out.number(Message.Have, piece);
      if (wanted && peer.pieces.has(piece)) {
        // it has the piece itself: the news can wait for the next message
        peer.useful--;
        this.interest.update(peer, now);
      } else {
        peer.connection.flush(now);
      }
    }
    this.#observer.pieceDone(piece);
    if (this.complete) this.completionChanged(now);
  }

  /** Everything wanted is here now, or no longer. */
  completionChanged(now: Millis): void {
    this.tellUploadOnly(now);
    if (!this.complete) return;
    this.webseeds.close();
    for (const peer of [...this.peers]) this.dropIfUseless(peer);
  }

  /**
   * We have `piece` no longer: it left the memory that was all it lay in. Peers hear of it (BEP 54), what they asked
   * of it is rejected; with `again` it is to be downloaded once more. Nothing happens when it is not here.
   */
  dropPiece(piece: PieceIndex, again: boolean, now: Millis): void {
    if (!this.have.has(piece)) return;
    this.#now = now;
    const wasComplete = this.complete;
    this.have.delete(piece);
    const wanted = this.wanted.left(piece, again);
    this.#extensions.tellDontHave(piece, now);
    this.uploads.unreadable(piece, now);
    if (!wanted) return;
    if (wasComplete) this.tellUploadOnly(now);
    for (const peer of [...this.peers]) {
      if (!peer.pieces.has(piece)) continue;
      peer.useful++;
      this.interest.update(peer, now);
    }
    this.askAll(now);
  }

  /** Tells peers whether we download. */
  tellUploadOnly(now: Millis): void {
    this.#extensions.tellUploadOnly(now);
  }

  /** A good piece could not be written: it waits again. */
  pieceLost(piece: PieceIndex): void {
    if (!this.verifying.delete(piece)) return;
    this.picker.restore(piece);
  }

  /** Closes all peers; new ones may come. */
  closePeers(reason: string): void {
    for (const peer of [...this.peers]) peer.connection.close(reason);
  }

  /** Closes all peers and forgets what is half done. */
  close(reason: string): void {
    this.paused = true;
    this.webseeds.close();
    this.closePeers(reason);
    this.downloads.clear();
  }

  /** Asks everybody for more: blocks became free, or a pause ended. */
  askAll(now: Millis): void {
    for (const peer of this.peers) {
      if (peer.outstanding >= peer.depth.value) continue;
      this.downloads.ask(peer, now);
      peer.connection.flush(now);
    }
    this.webseeds.ask(now);
  }

  /** When {@linkcode tick} wants to be called. */
  nextDeadline(): Millis {
    return this.#nextTick;
  }

  /** Time passes: chokes, snubs, keep-alives, idle peers. */
  tick(now: Millis): void {
    this.#now = now;
    if (now < this.#nextTick) return;
    this.#nextTick = now + TICK_MS as Millis;
    for (const peer of [...this.peers]) keepUp(this, peer, now);
    if (this.picker.hurried) hurryFirst(this, now);
    this.webseeds.tick(now);
    this.hashes.tick(now);
    this.downloads.asks.review(this.peers, now, this.webseeds.running);
    // blocks that peers gave back one by one wait for nobody longer than this
    this.askAll(now);
    this.#suspicion.tick(now);
    this.superSeed?.tick(now);
    this.#pex?.tick(now);
    this.#chokes.tick(now);
  }

  /** Two that both need nothing only cost each other a connection. */
  dropIfUseless(peer: Peer): void {
    if (this.complete && (peer.seed || peer.uploadOnly)) {
      peer.connection.close("Both sides are complete");
    }
  }
}
