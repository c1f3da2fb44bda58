import { createHash } from "node:crypto";
import { Bitfield, type Bytes, type Random, SeededRandom } from "../../src/base/mod.ts";
import {
  BLOCK_SIZE,
  emptyPieces,
  fileHeight,
  Geometry,
  merkleRoot,
  type MerkleTrees,
  pieceLevel,
} from "../../src/metainfo/mod.ts";

/** What a simulated torrent holds. */
export class Content {
  readonly geometry: Geometry;
  readonly data: Bytes;
  #merkle: MerkleTrees | null = null;

  /** `blocks` a piece; the last piece ends in a short block. `alike`: all pieces are, so that much costs no memory. */
  constructor(pieces: number, blocks: number, seed: number, readonly alike = false) {
    const pieceLength = blocks * BLOCK_SIZE;
    this.geometry = new Geometry(pieces * pieceLength - 777, pieceLength);
    this.data = new Uint8Array(alike ? pieceLength : this.geometry.totalLength);
    const words = new Uint32Array(this.data.buffer, 0, this.data.length >> 2);
    const random = new SeededRandom(seed);
    for (let i = 0; i < words.length; i += 16) words[i] = random.below(0x1_0000_0000);
    words.forEach((_, i) => words[i]! ^= i);
  }

  /** A part of a piece, as a view. */
  part(piece: number, begin: number, length: number): Bytes {
    const start = (this.alike ? 0 : this.geometry.pieceOffset(piece)) + begin;
    return this.data.subarray(start, start + length);
  }

  /** A whole piece, as a view. */
  piece(piece: number): Bytes {
    return this.part(piece, 0, this.geometry.pieceSize(piece));
  }

  /** SHA-256 of each block of a piece, 32 bytes each (BEP 52). */
  leaves(piece: number): Bytes {
    return leavesOf(this.piece(piece));
  }

  /** Its Merkle trees, as of one file. */
  get merkle(): MerkleTrees {
    return this.#merkle ??= this.#grown();
  }

  #grown(): MerkleTrees {
    const { totalLength: length, pieceLength, pieceCount } = this.geometry;
    const shape = { root: new Uint8Array(32), length, firstPiece: 0, pieceCount };
    const pieces = emptyPieces([shape], pieceLength);
    for (let piece = 0; piece < pieceCount; piece++) {
      const node = merkleRoot(this.leaves(piece), 0, pieces.heights[piece]!);
      pieces.hashes.set(node, piece * 32);
    }
    const level = pieceLevel(pieceLength);
    const root = merkleRoot(pieces.hashes, level, fileHeight(length) - level);
    return { files: [{ ...shape, root }], pieces };
  }

  all(): Bitfield {
    const out = new Bitfield(this.geometry.pieceCount);
    out.fill();
    return out;
  }

  none(): Bitfield {
    return new Bitfield(this.geometry.pieceCount);
  }

  /** Each piece with a chance of `percent`. */
  some(percent: number, random: Random): Bitfield {
    const out = this.none();
    for (let piece = 0; piece < out.size; piece++) if (random.below(100) < percent) out.add(piece);
    return out;
  }
}

/** SHA-256 at once. */
export function sha256Of(data: Uint8Array): Bytes {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

/** The same of each block. */
export function leavesOf(data: Bytes): Bytes {
  const out = new Uint8Array(Math.ceil(data.length / BLOCK_SIZE) * 32);
  for (let at = 0; at < data.length; at += BLOCK_SIZE) {
    out.set(sha256Of(data.subarray(at, at + BLOCK_SIZE)), at / BLOCK_SIZE * 32);
  }
  return out;
}
