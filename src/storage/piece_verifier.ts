import { type Bytes, equalDigest, MetainfoError, sha1, sha256, SHA256_SIZE } from "../base/mod.ts";
import { BLOCK_SIZE, type MerklePieces, merkleRoot } from "../metainfo/mod.ts";

/** What a torrent says of its pieces. */
export interface PieceHashes {
  /** SHA-1, 20 bytes a piece; empty: v2 only. */
  readonly pieceHashes: Bytes;
  /** Merkle nodes (BEP 52); null or not given: none are known. */
  readonly merkle?: MerklePieces | null;
}

/** What came of hashing a piece. */
export interface Verdict {
  readonly good: boolean;
  /** SHA-256 of each of its blocks, 32 bytes each; null: v1. */
  readonly leaves: Bytes | null;
}

/** How pieces are hashed. */
export interface PieceDigests {
  /** SHA-1 of a piece. */
  sha1(data: Bytes): Promise<Bytes>;
  /** As {@linkcode leavesOf}. */
  leaves(data: Bytes): Promise<Bytes>;
}

const WEB_CRYPTO: PieceDigests = { sha1, leaves: leavesOf };

/** Hashes pieces by Web Crypto and compares them with what the torrent says, a hybrid's both ways. */
export class PieceVerifier {
  readonly #sha1: Bytes | null;
  readonly #merkle: MerklePieces | null;
  readonly #digests: PieceDigests;

  constructor({ pieceHashes, merkle = null }: PieceHashes, digests: PieceDigests = WEB_CRYPTO) {
    this.#digests = digests;
    this.#sha1 = pieceHashes.length > 0 || merkle === null ? pieceHashes : null;
    this.#merkle = merkle;
  }

  /**
   * Hashes a whole piece, padding included where there is any, which becomes zeros whatever it was (BEP 47); `data` may
   * be changed as soon as the promise is there.
   * Rejects with `MetainfoError` where the two hashes of a hybrid contradict one another: nobody has such a piece.
   */
  verify(piece: number, data: Bytes): Promise<Verdict> {
    if (this.#merkle === null) return this.#byV1(piece, data);
    return this.#byTree(this.#merkle, piece, data);
  }

  async #byV1(piece: number, data: Bytes): Promise<Verdict> {
    return { good: this.isSha1(piece, await this.#digests.sha1(data)), leaves: null };
  }

  async #byTree(merkle: MerklePieces, piece: number, data: Bytes): Promise<Verdict> {
    const size = merkle.sizes[piece]!;
    data.fill(0, size);
    const whole = this.#sha1 === null ? null : this.#digests.sha1(data);
    const leaves = await this.#digests.leaves(data.subarray(0, size));
    const good = this.isNode(piece, leaves);
    if (whole !== null && this.isSha1(piece, await whole) !== good) {
      throw new MetainfoError(
        "info.pieces",
        `Expected one content in both halves of a hybrid torrent, piece ${piece} has two hashes that no data fits`,
      );
    }
    return { good, leaves };
  }

  /** True when this is the SHA-1 that the torrent has for `piece`. */
  isSha1(piece: number, digest: Bytes): boolean {
    return this.#sha1 !== null &&
      equalDigest(digest, this.#sha1.subarray(20 * piece, 20 * piece + 20));
  }

  /** True when the hashes of its blocks lead to the node that the torrent has for `piece`. */
  isNode(piece: number, leaves: Bytes): boolean {
    if (this.#merkle === null) return false;
    const { hashes, heights } = this.#merkle;
    const node = merkleRoot(leaves, 0, heights[piece]!);
    return equalDigest(node, hashes.subarray(SHA256_SIZE * piece, SHA256_SIZE * (piece + 1)));
  }

  /** The torrent has a SHA-1, a Merkle node, or both for each piece. */
  get has(): { readonly sha1: boolean; readonly node: boolean } {
    return { sha1: this.#sha1 !== null, node: this.#merkle !== null };
  }
}

/** SHA-256 of each block of 16 KiB, the last of which may be short; 32 bytes each. */
export async function leavesOf(data: Bytes): Promise<Bytes> {
  const count = Math.ceil(data.length / BLOCK_SIZE);
  const out = new Uint8Array(count * SHA256_SIZE);
  const digests: Promise<Bytes>[] = [];
  for (let block = 0; block < count; block++) {
    digests.push(sha256(data.subarray(block * BLOCK_SIZE, (block + 1) * BLOCK_SIZE)));
  }
  for (const [block, digest] of digests.entries()) out.set(await digest, block * SHA256_SIZE);
  return out;
}
