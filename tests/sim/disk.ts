import { type Bitfield, type Bytes, equalBytes, type PieceIndex } from "../../src/base/mod.ts";
import type { Store, Swarm } from "../../src/swarm/mod.ts";
import type { Clock } from "./clock.ts";
import { type Content, leavesOf, sha256Of } from "./content.ts";

/** A disk as a value; times in milliseconds. */
export interface Disk {
  readonly hash: number;
  readonly write: number;
  /** 0: all data is in memory. */
  readonly read: number;
  /** Bytes after which it is full. */
  capacity: number;
  /** Every so many reads a byte comes back wrong; 0: never. */
  readonly spoils: number;
}

export const FAST_DISK: Disk = { hash: 1, write: 2, read: 0, capacity: Infinity, spoils: 0 };

/** A store whose disk behaves as planned. Buffers are taken away and spoilt as the real one's are. */
export class SimStore implements Store {
  /** What is on the disk. */
  readonly held = new Map<number, Bytes>();
  /** Pieces lost to a full disk, in order. */
  readonly lost: number[] = [];
  swarm!: Swarm;
  /** Of a v2 torrent. */
  v2 = false;
  /** Called after a piece was lost. */
  onLost: () => void = () => {};
  /** The most buffers that were ever out. */
  mostTaken = 0;
  /** Buffers handed out and not given back. */
  readonly #out = new Set<ArrayBufferLike>();
  readonly #spare: Bytes[] = [];
  readonly #ready = new Set<number>();
  readonly #loading = new Set<number>();
  #used = 0;
  #reads = 0;

  constructor(
    readonly clock: Clock,
    readonly content: Content,
    readonly disk: Disk,
    have: Bitfield,
  ) {
    for (const piece of have) this.held.set(piece, content.piece(piece));
  }

  /** Buffers that are out: with the swarm, being hashed, being written. */
  get taken(): number {
    return this.#out.size;
  }

  buffer(): Bytes {
    const buffer = this.#spare.pop() ?? new Uint8Array(this.content.geometry.pieceLength);
    this.#out.add(buffer.buffer);
    this.mostTaken = Math.max(this.mostTaken, this.taken);
    return buffer;
  }

  release(buffer: Bytes): void {
    if (!this.#out.delete(buffer.buffer)) throw new Error("Expected a buffer to come back once");
    this.#spare.push(new Uint8Array(buffer.buffer).fill(0xee));
  }

  commit(piece: PieceIndex, data: Bytes): void {
    if (!this.#out.has(data.buffer)) throw new Error("Expected a buffer that is out");
    const bytes = data.subarray(0, this.content.geometry.pieceSize(piece));
    this.clock.in(this.disk.hash, () => {
      const size = this.v2 ? this.content.ownSize(piece) : bytes.length;
      // padding is zeros, whatever came
      bytes.fill(0, size);
      if (!equalBytes(bytes, this.content.piece(piece))) {
        const leaves = this.v2 ? leavesOf(bytes.subarray(0, size)) : null;
        return this.swarm.pieceCorrupt(piece, bytes, this.clock.now, leaves);
      }
      this.swarm.pieceVerified(piece, bytes);
      // the same bytes, and no memory
      const written = this.content.piece(piece);
      bytes.fill(0xee);
      this.clock.in(this.disk.write, () => {
        this.release(data);
        this.#write(piece, written);
      });
    });
  }

  digest(data: Bytes, then: (digest: Bytes) => void): void {
    const digest = sha256Of(data);
    this.clock.in(this.disk.hash, () => then(digest));
  }

  leaves(piece: PieceIndex, size: number, then: (leaves: Bytes | null) => void): void {
    const held = this.held.get(piece);
    const leaves = held === undefined ? null : leavesOf(held.subarray(0, size));
    this.clock.in(this.disk.read + this.disk.hash, () => then(leaves));
  }

  read(piece: PieceIndex, begin: number, length: number): Bytes | null {
    const held = this.held.get(piece);
    if (held === undefined) throw new Error(`Expected piece ${piece} on the disk`);
    if (this.disk.read > 0 && !this.#ready.has(piece)) {
      this.expect(piece);
      return null;
    }
    const out = held.slice(begin, begin + length);
    if (this.disk.spoils > 0 && ++this.#reads % this.disk.spoils === 0) out[0]! ^= 0xff;
    return out;
  }

  expect(piece: PieceIndex): void {
    if (this.disk.read === 0 || this.#ready.has(piece) || this.#loading.has(piece)) return;
    this.#loading.add(piece);
    this.clock.in(this.disk.read, () => {
      this.#loading.delete(piece);
      if (this.#ready.size >= 4) this.#ready.delete([...this.#ready][0]!);
      this.#ready.add(piece);
      this.swarm.uploads.readable(piece, this.clock.now);
    });
  }

  /** True when the disk holds exactly what is claimed. */
  holds(claimed: Iterable<number>): boolean {
    for (const piece of claimed) {
      const held = this.held.get(piece);
      if (held === undefined || !equalBytes(held, this.content.piece(piece))) return false;
    }
    return true;
  }

  #write(piece: PieceIndex, bytes: Bytes): void {
    if (this.#used + bytes.length > this.disk.capacity) {
      this.lost.push(piece);
      this.swarm.pieceLost(piece);
      return this.onLost();
    }
    this.#used += bytes.length;
    this.held.set(piece, bytes);
    this.swarm.pieceWritten(piece, this.clock.now);
  }
}
