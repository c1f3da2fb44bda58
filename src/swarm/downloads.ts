import {
  Budget,
  type Bytes,
  type Millis,
  type PieceIndex,
  type PoolMember,
  RateMeter,
} from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";
import { Message } from "../wire/mod.ts";
import { AskLimit } from "./ask_limit.ts";
import { askDuplicates } from "./endgame.ts";
import { PartialPiece } from "./partial_piece.ts";
import type { Peer } from "./peer.ts";
import type { DownloadLimit } from "./ports.ts";
import type { Source } from "./source.ts";
import type { Swarm } from "./swarm.ts";
import { noteTails, ownPart } from "./tails.ts";
import { cancelBlock } from "./take_back.ts";

/** Pieces begun and not complete, however small they are. */
const MOST_PARTIALS = 256;
/** A peer that sends nothing it owes for this long is snubbing us. */
export const SNUB_MS = 20_000;
/** A peer that works alone on a piece keeps everybody else from it, so less is enough. */
const SOLO_SILENCE_MS = 5_000;
/** Requests refused in a row before a peer is no longer asked: more than it can have had from us at once, twice. */
const MOST_REFUSED = 2048;
/** Blocks nobody asked for before a peer is sent away. */
const MOST_UNASKED = 64;

/** The downloading half of a swarm: whom to ask for which block, and what to do with what comes. */
export class Downloads {
  /** Payload received, useful or not. */
  readonly rate = new RateMeter();
  /** Payload that was of no use: duplicates, unasked, failed. */
  wasted = 0;
  /** Pieces that have begun, oldest first. */
  readonly partials = new Map<number, PartialPiece>();
  /** What a download limit leaves of each peer's depth. */
  readonly asks: AskLimit;
  readonly #budget: Budget;

  constructor(readonly swarm: Swarm, limit: DownloadLimit, readonly memory: PoolMember) {
    this.asks = new AskLimit(limit);
    this.#budget = limit.budget ?? new Budget(Infinity);
  }

  /** Payload came, useful or not. */
  count(bytes: number, now: Millis): void {
    this.rate.add(bytes, now);
    this.#budget.spend(bytes);
  }

