import { Bitfield, type Bytes, type Random, SeededRandom } from "../../src/base/mod.ts";
import { BLOCK_SIZE, Geometry } from "../../src/metainfo/mod.ts";

/** What a simulated torrent holds. */
export class Content {
  readonly geometry: Geometry;
  readonly data: Bytes;

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
