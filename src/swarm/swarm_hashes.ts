import type { Bytes, Millis, PieceIndex } from "../base/mod.ts";
import type { MerkleTrees } from "../metainfo/mod.ts";
import type { HashEvent } from "../wire/mod.ts";
import { HashServer, reject } from "./hash_server.ts";
import { LeafChecks } from "./leaf_checks.ts";
import type { PartialPiece } from "./partial_piece.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** What a swarm does with Merkle trees (BEP 52): gives hashes to peers, and finds wrong blocks by theirs. Nothing, in v1. */
export class SwarmHashes {
  readonly #server: HashServer | null;
  readonly #checks: LeafChecks | null;

  constructor(swarm: Swarm, trees: MerkleTrees | null) {
    this.#server = trees === null ? null : new HashServer(swarm, trees);
    this.#checks = trees === null ? null : new LeafChecks(swarm, trees);
  }

  /** A peer speaks of hashes. */
  heard(peer: Peer, event: HashEvent, now: Millis): void {
    switch (event.type) {
      case "hash-request":
        if (this.#server === null) return reject(peer, event.span);
        return this.#server.request(peer, event.span, now);
      case "hashes":
        return this.#checks?.take(peer, event.span, event.hashes, now);
      case "hash-reject":
        return this.#checks?.rejected(peer, event.span, now);
    }
  }

  /** Each block of `piece` can be judged as it comes. */
  knows(piece: number): boolean {
    return this.#checks?.knows(piece) ?? false;
  }

  /** A piece begins, or goes on. */
  waits(piece: number): void {
    this.#checks?.waits(piece);
  }

  /** A peer has told all that it has, or of one piece more. */
  gained(peer: Peer, piece: PieceIndex | null): void {
    this.#checks?.gained(peer, piece);
  }

  /** A piece begins, and peers are being asked. */
  begun(piece: PieceIndex, now: Millis): void {
    this.#checks?.begun(piece, now);
  }

  /** A block of a piece came that {@linkcode knows} is true of. */
  arrived(partial: PartialPiece, block: number, now: Millis): void {
    this.#checks?.arrived(partial, block, now);
  }

  /** The hash of a piece is wrong; true: it is seen to here. */
  failed(partial: PartialPiece, data: Bytes, leaves: Bytes, now: Millis): boolean {
    return this.#checks?.failed(partial, data, leaves, now) ?? false;
  }

  /** A piece is here. */
  written(piece: number): void {
    this.#checks?.written(piece);
  }

  /** A peer is gone. */
  left(peer: Peer, now: Millis): void {
    this.#server?.left(peer);
    this.#checks?.left(peer, now);
  }

  /** Time passes. */
  tick(now: Millis): void {
    this.#checks?.tick(now);
  }
}
