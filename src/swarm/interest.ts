import type { Bitfield, Millis, PieceIndex } from "../base/mod.ts";
import { Message } from "../wire/mod.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** A seed that gives up a piece is counted piece by piece from then on; nobody may make us do that again and again. */
const MOST_RELAPSES = 4;

/** Who has what, how rare that makes each piece, and in whom we are interested. */
export class Interest {
  constructor(readonly swarm: Swarm) {}

  /** The peer has one more piece. */
  has(peer: Peer, piece: PieceIndex, now: Millis): void {
    if (!peer.pieces.add(piece)) return;
    this.swarm.hashes.gained(peer, piece);
    this.swarm.superSeed?.has(peer, piece, now);
    if (peer.seed) this.#becameSeed(peer, piece);
    else this.swarm.picker.gained(piece);
    if (this.swarm.wants(piece)) {
      peer.useful++;
      this.update(peer, now);
    }
  }

  /** The peer has a piece no longer (BEP 54). */
  hasNot(peer: Peer, piece: PieceIndex, now: Millis): void {
    const { picker, downloads } = this.swarm;
    const wasSeed = peer.seed;
    if (!peer.pieces.delete(piece)) return;
    this.swarm.superSeed?.hasNot(peer, piece);
    if (!wasSeed) picker.lost(piece);
    else if (++peer.relapses > MOST_RELAPSES) {
      return peer.connection.close("Has and has not the same piece again and again");
    } else for (const other of peer.pieces) picker.gained(other);
    if (this.swarm.wants(piece)) {
      peer.useful--;
      this.update(peer, now);
    }
    downloads.cannot(peer, piece, now);
  }

  /** All the peer has. */
  bitfield(peer: Peer, have: Bitfield, now: Millis): void {
    if (peer.pieces.count > 0) {
      // said again in place of haves: only what is new costs anything
      for (const piece of peer.pieces.missing(have)) this.has(peer, piece as PieceIndex, now);
      return;
    }
    peer.pieces = have;
    this.swarm.hashes.gained(peer, null);
    this.swarm.superSeed?.bitfield(peer, now);
    if (!have.full) { for (const piece of have) this.swarm.picker.gained(piece); }
    this.recount(peer, now);
    this.swarm.dropIfUseless(peer);
  }

  /** The peer is gone: its pieces count no longer. */
  gone(peer: Peer): void {
    this.swarm.superSeed?.gone(peer);
    if (peer.seed) return;
    for (const piece of peer.pieces) this.swarm.picker.lost(piece);
  }

  /** Our own pieces changed: is there something we want of the peer? */
  recount(peer: Peer, now: Millis): void {
    peer.useful = 0;
    for (const piece of peer.pieces) if (this.swarm.wants(piece)) peer.useful++;
    this.update(peer, now);
  }

  /** Tells the peer when our interest in it began or ended. */
  update(peer: Peer, now: Millis): void {
    const wanted = peer.useful > 0;
    if (wanted === peer.amInterested || peer.connection.phase === "closed") return;
    peer.amInterested = wanted;
    peer.connection.out.bare(wanted ? Message.Interested : Message.NotInterested);
    peer.connection.flush(now);
  }

  /** A seed is not counted piece by piece: it changes no order. */
  #becameSeed(peer: Peer, last: number): void {
    for (const piece of peer.pieces) if (piece !== last) this.swarm.picker.lost(piece);
    this.swarm.dropIfUseless(peer);
  }
}
