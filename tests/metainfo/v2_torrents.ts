/** Small v2 and hybrid torrents written by code, with their content. */
import { type Bytes, concat, SeededRandom, sha1 } from "../../src/base/mod.ts";
import { createTorrent, merkleRoot, treeHeight } from "../../src/metainfo/mod.ts";
import { leavesOf } from "../../src/storage/mod.ts";

/** A file of a torrent to be made. */
export interface MadeFile {
  readonly path: readonly string[];
  readonly data: Bytes;
}

/** `length` bytes that are the same for the same seed. */
export function content(length: number, seed: number): Bytes {
  const random = new SeededRandom(seed);
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = random.below(256);
  return out;
}

/** The torrent of `files`; one with an empty path is no folder. */
export async function madeTorrent(
  files: readonly MadeFile[],
  pieceLength: number,
  version: "v2" | "hybrid",
  name = "made",
): Promise<Bytes> {
  const nodes: Bytes[] = [];
  const hashes: Bytes[] = [];
  const isFolder = files.some(({ path }) => path.length > 0);
  for (const { data } of files) {
    for (let at = 0; at < data.length; at += pieceLength) {
      const piece = data.subarray(at, at + pieceLength);
      const leaves = await leavesOf(piece);
      const blocks = data.length <= pieceLength ? leaves.length / 32 : pieceLength / 16_384;
      nodes.push(merkleRoot(leaves, 0, treeHeight(blocks)));
      const padding = new Uint8Array(isFolder ? pieceLength - piece.length : 0);
      hashes.push(await sha1(concat(piece, padding)));
    }
  }
  return createTorrent({
    name,
    files: files.map(({ path, data }) => ({ path, length: data.length })),
    pieceLength,
    pieceHashes: version === "hybrid" ? concat(...hashes) : null,
    pieceNodes: concat(...nodes),
  });
}

/** A folder with files larger and smaller than a piece of 64 KiB, ending in and beside blocks, and an empty one. */
export const FOLDER: readonly MadeFile[] = [
  { path: ["a.bin"], data: content(200_000, 1) },
  { path: ["b.bin"], data: content(65_536, 2) },
  { path: ["c"], data: content(0, 3) },
  { path: ["d", "e.bin"], data: content(20_000, 4) },
  { path: ["d", "f.bin"], data: content(131_072, 5) },
  { path: ["z"], data: content(1, 6) },
];

/** Bytes of a piece of {@linkcode FOLDER}. */
export const PIECE = 65_536;
