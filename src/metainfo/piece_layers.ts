import {
  binaryString,
  type Bytes,
  equalBytes,
  MetainfoError,
  SHA256_SIZE,
  toHex,
} from "../base/mod.ts";
import { asBytes, asDictionary, type Bvalue } from "../bencode/mod.ts";
import type { Encodable } from "../bencode/mod.ts";
import { merkleRoot } from "./merkle.ts";
import {
  emptyPieces,
  fileHeight,
  type MerkleFile,
  type MerklePieces,
  pieceLevel,
} from "./merkle_pieces.ts";

/** Where errors are. */
const FIELD = "piece layers";

/**
 * The hashes of all pieces: of `piece layers` (BEP 52), and of files of one piece, whose root is that. Each layer is
 * checked against its file's root; layers of no file are passed over. Throws `MetainfoError` when one that is needed is
 * missing, too long or too short, or leads to another root.
 */
export function parseLayers(
  value: Bvalue | undefined,
  files: readonly MerkleFile[],
  pieceLength: number,
): MerklePieces {
  const layers = asDictionary(value);
  return fillPieces(files, pieceLength, (key) => {
    if (layers === null) {
      const found = value === undefined ? "nothing" : "something else";
      throw new MetainfoError(FIELD, `Expected a dictionary in "${FIELD}", got ${found}`);
    }
    return asBytes(layers.get(key));
  });
}

/** As {@linkcode parseLayers}, of layers by their roots as Latin-1 text. Throws `MetainfoError`. */
export function fillPieces(
  files: readonly MerkleFile[],
  pieceLength: number,
  layerOf: (root: string) => Bytes | null,
): MerklePieces {
  const pieces = emptyPieces(files, pieceLength);
  /** Files alike have the same layer, which is hashed once. */
  const checked = new Set<string>();
  for (const file of files) {
    const { root, length, firstPiece, pieceCount } = file;
    if (pieceCount === 1) {
      pieces.hashes.set(root, firstPiece * SHA256_SIZE);
      continue;
    }
    const key = binaryString(root);
    const layer = layerOf(key);
    const name = toHex(root).slice(0, 16);
    if (layer === null) throw fault(`the layer of the file with root ${name}…`, "nothing");
    if (layer.length !== pieceCount * SHA256_SIZE) {
      const expected = `${pieceCount * SHA256_SIZE} bytes in the layer of root ${name}…`;
      throw fault(expected, String(layer.length));
    }
    if (!checked.has(key)) {
      const level = pieceLevel(pieceLength);
      const found = merkleRoot(layer, level, fileHeight(length) - level);
      if (!equalBytes(found, root)) throw fault(`a layer of root ${name}…`, "that of another");
      checked.add(key);
    }
    pieces.hashes.set(layer, firstPiece * SHA256_SIZE);
  }
  return pieces;
}

/** The value of `piece layers` for these pieces; canonical. */
export function layersOf(files: readonly MerkleFile[], pieces: MerklePieces): Encodable {
  const out = new Map<string, Bytes>();
  for (const { root, firstPiece, pieceCount } of files) {
    if (pieceCount === 1) continue;
    const from = firstPiece * SHA256_SIZE;
    const layer = pieces.hashes.slice(from, from + pieceCount * SHA256_SIZE);
    out.set(binaryString(root), layer);
  }
  return out;
}

function fault(expected: string, found: string): MetainfoError {
  return new MetainfoError(FIELD, `Expected ${expected} in "${FIELD}", got ${found}`);
}
