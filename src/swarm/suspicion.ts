import type { Millis, PieceIndex } from "../base/mod.ts";
import type { Source } from "./source.ts";
import type { Swarm } from "./swarm.ts";

/** How long a suspect waits for another source to prove it right or wrong. */
const TRIAL_MS = 60_000;

interface Charge {
  readonly piece: PieceIndex;
  readonly since: Millis;
}

/**
 * Peers and web servers that sent the whole of a piece whose hash is wrong. Nearly always they lie; but when the
 * torrent itself has a wrong hash, or a router rewrites what passes through it, honest ones look the same. So they are
 * asked for nothing until another one has sent the piece alone: if it is right, they lied; if it is the same, none of
 * them did. Without anybody to compare them with they are banned.
 */
export class Suspicion {
  readonly #charges = new Map<Source, Charge>();
  readonly #disputed = new Set<number>();

  constructor(readonly swarm: Swarm, readonly disputed: (piece: PieceIndex) => void) {}

  /** `author` alone sent a wrong `piece`, as did the `agreeing`, byte by byte the same. */
  accuse(author: Source, agreeing: readonly Source[], piece: PieceIndex, now: Millis): void {
    if (agreeing.length > 0) return this.#dispute([author, ...agreeing], piece);
    author.suspected = true;
    this.#charges.set(author, { piece, since: now });
    author.discount();
    if (!this.#hasWitness(author, piece)) this.#ban(author, piece);
  }

  /** `piece` is right now: who sent another is banned. */
  proved(piece: PieceIndex): void {
    for (const [peer, charge] of [...this.#charges]) {
      if (charge.piece === piece) this.#ban(peer, piece);
    }
  }

  /** A source is gone. */
  left(source: Source): void {
    this.#charges.delete(source);
  }

  /** Bans those whose time is up, or who are all there is. */
  tick(now: Millis): void {
    for (const [peer, { piece, since }] of [...this.#charges]) {
      if (now - since >= TRIAL_MS || !this.#hasWitness(peer, piece)) this.#ban(peer, piece);
    }
  }

  #dispute(peers: readonly Source[], piece: PieceIndex): void {
    for (const peer of peers) {
      if (this.#charges.get(peer)?.piece !== piece) continue;
      this.#charges.delete(peer);
      peer.suspected = false;
    }
    if (this.#disputed.has(piece)) return;
    this.#disputed.add(piece);
    this.disputed(piece);
  }

  #hasWitness(suspect: Source, piece: PieceIndex): boolean {
    const { peers, webseeds, blame } = this.swarm;
    const witness = (source: Source) =>
      source !== suspect && !source.suspected && source.pieces.has(piece) &&
      !blame.failedAlone(piece, source);
    return peers.some(witness) || webseeds.able.some(witness);
  }

  #ban(source: Source, piece: PieceIndex): void {
    this.#charges.delete(source);
    source.ban(`Sent bad data for piece ${piece}`);
  }
}
