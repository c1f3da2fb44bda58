import { createHash } from "node:crypto";
import { type Bytes, SHA256_SIZE } from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";
import type { PieceVerifier } from "./piece_verifier.ts";

/** A piece that is hashed as it is read, because it is too large to be held twice. */
export interface LargeHash {
  /** The next bytes: whole blocks, but at the end. */
  update(data: Bytes): void;
  /** All of it went by: it is what the torrent says. */
  isGood(): boolean;
}

/** The hashes of `piece`, `size` bytes of which are its file's, as `verifier` compares them. */
export function hashLarge(verifier: PieceVerifier, piece: number, size: number): LargeHash {
  const { has } = verifier;
  const sha1 = has.sha1 ? createHash("sha1") : null;
  const leaves = has.node ? new Uint8Array(Math.ceil(size / BLOCK_SIZE) * SHA256_SIZE) : null;
  let at = 0;
  return {
    update(data) {
      sha1?.update(data);
      if (leaves === null) return;
      const own = data.subarray(0, Math.max(0, size - at));
      for (let block = 0; block < own.length; block += BLOCK_SIZE) {
        const part = own.subarray(block, block + BLOCK_SIZE);
        const leaf = (at + block) / BLOCK_SIZE;
        leaves.set(createHash("sha256").update(part).digest(), leaf * SHA256_SIZE);
      }
      at += data.length;
    },
    isGood() {
      const isSha1 = sha1 === null || verifier.isSha1(piece, new Uint8Array(sha1.digest()));
      return isSha1 && (leaves === null || verifier.isNode(piece, leaves));
    },
  };
}