  /** Asks `peer` for as much as it may have in flight. What is written goes out with the next flush. */
  ask(peer: Peer, now: Millis): void {
    if (!peer.amInterested || (peer.choking && peer.allowedFast.size === 0)) return;
    if (this.swarm.paused || peer.suspected) return;
    const depth = Math.min(peer.depth.value, this.asks.each) - peer.outstanding;
    let room = Math.min(depth, this.#budget.room(BLOCK_SIZE));
    if (room <= 0) return;
    if (peer.outstanding === 0) peer.lastBlockAt = now;
    for (const partial of this.partials.values()) {
      if (partial.free === 0 || !this.#mayWork(peer, partial)) continue;
      room = this.#askFree(peer, partial, room, now);
      if (room === 0) return;
    }
    while (room > 0) {
      const partial = this.#begin(peer);
      if (partial === null) break;
      this.swarm.hashes.begun(partial.piece, now);
      // it sent a wrong one of these before: that one waits for another peer
      if (!this.#mayWork(peer, partial)) continue;
      room = this.#askFree(peer, partial, room, now);
    }
    if (room > 0) askDuplicates(this, peer, room, now);
  }

  /** A block came from `peer`. */
  block(peer: Peer, piece: PieceIndex, begin: number, data: Bytes, now: Millis): void {
    peer.down.add(data.length, now);
    this.count(data.length, now);
    const block = begin / BLOCK_SIZE;
    const { geometry } = this.swarm;
    const id = piece * geometry.blocksPerPiece + block;
    if (geometry.sizes !== null) data = ownPart(geometry, piece, begin, data);
    const askedAt = geometry.isBlock(piece, begin, data.length) ? peer.inFlight.get(id) : undefined;
    if (askedAt === undefined) return this.#unasked(peer, data.length);
    peer.inFlight.delete(id);
    const outstanding = askedAt >= 0;
    if (outstanding) this.#owe(peer, -1);
    peer.lastBlockAt = now;
    peer.snubbed = false;
    peer.refused = 0;
    peer.depth.received(peer.down, now);
    const partial = this.partials.get(piece);
    if (partial === undefined || peer.suspected || (partial.alone && partial.soloist !== peer)) {
      if (outstanding) partial?.unask(block);
      this.wasted += data.length;
      return;
    }
    if (!partial.put(block, data, peer, outstanding)) {
      this.wasted += data.length;
      return;
    }
    this.placed(partial, block, now);
    if (this.swarm.hashes.knows(piece) && !partial.complete) {
      this.swarm.hashes.arrived(partial, block, now);
    }
  }

  /** A block is in its place: who else was asked for it hears so, and a whole piece goes to the store. */
  placed(partial: PartialPiece, block: number, now: Millis): void {
    const { piece, complete } = partial;
    if (complete) {
      // first of all: others are asked for more below, and must not find a whole piece to make room of
      this.partials.delete(piece);
      this.memory.give(this.swarm.geometry.pieceLength);
      this.swarm.verifying.set(piece, partial);
    }
    if (partial.asked(block) > 0) cancelBlock(this.swarm, partial.piece, block, now);
    if (complete) this.swarm.store.commit(piece, partial.buffer);
  }

  /** Asks one more peer for a block that others owe us. */
  askAgain(peer: Peer, partial: PartialPiece, block: number, now: Millis): void {
    partial.askAgain(block);
    this.#send(peer, partial.piece, block, now);
  }

  /** The peer refuses one of our requests (BEP 6). */
  rejected(peer: Peer, piece: PieceIndex, begin: number, length: number): void {
    if (this.swarm.geometry.sizes !== null) {
      noteTails(this.swarm.geometry, peer, piece, begin, length);
    }
    const block = begin / BLOCK_SIZE;
    this.forget(peer, piece * this.swarm.geometry.blocksPerPiece + block);
    // a piece granted out of turn that it will not give: do not ask for it again
    if (peer.choking) peer.allowedFast.delete(piece);
    else if (++peer.refused > MOST_REFUSED) peer.connection.close("Refuses every request");
  }

  /** The peer choked us: without the fast extension that drops our requests, with it each is rejected. */
  choked(peer: Peer): void {
    if (!peer.connection.fast) {
      // some of it may be on its way
      peer.cancelled += peer.inFlight.size;
      this.release(peer);
    } else for (const partial of this.partials.values()) this.leave(peer, partial);
  }

  /** The peer has `piece` no longer: its blocks are asked of others, and taken if they come all the same. */
  cannot(peer: Peer, piece: PieceIndex, now: Millis): void {
    const before = peer.outstanding;
    this.#discountPiece(peer, piece);
    const partial = this.partials.get(piece);
    if (partial !== undefined) this.leave(peer, partial);
    if (peer.outstanding < before) this.swarm.askAll(now);
  }

  /** Gives the blocks asked of `peer` to others, for good. */
  release(peer: Peer): void {
    for (const id of [...peer.inFlight.keys()]) this.forget(peer, id);
    for (const partial of this.partials.values()) this.leave(peer, partial);
  }

  /** Looks for peers that owe us blocks too long; their blocks go to others, but are taken if they come. */
  tick(peer: Peer, now: Millis): void {
    this.#hurrySoloist(peer, now);
    const since = Math.max(peer.lastBlockAt, peer.connection.releasedAt);
    if (peer.outstanding === 0 || now - since < SNUB_MS) return;
    peer.snubbed = true;
    peer.depth.snubbed();
    this.discountAll(peer);
    this.swarm.askAll(now);
  }

  /** Counts on nothing of `peer` any longer: what it was asked for is asked of others. */
  discountAll(peer: Peer): void {
    for (const id of peer.inFlight.keys()) this.#discount(peer, id);
    for (const partial of this.partials.values()) this.leave(peer, partial);
  }

  /** Throws away all partial pieces (the torrent stops); their requests must be gone already. */
  clear(): void {
    for (const partial of this.partials.values()) this.drop(partial);
  }

  #mayWork(peer: Peer, partial: PartialPiece): boolean {
    if (!peer.serves(partial.piece)) return false;
    if (!partial.alone) return true;
    if (partial.soloist !== null) return partial.soloist === peer;
    if (this.swarm.blame.failedAlone(partial.piece, peer)) return false;
    // its try is over, unless all others have had theirs
    return !partial.tooSlow.has(peer) || !this.#others(peer, partial);
  }

  /** True when another peer has not yet had its try at a piece that one works on alone. */
  #others(peer: Peer, partial: PartialPiece): boolean {
    return this.swarm.peers.some((other) =>
      other !== peer && !other.snubbed && !partial.tooSlow.has(other) &&
      other.serves(partial.piece) && !this.swarm.blame.failedAlone(partial.piece, other)
    ) || this.swarm.webseeds.mayTry(partial);
  }

  /** A soloist that dawdles or falls silent makes room for a peer that has not yet had its try. */
  #hurrySoloist(peer: Peer, now: Millis): void {
    for (const partial of this.partials.values()) {
      if (partial.soloist !== peer) continue;
      const since = Math.max(peer.lastBlockAt, peer.connection.releasedAt, partial.soloSince);
      const late = now - partial.soloSince >= partial.soloTime || now - since >= SOLO_SILENCE_MS;
      if (!late || !this.#others(peer, partial)) continue;
      partial.tooSlow.add(peer);
      this.#discountPiece(peer, partial.piece);
      this.leave(peer, partial);
      this.swarm.askAll(now);
    }
  }

  #askFree(peer: Peer, partial: PartialPiece, room: number, now: Millis): number {
    if (partial.alone && partial.soloist !== peer) {
      partial.soloist = peer;
      partial.soloSince = now;
    }
    while (room > 0) {
      const block = partial.takeFree();
      if (block < 0) break;
      this.#send(peer, partial.piece, block, now);
      room--;
    }
    return room;
  }

