import type { Millis, PieceIndex, Random } from "../base/mod.ts";
import { Message } from "../wire/mod.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** Pieces a peer is offered and that no other peer has yet: one on its way and one to go on with. */
const MOST_OFFERED = 2;
/** A peer that has its piece for so long is offered another, though nobody got it from there: it may reach nobody. */
const PATIENCE_MS = 30_000;
/** When there are so many copies besides ours, the swarm can do without us. */
const COPIES_ENOUGH = 2;
/** Pieces revealed to each peer a second once super seeding is over. */
const REVEALED_AT_ONCE = 500;

/** What a super seed shows to one peer. */
export interface Offers {
  /** All it was ever shown: it may ask for these. */
  readonly revealed: Set<number>;
  /** Of them, those no other peer has yet, and since when this one has it (Infinity: not yet). */
  readonly open: Map<number, number>;
}

/**
 * Super seeding (BEP 16): the only seed of a torrent seems to have nothing, and shows each peer one piece after another,
 * each time the one the fewest have. It shows the next when another peer has got that piece from there. So almost every
 * piece is sent once until all of them are in the swarm. With two copies of everything besides ours it ends, and peers
 * are shown the rest.
 */
export class SuperSeed {
  /** Peers connected that have each piece, and those it was shown to that lack it. */
  readonly #copies: Uint16Array;
  readonly #offered: Uint16Array;
  /** Whom each piece is on offer to. */
  readonly #open = new Map<number, Set<Peer>>();
  /** Other seeds, by peer id, as many as matter. */
  readonly #seeds = new Set<string>();
  #isOver = false;

  constructor(readonly swarm: Swarm, readonly random: Random) {
    this.#copies = new Uint16Array(swarm.geometry.pieceCount);
    this.#offered = new Uint16Array(swarm.geometry.pieceCount);
  }

  /** It hides what we have. Not before we have everything. */
  get active(): boolean {
    return !this.#isOver && this.swarm.have.full;
  }

  /** A peer that sees nothing until it is shown something. */
  hide(peer: Peer): void {
    peer.offers = { revealed: new Set(), open: new Map() };
  }

  /** The peer has one more piece. */
  has(peer: Peer, piece: number, now: Millis): void {
    this.#copies[piece]!++;
    this.#countSeed(peer);
    this.#arrived(peer, piece, now);
  }

  /** All the peer has: at first, or later when it had nothing. */
  bitfield(peer: Peer, now: Millis): void {
    for (const piece of peer.pieces) this.#copies[piece]!++;
    this.#countSeed(peer);
    for (const piece of [...this.#open.keys()]) {
      if (peer.pieces.has(piece)) this.#arrived(peer, piece, now);
    }
  }

  /** The peer has one piece fewer. */
  hasNot(peer: Peer, piece: number): void {
    this.#copies[piece]!--;
    if (!peer.offers?.open.has(piece)) return;
    this.#offered[piece]!++;
    peer.offers.open.set(piece, Infinity);
  }

  /** The peer is gone; what it was shown goes to others. */
  gone(peer: Peer): void {
    for (const piece of peer.pieces) this.#copies[piece]!--;
    for (const piece of peer.offers?.open.keys() ?? []) this.#forget(peer, piece);
  }

  /** Time passes: offers to newcomers, and to those that wait in vain; the end. */
  tick(now: Millis): void {
    if (this.active && this.#enough()) {
      this.#isOver = true;
      this.swarm.tellUploadOnly(now);
    }
    for (const peer of this.swarm.peers) {
      const { offers } = peer;
      if (offers === null) continue;
      if (!this.active) this.#unhide(peer, offers, now);
      else {
        for (const [piece, since] of [...offers.open]) {
          const done = now - since >= PATIENCE_MS || (since <= now && this.#isAlone(peer));
          if (done) this.#forget(peer, piece);
        }
        this.offer(peer, now);
      }
    }
  }

  /** Shows the peer what it may have. */
  offer(peer: Peer, now: Millis): void {
    const { offers } = peer;
    if (offers === null || !this.active || peer.uploadOnly) return;
    while (offers.open.size < MOST_OFFERED) {
      const piece = this.#rarest(peer, offers);
      if (piece === null) return;
      offers.open.set(piece, Infinity);
      this.#offered[piece]!++;
      const open = this.#open.get(piece);
      if (open === undefined) this.#open.set(piece, new Set([peer]));
      else open.add(peer);
      this.#reveal(peer, offers, piece, now);
    }
  }

  /** What is on offer has come to the peer, from us or from one it was shown to. */
  #arrived(peer: Peer, piece: number, now: Millis): void {
    const { offers } = peer;
    if (offers?.open.has(piece)) {
      this.#offered[piece]!--;
      offers.open.set(piece, now);
      if (this.#isAlone(peer)) this.#close(peer, piece, now);
    }
    for (const other of [...this.#open.get(piece) ?? []]) {
      if (this.#isSpread(other, piece)) this.#close(other, piece, now);
    }
  }

  #countSeed(peer: Peer): void {
    const id = peer.connection.remoteId;
    if (peer.seed && id !== null && this.#seeds.size < COPIES_ENOUGH) this.#seeds.add(String(id));
  }

  /** Another peer than the one it was shown to has it, too. */
  #isSpread(peer: Peer, piece: number): boolean {
    return peer.pieces.has(piece) && this.#copies[piece]! > 1;
  }

  #isAlone(peer: Peer): boolean {
    return this.swarm.peers.every((other) => other === peer || other.uploadOnly);
  }

  #close(peer: Peer, piece: number, now: Millis): void {
    this.#forget(peer, piece);
    this.offer(peer, now);
  }

  #forget(peer: Peer, piece: number): void {
    if (peer.offers?.open.delete(piece) !== true) return;
    if (!peer.pieces.has(piece)) this.#offered[piece]!--;
    const open = this.#open.get(piece);
    open?.delete(peer);
    if (open?.size === 0) this.#open.delete(piece);
  }

  /** What the fewest have or are shown, at random among equals; null when the peer has or sees all there is. */
  #rarest(peer: Peer, { revealed }: Offers): PieceIndex | null {
    let best: number | null = null;
    let least = Infinity;
    const { pieceCount } = this.swarm.geometry;
    const start = this.random.below(pieceCount);
    for (let i = 0; i < pieceCount && least > 0; i++) {
      const piece = (start + i) % pieceCount;
      const copies = this.#copies[piece]! + this.#offered[piece]!;
      if (copies >= least || peer.pieces.has(piece) || revealed.has(piece)) continue;
      [best, least] = [piece, copies];
    }
    return best as PieceIndex | null;
  }

  #enough(): boolean {
    return this.#copies.every((copies) => copies + this.#seeds.size >= COPIES_ENOUGH);
  }

  #unhide(peer: Peer, offers: Offers, now: Millis): void {
    let left = REVEALED_AT_ONCE;
    for (const piece of this.swarm.have) {
      if (offers.revealed.has(piece)) continue;
      if (left-- === 0) return;
      this.#reveal(peer, offers, piece, now);
    }
    for (const piece of [...offers.open.keys()]) this.#forget(peer, piece);
    peer.offers = null;
  }

  #reveal(peer: Peer, { revealed }: Offers, piece: number, now: Millis): void {
    revealed.add(piece);
    peer.connection.out.number(Message.Have, piece);
    peer.connection.flush(now);
  }
}
