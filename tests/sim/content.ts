import { createHash } from "node:crypto";
import { Bitfield, type Bytes, equalBytes, type Random, SeededRandom } from "../../src/base/mod.ts";
import {
  BLOCK_SIZE,
  emptyPieces,
  fileHeight,
  Geometry,
  type MerkleFile,
  merkleRoot,
  type MerkleTrees,
  pieceLevel,
} from "../../src/metainfo/mod.ts";

/** The files of a folder, as a hybrid with padding between them or as v2 has them. */
export interface FolderShape {
  readonly form: "hybrid" | "v2";
  /** Bytes of each, none of them empty. */
  readonly lengths: readonly number[];
}

/** What a simulated torrent holds. */
export class Content {
  readonly geometry: Geometry;
  readonly data: Bytes;
  /** Of each file, but for its root. */
  readonly #shapes: readonly MerkleFile[];
  #merkle: MerkleTrees | null = null;

  /**
   * `blocks` a piece; the last piece ends in a short block. `alike`: all pieces are, so that much costs no memory. With
   * a folder there are as many pieces as its files need.
   */
  constructor(
    pieces: number | FolderShape,
    blocks: number,
    seed: number,
    readonly alike = false,
  ) {
    const pieceLength = blocks * BLOCK_SIZE;
    const lengths = typeof pieces === "number" ? [pieces * pieceLength - 777] : pieces.lengths;
    let firstPiece = 0;
    this.#shapes = lengths.map((length) => {
      const pieceCount = Math.ceil(length / pieceLength);
      firstPiece += pieceCount;
      const root = new Uint8Array(32);
      return { root, length, firstPiece: firstPiece - pieceCount, pieceCount };
    });
    const { sizes } = emptyPieces(this.#shapes, pieceLength);
    const total = (firstPiece - 1) * pieceLength + sizes[firstPiece - 1]!;
    const isV2 = typeof pieces !== "number" && pieces.form === "v2";
    this.geometry = new Geometry(total, pieceLength, isV2 ? sizes : null);
    this.data = new Uint8Array(alike ? pieceLength : total);
    const words = new Uint32Array(this.data.buffer, 0, this.data.length >> 2);
    const random = new SeededRandom(seed);
    for (let i = 0; i < words.length; i += 16) words[i] = random.below(0x1_0000_0000);
    words.forEach((_, i) => words[i]! ^= i);
    // behind each file padding, or what a v2 torrent does not have
    if (alike) return;
    for (const [piece, size] of sizes.entries()) {
      this.data.fill(0, piece * pieceLength + size, (piece + 1) * pieceLength);
    }
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

  /** Bytes of a piece that are its file's. */
  ownSize(piece: number): number {
    return this.merkle.pieces.sizes[piece]!;
  }

  /** SHA-256 of each block of a piece, 32 bytes each (BEP 52). */
  leaves(piece: number): Bytes {
    return leavesOf(this.part(piece, 0, this.ownSize(piece)));
  }

  /** Those of a piece by its file's root and where they begin in its tree. */
  leavesAt(root: Bytes, index: number): Bytes {
    const file = this.merkle.files.find((each) => equalBytes(each.root, root))!;
    return this.leaves(file.firstPiece + Math.floor(index / this.geometry.blocksPerPiece));
  }

  /** The Merkle trees of its files. */
  get merkle(): MerkleTrees {
    return this.#merkle ??= this.#grown();
  }

  #grown(): MerkleTrees {
    const { pieceLength } = this.geometry;
    const pieces = emptyPieces(this.#shapes, pieceLength);
    for (const [piece, size] of pieces.sizes.entries()) {
      const leaves = leavesOf(this.part(piece, 0, size));
      pieces.hashes.set(merkleRoot(leaves, 0, pieces.heights[piece]!), piece * 32);
    }
    const level = pieceLevel(pieceLength);
    const files = this.#shapes.map((shape): MerkleFile => {
      const { firstPiece, pieceCount, length } = shape;
      const layer = pieces.hashes.slice(firstPiece * 32, (firstPiece + pieceCount) * 32);
      const root = pieceCount === 1 ? layer : merkleRoot(layer, level, fileHeight(length) - level);
      return { ...shape, root };
    });
    return { files, pieces };
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
