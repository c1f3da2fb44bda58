import { type Bytes, type PieceIndex, sha256 } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import type { PieceHashes } from "../storage/mod.ts";
import type { Store } from "../swarm/mod.ts";
import { type CommitEvents, PieceCommits } from "./piece_commits.ts";

/** What a stream store reports; the swarm hears the same named events through it. */
export interface StreamStoreEvents extends CommitEvents {
  /** A piece is good; it stays in `buffer` until that is released. */
  kept(piece: PieceIndex, buffer: Bytes): void;
}

/** The swarm's store without a disk: pieces are hashed and stay in memory. */
export class StreamStore implements Store {
  readonly #geometry: Geometry;
  readonly #commits: PieceCommits;
  readonly #spare: Bytes[] = [];

  constructor(geometry: Geometry, hashes: PieceHashes, events: StreamStoreEvents) {
    this.#geometry = geometry;
    this.#commits = new PieceCommits(geometry, hashes, events, (piece, data) => {
      events.kept(piece, new Uint8Array(data.buffer));
    });
  }

  buffer(): Bytes {
    return this.#spare.pop() ?? new Uint8Array(this.#geometry.pieceLength);
  }

  release(buffer: Bytes): void {
    // as many as the window holds are ever made; a short last piece comes back as a short view
    this.#spare.push(new Uint8Array(buffer.buffer));
  }

  commit(piece: PieceIndex, data: Bytes): void {
    this.#commits.commit(piece, data);
  }

  /** Nothing here is offered to peers. */
  read(): null {
    return null;
  }

  expect(): void {}

  digest(data: Bytes, then: (digest: Bytes) => void): void {
    void sha256(data).then(then);
  }

  /** Resolves when nothing is being hashed. */
  idle(): Promise<void> {
    return this.#commits.idle();
  }
}
