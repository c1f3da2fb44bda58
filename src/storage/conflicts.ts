import type { Bitfield } from "../base/mod.ts";
import { Breather } from "./breather.ts";
import { isZero } from "./piece_hasher.ts";
import type { TorrentFiles } from "./torrent_files.ts";

const CHUNK = 4 * 1024 * 1024;

/**
 * Paths of files that stand there, are not ours and are not this torrent's data: a download would
 * destroy them. `good`: pieces a check found; `known`: pieces good or begun in an earlier run, which says nothing of a
 * file that was met where another should move to.
 */
export async function findConflicts(
  files: TorrentFiles,
  good: Bitfield,
  known: Bitfield,
): Promise<string[]> {
  const out: string[] = [];
  for (let i = 0; i < files.layout.files.length; i++) {
    if (await isForeign(files, i, good, known)) out.push(files.path(i));
  }
  return out;
}

async function isForeign(
  files: TorrentFiles,
  index: number,
  good: Bitfield,
  known: Bitfield,
): Promise<boolean> {
  const file = files.layout.files[index]!;
  const size = !files.places.isWanted(index) ? 0 : files.look(index)?.size ?? 0;
  if (size === 0) return false;
  if (size > file.length) return true;
  let inside = 0;
  for (const piece of piecesOf(files, index)) {
    if (known.has(piece) && !files.isMet(index)) return false;
    if (!liesInside(files, index, piece)) continue;
    if (good.has(piece)) return false;
    inside++;
  }
  if (inside === 0 && size === file.length) return false;
  return !(await holdsOnlyZeros(files, index, size));
}

function* piecesOf(files: TorrentFiles, index: number): Generator<number> {
  const { offset, length } = files.layout.files[index]!;
  const { pieceLength } = files.layout.geometry;
  const end = offset + length;
  for (let p = Math.floor(offset / pieceLength); p * pieceLength < end; p++) yield p;
}

/** True when the piece touches no other file but padding. */
function liesInside(files: TorrentFiles, index: number, piece: number): boolean {
  const { geometry } = files.layout;
  return files.spans(geometry.pieceOffset(piece), geometry.pieceSize(piece))
    .every((span) => span.file === index || files.layout.files[span.file]!.pad);
}

/** A hole, or the start of a preallocation: nothing in it can be lost. */
async function holdsOnlyZeros(files: TorrentFiles, index: number, size: number): Promise<boolean> {
  const breather = new Breather();
  const chunk = new Uint8Array(Math.min(CHUNK, size));
  for (let at = 0; at < size; at += CHUNK) {
    const part = chunk.subarray(0, Math.min(CHUNK, size - at));
    files.readFile(index, at, part);
    if (!isZero(part)) return false;
    await breather.pause();
  }
  return true;
}
