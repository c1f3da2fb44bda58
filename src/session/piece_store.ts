import { type Bytes, equalDigest, type PieceIndex, sha1 } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import type { TorrentStore } from "../storage/mod.ts";
import { DiskError } from "../storage/mod.ts";
import type { Store } from "../swarm/mod.ts";
import { ReadCache } from "./read_cache.ts";

/** Spare piece buffers kept for reuse, in bytes. */
const MOST_SPARE = 32 * 1024 * 1024;

/** What a piece store reports; the swarm hears the same named events through it. */
export interface PieceStoreEvents {
  verified(piece: PieceIndex, data: Bytes): void;
  corrupt(piece: PieceIndex, data: Bytes): void;
  written(piece: PieceIndex): void;
  lost(piece: PieceIndex, error: unknown): void;
  readable(piece: PieceIndex): void;
  readFailed(piece: PieceIndex, error: unknown): void;
  /** `piece` is about to be written: its intent must be saved when this returns. */
  beforeWrite(piece: PieceIndex): void;
  /** Bytes on their way from the network to the disk changed by `delta`. */
  pending(delta: number): void;
}

/** The swarm's store over a real one: Web Crypto hashes, the disk worker writes, buffers go round. */
export class PieceStore implements Store {
  readonly #disk: TorrentStore;
  readonly #geometry: Geometry;
  readonly #hashes: Bytes;
  readonly #events: PieceStoreEvents;
  readonly #cache: ReadCache;
  readonly #spare: Bytes[] = [];
  /** Commits under way; empty again before the torrent's files are closed. */
  readonly #running = new Set<Promise<void>>();

  constructor(
    disk: TorrentStore,
    geometry: Geometry,
    pieceHashes: Bytes,
    events: PieceStoreEvents,
  ) {
    this.#disk = disk;
    this.#geometry = geometry;
    this.#hashes = pieceHashes;
    this.#events = events;
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
    const done = this.#commit(piece, data.subarray(0, this.#geometry.pieceSize(piece)));
    this.#running.add(done);
    done.finally(() => this.#running.delete(done));
  }

  read(piece: PieceIndex, begin: number, length: number): Bytes | null {
    return this.#cache.get(piece, begin, length);
  }

  expect(piece: PieceIndex, begin: number, length: number): void {
    this.#cache.expect(piece, begin, length);
  }

  /** Resolves when nothing is being hashed or written. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #commit(piece: PieceIndex, data: Bytes): Promise<void> {
    const size = data.length;
    this.#events.pending(size);
    try {
      const digest = await sha1(data);
      if (!equalDigest(digest, this.#hashes.subarray(piece * 20, piece * 20 + 20))) {
        return this.#events.corrupt(piece, data);
      }
      this.#events.verified(piece, data);
      this.#events.beforeWrite(piece);
      const back = await this.#disk.write(piece, data);
      this.release(back);
      this.#events.written(piece);
    } catch (error) {
      if (error instanceof DiskError && error.buffer !== null) this.release(error.buffer);
      this.#events.lost(piece, error);
    } finally {
      this.#events.pending(-size);
    }
  }
}