  #send(peer: Peer, piece: PieceIndex, block: number, now: Millis): void {
    const { geometry } = this.swarm;
    const id = piece * geometry.blocksPerPiece + block;
    // it snubbed us with this one and is asked again: both answers may come
    if (peer.inFlight.has(id)) peer.cancelled++;
    peer.inFlight.set(id, now);
    this.#owe(peer, 1);
    peer.connection.out.block(
      Message.Request,
      piece,
      block * BLOCK_SIZE,
      peer.blockSize(geometry, piece, block),
    );
  }

  /** Memory for one more piece; everybody has it for one, and for two who shares it with nobody. */
  get hasRoom(): boolean {
    const { size } = this.partials;
    if (size >= MOST_PARTIALS) return false;
    return size === 0 || this.memory.mayTake(this.swarm.geometry.pieceLength) ||
      (size === 1 && this.memory.alone);
  }

  /** Begins the piece the picker gives the peer, memory permitting. */
  #begin(peer: Peer): PartialPiece | null {
    if (!this.hasRoom && !this.#makeRoom()) return null;
    const piece = peer.choking ? this.#allowed(peer) : this.#pick(peer);
    return piece === null ? null : this.begin(piece);
  }

  /** A piece that waits, or one that a web server has been promised and comes to last. */
  #pick({ pieces }: Peer): PieceIndex | null {
    const { picker, webseeds } = this.swarm;
    return picker.pick(pieces) ?? (webseeds.yield(pieces) ? picker.pick(pieces) : null);
  }

  /** Begins a piece that waits, or was taken out of those that wait; memory is not asked for. */
  begin(piece: PieceIndex): PartialPiece {
    const { swarm } = this;
    swarm.picker.remove(piece);
    const partial = new PartialPiece(
      piece,
      swarm.geometry.pieceSize(piece),
      swarm.store,
      swarm.blame.suspects(piece),
    );
    this.partials.set(piece, partial);
    this.memory.take(swarm.geometry.pieceLength);
    swarm.hashes.waits(piece);
    if (swarm.picker.ordered) this.#sort(piece);
    return partial;
  }

  /** A piece that was whole lacks blocks again. */
  resume(partial: PartialPiece): void {
    this.partials.set(partial.piece, partial);
    this.memory.take(this.swarm.geometry.pieceLength);
    this.swarm.hashes.waits(partial.piece);
    if (this.swarm.picker.ordered) this.#sort(partial.piece);
  }

  /** Where pieces are to be finished in their order, those behind `piece` stand behind it: one that failed comes first. */
  #sort(piece: number): void {
    const { picker } = this.swarm;
    const rank = picker.rank(piece);
    for (const later of [...this.partials.values()]) {
      const theirs = picker.rank(later.piece);
      if (theirs > rank || (theirs === rank && later.piece <= piece)) continue;
      this.partials.delete(later.piece);
      this.partials.set(later.piece, later);
    }
  }

  /** A piece not begun that the choking peer grants. */
  #allowed(peer: Peer): PieceIndex | null {
    for (const piece of peer.allowedFast) {
      if (!peer.pieces.has(piece) || !this.swarm.picker.mayBegin(piece)) continue;
      if (this.swarm.lacks(piece) && !this.partials.has(piece)) return piece as PieceIndex;
    }
    return null;
  }

  #unasked(peer: Peer, bytes: number): void {
    this.wasted += bytes;
    if (peer.cancelled > 0) peer.cancelled--;
    else if (++peer.unasked > MOST_UNASKED) {
      this.swarm.drop(peer, "Sent blocks that nobody asked for");
    }
  }

  /** Takes one request back; its block is free again unless others were asked too. */
  forget(peer: Peer, id: number): void {
    this.#discount(peer, id);
    peer.inFlight.delete(id);
  }

  /** Counts on a request no longer, without taking it back: its block is taken if it comes. */
  #discount(peer: Peer, id: number): void {
    if ((peer.inFlight.get(id) ?? -1) < 0) return;
    peer.inFlight.set(id, -1);
    this.#owe(peer, -1);
    const { blocksPerPiece } = this.swarm.geometry;
    this.partials.get(Math.floor(id / blocksPerPiece))?.unask(id % blocksPerPiece);
  }

  /** The peer owes us `blocks` more. */
  #owe(peer: Peer, blocks: number): void {
    peer.outstanding += blocks;
    this.#budget.promise(blocks * BLOCK_SIZE);
  }

  #discountPiece(peer: Peer, piece: number): void {
    const { blocksPerPiece } = this.swarm.geometry;
    for (const id of peer.inFlight.keys()) {
      if (Math.floor(id / blocksPerPiece) === piece) this.#discount(peer, id);
    }
  }

  /** A soloist that goes takes its share along: the next one starts afresh, so that a failure has one author. */
  leave(source: Source, partial: PartialPiece): void {
    if (partial.soloist !== source) return;
    partial.soloist = null;
    partial.reset();
  }

  /** Drops the least complete piece that no connected peer can finish; false when there is none. */
  #makeRoom(): boolean {
    let least: PartialPiece | null = null;
    for (const partial of this.partials.values()) {
      if (least !== null && partial.received >= least.received) continue;
      if (!this.#served(partial.piece)) least = partial;
    }
    if (least === null) return false;
    // who owes blocks of it (it choked us, its refusals are to come) owes them to a piece begun anew no more
    const first = least.piece * this.swarm.geometry.blocksPerPiece;
    for (const peer of this.swarm.peers) {
      for (let block = 0; block < least.blockCount; block++) this.#discount(peer, first + block);
    }
    this.drop(least);
    return true;
  }

  #served(piece: number): boolean {
    const { peers, webseeds } = this.swarm;
    return peers.some((peer) => peer.serves(piece)) || webseeds.serves(piece);
  }

  /** Lets go of what is here of a piece: it waits to be begun anew. */
  drop(partial: PartialPiece): void {
    this.partials.delete(partial.piece);
    this.memory.give(this.swarm.geometry.pieceLength);
    this.swarm.picker.restore(partial.piece);
    partial.release();
  }
}
