import { Bitfield } from "../base/mod.ts";
import { FileMap } from "../metainfo/mod.ts";
import type { FileState, Inspection, TorrentLayout } from "./store.ts";

/** What a restart needs of a torrent's record in the state database. */
export interface ResumeRecord {
  /** Pieces that were written, verified and synced. */
  readonly good: Bitfield;
  /** Pieces that may have been begun on disk; holds `good`. */
  readonly intent: Bitfield;
  /** When the record was last saved, milliseconds since 1970. */
  readonly touchedAt: number;
}

/** What to believe and what to hash before the first request; the two do not meet. */
export interface ResumePlan {
  readonly trusted: Bitfield;
  readonly recheck: Bitfield;
}

/** A file may be written a little after its torrent's record, and clocks of file systems are coarse; milliseconds. */
export const MTIME_SLACK_MS = 10_000;

/**
 * Decides what is believed after a restart. Good pieces are trusted as long as their files stand
 * there, are long enough and were not changed after the record was saved; pieces that were begun
 * are hashed; and so is every piece of a file that changed behind our back or that we do not know.
 * Without a record, everything that exists is hashed; so is what touches a `doubtful` file, whatever the record says.
 */
export function resumePlan(
  record: ResumeRecord | null,
  inspection: Inspection,
  layout: TorrentLayout,
  doubtful: readonly number[] = [],
): ResumePlan {
  const { geometry, files } = layout;
  const trusted = new Bitfield(geometry.pieceCount);
  const recheck = new Bitfield(geometry.pieceCount);
  const doubted = new Set(doubtful);
  const suspect = files.map((file, i) => {
    if (file.pad) return false;
    return doubted.has(i) || isSuspect(record, inspection.files[i], fileIsKnown(record, layout, i));
  });
  const map = new FileMap(files);
  for (let piece = 0; piece < geometry.pieceCount; piece++) {
    const spans = map.spans(geometry.pieceOffset(piece), geometry.pieceSize(piece));
    const onDisk = spans.filter((span) => !files[span.file]!.pad);
    const present = onDisk.every((span) =>
      (inspection.files[span.file]?.size ?? 0) >= span.fileOffset + span.length
    );
    if (!present) continue;
    const suspicious = onDisk.some((span) => suspect[span.file]);
    if (suspicious || record === null) recheck.add(piece);
    else if (record.good.has(piece)) trusted.add(piece);
    else if (record.intent.has(piece)) recheck.add(piece);
  }
  return { trusted, recheck };
}

function isSuspect(
  record: ResumeRecord | null,
  state: FileState | undefined,
  known: boolean,
): boolean {
  if (state === undefined || !state.exists) return false;
  if (record === null || !known) return state.size > 0;
  return state.mtimeMs === null || state.mtimeMs > record.touchedAt + MTIME_SLACK_MS;
}

/** True when a piece that touches the file was good or begun: then the file is our own work. */
function fileIsKnown(record: ResumeRecord | null, layout: TorrentLayout, index: number): boolean {
  if (record === null) return false;
  const file = layout.files[index]!;
  if (file.length === 0) return true;
  const first = Math.floor(file.offset / layout.geometry.pieceLength);
  const last = Math.floor((file.offset + file.length - 1) / layout.geometry.pieceLength);
  for (let piece = first; piece <= last; piece++) {
    if (record.good.has(piece) || record.intent.has(piece)) return true;
  }
  return false;
}
