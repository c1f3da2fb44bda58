import type { Bytes } from "../base/mod.ts";
import type { Field } from "./field.ts";

/** A piece is held in memory whole, so its size is bounded. */
export const MAX_PIECE_LENGTH = 512 * 1024 * 1024;
const HASH_LENGTH = 20;

/** `info.piece length` and `info.pieces` (BEP 3) of a torrent of so many bytes. Throws `MetainfoError`. */
export function parsePieces(
  info: Field,
  totalLength: number,
): { pieceLength: number; pieceHashes: Bytes } {
  const pieceLength = info.entry("piece length").integer(1, MAX_PIECE_LENGTH);
  const field = info.entry("pieces");
  const pieces = field.bytes();
  if (pieces.length === 0 || pieces.length % HASH_LENGTH !== 0) {
    throw field.fault(`one or more hashes of ${HASH_LENGTH} bytes`, `${pieces.length} bytes`);
  }
  const expected = Math.ceil(totalLength / pieceLength);
  const count = pieces.length / HASH_LENGTH;
  if (count !== expected) {
    throw field.fault(
      `${expected} hashes for ${totalLength} bytes in pieces of ${pieceLength}`,
      String(count),
    );
  }
  return { pieceLength, pieceHashes: pieces.slice() };
}
