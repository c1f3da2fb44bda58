import { Bitfield, MetainfoError } from "../base/mod.ts";
import type { TorrentFile } from "./file_map.ts";
import type { Geometry } from "./geometry.ts";
import { formatRanges, type IndexRange } from "./index_ranges.ts";

/** The files of a torrent that somebody wants, and what has to be downloaded for them. */
export interface FileChoice {
  /** For each file of the torrent, in its order. */
  readonly wanted: readonly boolean[];
  /** Pieces that hold a byte of a wanted file; one may hold some of its neighbours too. */
  readonly pieces: Bitfield;
  /** Bytes of these pieces. */
  readonly size: number;
  /** Wanted files, padding not counted. */
  readonly count: number;
}

/**
 * The files whose numbers, counted from 0 with padding (BEP 53), lie in `ranges`; numbers beyond the last file say
 * nothing. Null when all are chosen. Throws `MetainfoError` when none is.
 */
export function chooseFiles(
  files: readonly TorrentFile[],
  geometry: Geometry,
  ranges: readonly IndexRange[] | undefined,
): FileChoice | null {
  if (ranges === undefined) return null;
  const wanted = new Array<boolean>(files.length).fill(false);
  for (const { from, to } of ranges) {
    for (let i = from; i <= to && i < files.length; i++) wanted[i] = !files[i]!.pad;
  }
  const count = wanted.filter(Boolean).length;
  if (count === 0) {
    const message = `Expected files of this torrent, it has ${files.length}, got the numbers ` +
      `${formatRanges(ranges)} counted from 0`;
    throw new MetainfoError("info.files", message);
  }
  if (files.every((file, i) => wanted[i] || file.pad)) return null;
  const pieces = new Bitfield(geometry.pieceCount);
  let size = 0;
  for (const [i, { offset, length }] of files.entries()) {
    if (!wanted[i] || length === 0) continue;
    const last = Math.floor((offset + length - 1) / geometry.pieceLength);
    for (let piece = Math.floor(offset / geometry.pieceLength); piece <= last; piece++) {
      if (pieces.add(piece)) size += geometry.pieceSize(piece);
    }
  }
  return { wanted, pieces, size, count };
}
