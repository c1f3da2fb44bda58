/** The allowed fast set (BEP 6): pieces a peer may ask for while choked, derived from its address and the torrent. */
import { type Bytes, concat, type InfoHash, parseAddress, readUint32 } from "../base/mod.ts";

/**
 * Derives the set step by step, so that the caller does the hashing: hash {@linkcode input} with SHA-1,
 * give the digest to {@linkcode absorb}, and repeat until `done`.
 */
export class AllowedFastSet {
  readonly pieces: number[] = [];
  input: Bytes;
  readonly #size: number;

  /** Null for an IPv6 address, for which BEP 6 defines no set. */
  static of(
    host: string,
    infoHash: InfoHash,
    pieceCount: number,
    size = 10,
  ): AllowedFastSet | null {
    const address = parseAddress(host);
    return address?.length === 4 ? new AllowedFastSet(address, infoHash, pieceCount, size) : null;
  }

  private constructor(
    address: Bytes,
    infoHash: InfoHash,
    readonly pieceCount: number,
    size: number,
  ) {
    // only the network decides, so that a peer gains nothing by changing its last byte
    this.input = concat(address.subarray(0, 3), new Uint8Array(1), infoHash);
    this.#size = Math.min(size, pieceCount);
  }

  /** True when the set is complete. */
  get done(): boolean {
    return this.pieces.length >= this.#size;
  }

  /** Takes the SHA-1 of {@linkcode input}. */
  absorb(digest: Bytes): void {
    this.input = digest;
    for (let at = 0; at < 20 && !this.done; at += 4) {
      const piece = readUint32(digest, at) % this.pieceCount;
      if (!this.pieces.includes(piece)) this.pieces.push(piece);
    }
  }
}
