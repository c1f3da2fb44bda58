import type { Bytes, PieceIndex } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import { type PieceHashes, PieceVerifier } from "../storage/mod.ts";

/** What becomes of a piece that was committed, wherever it is kept; the swarm hears the same named events. */
export interface CommitEvents {
  verified(piece: PieceIndex, data: Bytes): void;
  /** `leaves`: SHA-256 of each of its blocks (BEP 52); null: v1. */
  corrupt(piece: PieceIndex, data: Bytes, leaves: Bytes | null): void;
  /** It is good and could not be kept, or hashing itself failed. */
  lost(piece: PieceIndex, error: unknown): void;
  /** Bytes on their way through hash and store changed by `delta`. */
  pending(delta: number): void;
}

/** Pieces on their way into a store: Web Crypto hashes them, good ones are kept. */
export class PieceCommits {
  readonly #geometry: Geometry;
  readonly #verifier: PieceVerifier;
  readonly #events: CommitEvents;
  readonly #keep: (piece: PieceIndex, data: Bytes) => Promise<void> | void;
  readonly #running = new Set<Promise<void>>();

  /** `keep` has a good piece from here on; it settles when the piece is kept, or rejects when it is lost. */
  constructor(
    geometry: Geometry,
    hashes: PieceHashes,
    events: CommitEvents,
    keep: (piece: PieceIndex, data: Bytes) => Promise<void> | void,
  ) {
    this.#geometry = geometry;
    this.#verifier = new PieceVerifier(hashes);
    this.#events = events;
    this.#keep = keep;
  }

  /** Takes a whole piece, `data` being a buffer of the torrent's piece length. */
  commit(piece: PieceIndex, data: Bytes): void {
    const done = this.#commit(piece, data.subarray(0, this.#geometry.pieceSize(piece)));
    this.#running.add(done);
    void done.finally(() => this.#running.delete(done));
  }

  /** Resolves when nothing is being hashed or kept. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #commit(piece: PieceIndex, data: Bytes): Promise<void> {
    const size = data.length;
    this.#events.pending(size);
    try {
      const { good, leaves } = await this.#verifier.verify(piece, data);
      if (!good) return this.#events.corrupt(piece, data, leaves);
      this.#events.verified(piece, data);
      await this.#keep(piece, data);
    } catch (error) {
      this.#events.lost(piece, error);
    } finally {
      this.#events.pending(-size);
    }
  }
}
