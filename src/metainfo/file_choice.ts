import { Bitfield } from "../base/mod.ts";
import type { TorrentFile } from "./file_map.ts";
import { type FilePriority, rankOf } from "./file_priority.ts";
import type { Geometry } from "./geometry.ts";

/** Before all files: a rank above those of {@linkcode FilePriority}. */
const FIRST = 4;

/** How much each file of a torrent is wanted, and what has to be downloaded for it. */
export interface FileChoice {
  /** For each file of the torrent, in its order; padding is `off`. */
  readonly priorities: readonly FilePriority[];
  /** Every file is wanted, padding not counted. */
  readonly whole: boolean;
  /** For each piece the rank of the file wanted most that has a byte in it, 0: nobody wants it. */
  readonly ranks: Uint8Array;
  /** Pieces that are wanted; one may hold some of unwanted neighbours too. */
  readonly pieces: Bitfield;
  /** Bytes of these pieces. */
  readonly size: number;
  /** Wanted files. */
  readonly count: number;
}

/** What follows from `priorities`, one for each file. */
export function chooseFiles(
  files: readonly TorrentFile[],
  geometry: Geometry,
  priorities: readonly FilePriority[],
): FileChoice {
  const own = files.map((file, i) => file.pad ? "off" : priorities[i] ?? "normal");
  const whole = files.every((file, i) => file.pad || own[i] !== "off");
  const ranks = new Uint8Array(geometry.pieceCount);
  // of a whole torrent a piece of padding alone is part of it too
  if (whole) ranks.fill(1);
  for (const [i, file] of files.entries()) {
    const rank = rankOf(own[i]!);
    if (rank === 0) continue;
    for (const piece of piecesOf(file, geometry)) ranks[piece] = Math.max(ranks[piece]!, rank);
  }
  const pieces = new Bitfield(geometry.pieceCount);
  let size = 0;
  for (const [piece, rank] of ranks.entries()) {
    if (rank === 0) continue;
    pieces.add(piece);
    size += geometry.pieceSize(piece);
  }
  const count = own.filter((priority) => priority !== "off").length;
  return { priorities: own, whole, ranks, pieces, size, count };
}

/** The part of a file at each end that its players may need first: the index of some formats is that large. */
const END_PART = 0.01;

/**
 * The ranks of pieces for a download that has the first and the last pieces of each wanted file before all others: as
 * many as hold one percent of the file, and at least one.
 */
export function endsFirst(
  files: readonly TorrentFile[],
  geometry: Geometry,
  { priorities, ranks }: FileChoice,
): Uint8Array {
  const out = ranks.slice();
  for (const [i, file] of files.entries()) {
    if (priorities[i] === "off" || file.length === 0) continue;
    const pieces = [...piecesOf(file, geometry)];
    const count = Math.ceil(file.length * END_PART / geometry.pieceLength);
    for (const piece of [...pieces.slice(0, count), ...pieces.slice(-count)]) out[piece] = FIRST;
  }
  return out;
}

/** The pieces that hold a byte of a file. */
export function* piecesOf(
  { offset, length }: Pick<TorrentFile, "offset" | "length">,
  { pieceLength }: Geometry,
): Generator<number> {
  const end = offset + length;
  if (length === 0) return;
  for (let p = Math.floor(offset / pieceLength); p * pieceLength < end; p++) yield p;
}
