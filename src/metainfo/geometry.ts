import type { PieceIndex } from "../base/mod.ts";

/** Bytes of one request, the size every client uses (BEP 3). */
export const BLOCK_SIZE = 16 * 1024;

/** All piece, block and byte arithmetic of one torrent. Only the last piece and its last block may be short. */
export class Geometry {
  readonly pieceCount: number;
  readonly blocksPerPiece: number;

  /** `totalLength` ≥ 1 and `pieceLength` ≥ 1, in bytes. */
  constructor(readonly totalLength: number, readonly pieceLength: number) {
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
    return piece === this.pieceCount - 1
      ? this.totalLength - piece * this.pieceLength
      : this.pieceLength;
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

  /** True when `begin` and `length` name exactly one block of `piece`, as our own requests do. */
  isBlock(piece: number, begin: number, length: number): boolean {
    if (begin % BLOCK_SIZE !== 0 || begin < 0 || begin >= this.pieceSize(piece)) return false;
    return length === this.blockSize(piece, begin / BLOCK_SIZE);
  }
}
