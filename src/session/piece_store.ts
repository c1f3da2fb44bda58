import { type Bytes, concat, type PieceIndex, sha256 } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import type { TorrentStore } from "../storage/mod.ts";
import { DiskError, leavesOf, type PieceHashes } from "../storage/mod.ts";
import type { Store } from "../swarm/mod.ts";
import { type CommitEvents, PieceCommits } from "./piece_commits.ts";
import { ReadCache } from "./read_cache.ts";

/** Spare piece buffers kept for reuse, in bytes. */
const MOST_SPARE = 32 * 1024 * 1024;

/** Bytes of a piece read at a time for the hashes of its blocks. */
const LEAF_READ = 1024 * 1024;

/** What a piece store reports; the swarm hears the same named events through it. */
export interface PieceStoreEvents extends CommitEvents {
  written(piece: PieceIndex): void;
  readable(piece: PieceIndex): void;
  readFailed(piece: PieceIndex, error: unknown): void;
  /** `piece` is about to be written: its intent must be saved when this returns. */
  beforeWrite(piece: PieceIndex): void;
}

/** The swarm's store over a real one: Web Crypto hashes, the disk worker writes, buffers go round. */
export class PieceStore implements Store {
  readonly #disk: TorrentStore;
  readonly #geometry: Geometry;
  readonly #events: PieceStoreEvents;
  readonly #cache: ReadCache;
  readonly #commits: PieceCommits;
  readonly #spare: Bytes[] = [];

  constructor(
    disk: TorrentStore,
    geometry: Geometry,
    hashes: PieceHashes,
    events: PieceStoreEvents,
  ) {
    this.#disk = disk;
    this.#geometry = geometry;
    this.#events = events;
    this.#commits = new PieceCommits(
      geometry,
      hashes,
      events,
      (piece, data) => this.#write(piece, data),
    );
    this.#cache = new ReadCache({
      pieceSize: (piece) => geometry.pieceSize(piece),
      read: (piece, offset, length, into) => disk.read(piece, offset, length, into),
      readable: (piece) => events.readable(piece),
      readFailed: (piece, error) => events.readFailed(piece, error),
    });
  }

  buffer(): Bytes {
    return this.#spare.pop() ?? new Uint8Array(this.#geometry.pieceLength);
  }

  release(buffer: Bytes): void {
    const { pieceLength } = this.#geometry;
    // a short last piece comes back as a short view of a whole buffer
    if (buffer.buffer.byteLength !== pieceLength) return;
    if (this.#spare.length * pieceLength < MOST_SPARE) {
      this.#spare.push(new Uint8Array(buffer.buffer));
    }
  }

  commit(piece: PieceIndex, data: Bytes): void {
    this.#commits.commit(piece, data);
  }

  read(piece: PieceIndex, begin: number, length: number): Bytes | null {
    return this.#cache.get(piece, begin, length);
  }

  expect(piece: PieceIndex, begin: number, length: number): void {
    this.#cache.expect(piece, begin, length);
  }

  digest(data: Bytes, then: (digest: Bytes) => void): void {
    void sha256(data).then(then);
  }

  leaves(piece: PieceIndex, size: number, then: (leaves: Bytes | null) => void): void {
    void readLeaves(this.#disk, piece, size).then(then, () => then(null));
  }

  /** Resolves when nothing is being hashed or written. */
  idle(): Promise<void> {
    return this.#commits.idle();
  }

  async #write(piece: PieceIndex, data: Bytes): Promise<void> {
    this.#events.beforeWrite(piece);
    try {
      this.release(await this.#disk.write(piece, data));
    } catch (error) {
      if (error instanceof DiskError && error.buffer !== null) this.release(error.buffer);
      throw error;
    }
    this.#events.written(piece);
  }
}

/** Hashes a piece's blocks a part at a time. */
async function readLeaves(disk: TorrentStore, piece: PieceIndex, size: number): Promise<Bytes> {
  const leaves: Bytes[] = [];
  for (let at = 0; at < size; at += LEAF_READ) {
    const data = await disk.read(piece, at, Math.min(LEAF_READ, size - at));
    leaves.push(await leavesOf(data));
  }
  return concat(...leaves);
}
