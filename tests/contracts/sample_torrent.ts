import { type Bytes, SeededRandom, sha1 } from "../../src/base/mod.ts";
import { Geometry, type TorrentFile } from "../../src/metainfo/mod.ts";
import type { TorrentLayout } from "../../src/storage/mod.ts";

/** A file of a made-up torrent: its path and bytes, or a number of zeros that are padding. */
export type SampleFile = readonly [path: string, length: number, pad?: "pad"];

/** A torrent and its data. */
export interface Sample {
  readonly layout: TorrentLayout;
  /** All files end to end. */
  readonly data: Bytes;
  /** A fresh copy of a piece. */
  piece(index: number): Bytes;
  /** A fresh copy of a file. */
  file(index: number): Bytes;
}

/** Makes a torrent with repeatable contents, hashed as in BEP 3. */
export async function sampleTorrent(
  specs: readonly SampleFile[],
  pieceLength: number,
  seed = 1,
): Promise<Sample> {
  const random = new SeededRandom(seed);
  const total = specs.reduce((sum, [, length]) => sum + length, 0);
  const data = new Uint8Array(total);
  const files: TorrentFile[] = [];
  let offset = 0;
  for (const [path, length, pad] of specs) {
    files.push({ path: path.split("/"), length, offset, pad: pad === "pad" });
    if (pad !== "pad") {
      for (let i = 0; i < length; i++) data[offset + i] = 1 + random.below(255);
    }
    offset += length;
  }
  const geometry = new Geometry(total, pieceLength);
  const pieceHashes = new Uint8Array(20 * geometry.pieceCount);
  const piece = (index: number) => {
    const start = geometry.pieceOffset(index);
    return data.slice(start, start + geometry.pieceSize(index));
  };
  for (let i = 0; i < geometry.pieceCount; i++) pieceHashes.set(await sha1(piece(i)), 20 * i);
  const file = (index: number) => {
    const { offset, length } = files[index]!;
    return data.slice(offset, offset + length);
  };
  return { layout: { files, geometry, pieceHashes }, data, piece, file };
}
