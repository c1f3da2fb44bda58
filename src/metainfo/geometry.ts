import type { PieceIndex } from "../base/mod.ts";

/** Bytes of one request, the size every client uses (BEP 3). */
export const BLOCK_SIZE = 16 * 1024;

/**
 * All piece, block and byte arithmetic of one torrent. Of a v1 or hybrid torrent only the last piece and its last block
 * may be short. Of a v2 torrent the last piece of each file is, and the next file begins where it would end were it
 * whole: `sizes` has the bytes of each piece.
 */
export class Geometry {
  readonly pieceCount: number;
  readonly blocksPerPiece: number;

  /** `totalLength`, to where the last piece ends, ≥ 1 and `pieceLength` ≥ 1, in bytes. */
  constructor(
    readonly totalLength: number,
    readonly pieceLength: number,
    readonly sizes: Uint32Array<ArrayBuffer> | null = null,
  ) {
    this.pieceCount = Math.ceil(totalLength / pieceLength);
    this.blocksPerPiece = Math.ceil(pieceLength / BLOCK_SIZE);
  }

  /** A number from outside as a piece of this torrent, or null when it is none. */
  piece(index: number): PieceIndex | null {
    return Number.isInteger(index) && index >= 0 && index < this.pieceCount
      ? index as PieceIndex
      : null;
  }

  /** Bytes of a piece. */
  pieceSize(piece: number): number {
    if (this.sizes !== null) return this.sizes[piece]!;
    return piece === this.pieceCount - 1
      ? this.totalLength - piece * this.pieceLength
      : this.pieceLength;
  }

  /**
   * Bytes of a piece as peers may speak of it: in a v2 torrent some take a short one for a whole one, with zeros behind
   * its file (libtorrent up to 2.0.12).
   */
  spokenSize(piece: number): number {
    return this.sizes === null ? this.pieceSize(piece) : this.pieceLength;
  }

  /** Where a piece starts in the torrent. */
  pieceOffset(piece: number): number {
    return piece * this.pieceLength;
  }

  /** Blocks of a piece. */
  blockCount(piece: number): number {
    return Math.ceil(this.pieceSize(piece) / BLOCK_SIZE);
  }

  /** Bytes of a block. */
  blockSize(piece: number, block: number): number {
    return Math.min(BLOCK_SIZE, this.pieceSize(piece) - block * BLOCK_SIZE);
  }

  /** Of bytes of a piece as peers may speak of it, how many are the torrent's own. */
  ownLength(piece: number, begin: number, length: number): number {
    return Math.max(0, Math.min(length, this.pieceSize(piece) - begin));
  }

  /** Bytes of a block as peers may speak of it, see {@linkcode spokenSize}. */
  spokenBlockSize(piece: number, block: number): number {
    return Math.min(BLOCK_SIZE, this.spokenSize(piece) - block * BLOCK_SIZE);
  }

  /** True when `begin` and `length` name exactly one block of `piece`, as our own requests do. */
  isBlock(piece: number, begin: number, length: number): boolean {
    if (begin % BLOCK_SIZE !== 0 || begin < 0 || begin >= this.pieceSize(piece)) return false;
    return length === this.blockSize(piece, begin / BLOCK_SIZE);
  }
}
