import { type Bytes, equalDigest, type PieceIndex, sha1 } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import type { Store } from "../swarm/mod.ts";

/** What a stream store reports; the swarm hears the same named events through it. */
export interface StreamStoreEvents {
  verified(piece: PieceIndex, data: Bytes): void;
  corrupt(piece: PieceIndex, data: Bytes): void;
  /** A piece is good; it stays in `buffer` until that is released. */
  kept(piece: PieceIndex, buffer: Bytes): void;
  /** Hashing itself failed. */
  lost(piece: PieceIndex, error: unknown): void;
  /** Bytes being hashed changed by `delta`. */
  pending(delta: number): void;
}

/** The swarm's store without a disk: pieces are hashed and stay in memory. */
export class StreamStore implements Store {
  readonly #geometry: Geometry;
  readonly #hashes: Bytes;
  readonly #events: StreamStoreEvents;
  readonly #spare: Bytes[] = [];
  /** Pieces being hashed. */
  readonly #running = new Set<Promise<void>>();

  constructor(geometry: Geometry, pieceHashes: Bytes, events: StreamStoreEvents) {
    this.#geometry = geometry;
    this.#hashes = pieceHashes;
    this.#events = events;
  }

  buffer(): Bytes {
    return this.#spare.pop() ?? new Uint8Array(this.#geometry.pieceLength);
  }

  release(buffer: Bytes): void {
    // as many as the window holds are ever made; a short last piece comes back as a short view
    this.#spare.push(new Uint8Array(buffer.buffer));
  }

  commit(piece: PieceIndex, data: Bytes): void {
    const done = this.#commit(piece, data.subarray(0, this.#geometry.pieceSize(piece)));
    this.#running.add(done);
    void done.finally(() => this.#running.delete(done));
  }

  /** Nothing here is offered to peers. */
  read(): null {
    return null;
  }

  expect(): void {}

  /** Resolves when nothing is being hashed. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #commit(piece: PieceIndex, data: Bytes): Promise<void> {
    this.#events.pending(data.length);
    try {
      const digest = await sha1(data);
      if (!equalDigest(digest, this.#hashes.subarray(piece * 20, piece * 20 + 20))) {
        return this.#events.corrupt(piece, data);
      }
      this.#events.verified(piece, data);
      this.#events.kept(piece, new Uint8Array(data.buffer));
    } catch (error) {
      this.#events.lost(piece, error);
    } finally {
      this.#events.pending(-data.length);
    }
  }
}
