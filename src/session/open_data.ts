import { Bitfield, StorageError, toHex } from "../base/mod.ts";
import {
  type FileChoice,
  type Geometry,
  hashesOf,
  type Metainfo,
  torrentOf,
} from "../metainfo/mod.ts";
import {
  type DiskClient,
  DiskError,
  MTIME_SLACK_MS,
  resumePlan,
  type ResumeRecord,
  type StateDb,
  type TorrentStore,
} from "../storage/mod.ts";
import type { AddOptions } from "./api.ts";
import { IncompleteError } from "./failure.ts";
import type { Checking, OpenedData } from "./torrent_data.ts";
import { FilePlacing } from "./file_placing.ts";
import { placed, rootOf } from "./torrent_files.ts";

/** What of a torrent's files can be believed. */
export interface OpenedFiles extends OpenedData {
  /** Pieces that an earlier run may have begun on disk. */
  readonly intent: Bitfield;
}

/** What to open, and who wants to hear of it. */
export interface OpenRequest {
  /** Absolute real path of the download folder. */
  readonly folder: string;
  readonly disk: Pick<DiskClient, "open">;
  readonly state: StateDb;
  readonly metainfo: Metainfo;
  readonly options: AddOptions;
  readonly geometry: Geometry;
  readonly choice: FileChoice;
  /** Nothing may be moved. */
  readonly readOnly: boolean;
  readonly signal: AbortSignal;
  /** The files are open; whoever hears it closes them, also when opening fails later. */
  readonly opened: (disk: TorrentStore, placing: FilePlacing) => void;
  readonly checking: Checking;
}

/**
 * Finds out what is on disk: from the record where it can be believed, by hashing where it cannot. Rejects with
 * `StorageError` when something else stands there or the disk is too small, with `IncompleteError` when a torrent
 * to be seeded only is not whole.
 */
export async function openData(request: OpenRequest): Promise<OpenedFiles> {
  const { disk, state, metainfo, options, geometry, choice, signal } = request;
  const { infoHash, files } = metainfo;
  const names = placed(files, options);
  const root = rootOf(names, options);
  const found = state.load(infoHash, geometry.pieceCount);
  const known = found !== null && found.name === root;
  const before = known ? state.loadFiles(infoHash, files.length) : null;
  const placing = new FilePlacing(state, infoHash, names, choice, before);
  const layout = { files: placing.files, geometry, ...hashesOf(metainfo), parts: toHex(infoHash) };
  const store = await disk.open(layout, {
    overwrite: options.overwrite ?? false,
    preallocate: options.preallocate ?? false,
  });
  request.opened(store, placing);
  const met = request.readOnly || options.seedOnly ? [] : await placing.begin(store);
  const record = options.hashedAt !== undefined
    ? freshlyHashed(options.hashedAt, geometry.pieceCount)
    : known
    ? found
    : null;
  const plan = resumePlan(
    options.check ? null : record,
    await store.inspect(),
    layout,
    met,
  );
  const have = plan.trusted;
  const intent = record?.intent ?? new Bitfield(geometry.pieceCount);
  if (plan.recheck.count > 0) {
    for (const piece of await check(request, store, plan.recheck, bytesOf(have, geometry))) {
      have.add(piece);
    }
  }
  signal.throwIfAborted();
  if (options.seedOnly) {
    const { missing, of } = countMissing(have, choice);
    if (missing > 0) throw new IncompleteError(of - missing, of);
  } else {
    if (!options.overwrite) {
      await refuseConflicts(store, have, intent);
    }
    if (countMissing(have, choice).missing > 0) {
      await refuseSmallDisk(store, request.folder, options.reserve ?? 0);
    }
    if (met.length > 0) {
      // what was known of its pieces is not true of what stands there
      state.saveGood(infoHash, have, union(have, intent));
      await placing.accept(store);
    }
  }
  const { infoBytes, trackers, webseeds, merkle } = metainfo;
  const kept = options.remember ? torrentOf(infoBytes, trackers.flat(), webseeds, merkle) : null;
  state.add(infoHash, root, geometry.pieceCount, kept);
  return {
    have,
    intent,
    before: { downloaded: found?.downloaded ?? 0, uploaded: found?.uploaded ?? 0 },
  };
}

/** Pieces that are missing, of those that are wanted. */
function countMissing(have: Bitfield, { pieces }: FileChoice): { missing: number; of: number } {
  let missing = 0;
  for (const piece of pieces) if (!have.has(piece)) missing++;
  return { missing, of: pieces.count };
}

function union(a: Bitfield, b: Bitfield): Bitfield {
  const out = a.clone();
  for (const piece of b) out.add(piece);
  return out;
}

/** What stands for a record after everything was hashed, beginning at `at`. */
function freshlyHashed(at: number, pieceCount: number): ResumeRecord {
  const all = new Bitfield(pieceCount);
  all.fill();
  return { good: all, intent: all, touchedAt: at - MTIME_SLACK_MS };
}

/** Bytes of a set of pieces. */
export function bytesOf(pieces: Bitfield, geometry: Geometry): number {
  let bytes = 0;
  for (const piece of pieces) bytes += geometry.pieceSize(piece);
  return bytes;
}

function check(
  request: OpenRequest,
  store: TorrentStore,
  pieces: Bitfield,
  trusted: number,
): Promise<Bitfield> {
  const { geometry, checking, signal } = request;
  const size = bytesOf(pieces, geometry);
  let done = trusted;
  checking(0, done, size);
  return store.check(pieces, (checked, good) => {
    for (const piece of good) done += geometry.pieceSize(piece);
    checking(checked, done, size);
  }, signal);
}

/** Data that stands there and is not this torrent's must not be destroyed. */
async function refuseConflicts(
  store: TorrentStore,
  have: Bitfield,
  known: Bitfield,
): Promise<void> {
  const [first, ...more] = await store.conflicts(have, known);
  if (first === undefined) return;
  const others = more.length > 0 ? ` (and ${more.length} more)` : "";
  const advice = "move it away, choose another -d or -o, or allow it with --allow-overwrite";
  throw new StorageError(
    "exists",
    first,
    `Refused to overwrite ${first}${others}, it holds something else: ${advice}`,
  );
}

/** What is wanted must fit, and leave `reserve` bytes free. */
async function refuseSmallDisk(
  store: TorrentStore,
  folder: string,
  reserve: number,
): Promise<void> {
  const { needed, free } = await store.space();
  if (free === null || needed === 0 || free >= needed + reserve) return;
  const kept = reserve > 0 ? ` and ${reserve} to be left free` : "";
  throw new DiskError(
    "disk-full",
    folder,
    `Not enough space in ${folder}: ${needed} bytes needed${kept}, ${free} free`,
    needed + reserve - free,
  );
}
