import type { Millis } from "../base/mod.ts";
import { BLOCK_SIZE, type FileMap } from "../metainfo/mod.ts";
import { lastAsked, LATE_MS } from "./hurry.ts";
import type { PartialPiece } from "./partial_piece.ts";
import type { Swarm } from "./swarm.ts";
import type { Webseed } from "./webseed.ts";
import type { Stretch } from "./webseed_run.ts";

/** A run is what comes in so many seconds, within these bounds in bytes. */
const RUN_SECONDS = 5;
const LEAST_RUN = 4 * 1024 * 1024;
const MOST_RUN = 64 * 1024 * 1024;
/** In an ordered download several connections should be near its front. */
const MOST_ORDERED_RUN = 8 * 1024 * 1024;
/** A file as small as this is read whole whatever of it is missing. */
const SMALL_FILE = 4 * 1024 * 1024;

/**
 * What to fetch from `webseed`, null when there is nothing: pieces that nobody finishes, then the begin of the largest
 * gap (BEP 19), whose pieces are taken out of the picker. `files` says where files begin, for servers without ranges.
 */
export function planStretch(
  swarm: Swarm,
  webseed: Webseed,
  files: FileMap,
  now: Millis,
): Stretch | null {
  if (!webseed.ranges) {
    dropAbandoned(swarm);
    return wholeFiles(swarm, webseed, files);
  }
  return abandoned(swarm, webseed) ?? gap(swarm, webseed, now);
}

/** Blocks of a piece that others owe for too long, or that nobody was asked for; the last resort of one that is idle. */
export function planLate(swarm: Swarm, webseed: Webseed, now: Millis): Stretch | null {
  if (!webseed.ranges) return null;
  const { blocksPerPiece } = swarm.geometry;
  for (const partial of swarm.downloads.partials.values()) {
    if (!mayJoin(swarm, webseed, partial)) continue;
    const late = (block: number) =>
      partial.asked(block) === 0 ||
      now - lastAsked(swarm.peers, partial.piece * blocksPerPiece + block) >= LATE_MS;
    const stretch = join(swarm, partial, late);
    if (stretch !== null) return stretch;
  }
  return null;
}

/** A piece whose free blocks no peer can be asked for. */
function abandoned(swarm: Swarm, webseed: Webseed): Stretch | null {
  const { peers, downloads, picker } = swarm;
  for (const partial of downloads.partials.values()) {
    if (partial.free === 0 || !mayJoin(swarm, webseed, partial)) continue;
    // one that failed needs another author, whoever else there is
    const served = !partial.alone && peers.some((peer) => peer.serves(partial.piece));
    if (served && !picker.ordered) continue;
    return join(swarm, partial, (block) => partial.asked(block) === 0);
  }
  return null;
}

function mayJoin(swarm: Swarm, webseed: Webseed, partial: PartialPiece): boolean {
  if (!webseed.pieces.has(partial.piece)) return false;
  if (swarm.webseeds.isAt(partial.piece)) return false;
  if (!partial.alone) return true;
  return partial.soloist === null && !swarm.blame.failedAlone(partial.piece, webseed);
}

/** From the first to the last of the missing blocks that are `due`. */
function join(
  { geometry }: Swarm,
  partial: PartialPiece,
  due: (block: number) => boolean,
): Stretch | null {
  const blocks = new Set<number>();
  for (let block = 0; block < partial.blockCount; block++) {
    if (!partial.has(block) && due(block)) blocks.add(block);
  }
  if (blocks.size === 0) return null;
  const [first] = blocks;
  const last = Math.max(...blocks);
  return {
    from: geometry.pieceOffset(partial.piece) + first! * BLOCK_SIZE,
    to: geometry.pieceOffset(partial.piece) + last * BLOCK_SIZE +
      geometry.blockSize(partial.piece, last),
    pieces: [],
    joined: { partial, blocks },
  };
}

function gap(swarm: Swarm, webseed: Webseed, now: Millis): Stretch | null {
  const { picker, geometry } = swarm;
  const found = picker.ordered ? firstGap(swarm, webseed) : largestGap(swarm, webseed);
  if (found === null) return null;
  const bytes = lengthOf(swarm, webseed, now);
  const pieces: number[] = [];
  for (let piece = found; mayTake(swarm, webseed, piece); piece++) {
    if (pieces.length > 0 && (pieces.length + 1) * geometry.pieceLength > bytes) break;
    pieces.push(piece);
    picker.remove(piece);
  }
  return between(swarm, pieces);
}

function between({ geometry }: Swarm, pieces: readonly number[]): Stretch {
  const last = pieces[pieces.length - 1]!;
  const to = geometry.pieceOffset(last) + geometry.pieceSize(last);
  return { from: geometry.pieceOffset(pieces[0]!), to, pieces };
}

/** Bytes of the next run, from how fast the server is. */
function lengthOf({ picker }: Swarm, webseed: Webseed, now: Millis): number {
  const rate = webseed.down.rate(now) / (webseed.runs.size + 1);
  const bytes = Math.min(MOST_RUN, Math.max(LEAST_RUN, rate * RUN_SECONDS));
  return picker.ordered ? Math.min(bytes, MOST_ORDERED_RUN) : bytes;
}

function mayTake({ picker, blame }: Swarm, webseed: Webseed, piece: number): boolean {
  return picker.waits(piece) && picker.mayBegin(piece) && webseed.pieces.has(piece) &&
    !blame.failedAlone(piece, webseed);
}

/** The first piece that may be taken. */
function firstGap(swarm: Swarm, webseed: Webseed): number | null {
  const first = swarm.picker.pick(webseed.pieces);
  if (first === null || mayTake(swarm, webseed, first)) return first;
  for (let piece = first; piece < swarm.geometry.pieceCount; piece++) {
    if (mayTake(swarm, webseed, piece)) return piece;
  }
  return null;
}

/** The first piece of the longest row of pieces that may be taken, none of a lower rank than another that waits. */
function largestGap(swarm: Swarm, webseed: Webseed): number | null {
  const { pieceCount } = swarm.geometry;
  const { picker } = swarm;
  let rank = 0;
  for (let piece = 0; piece < pieceCount; piece++) {
    const here = picker.rank(piece);
    if (here > rank && mayTake(swarm, webseed, piece)) rank = here;
  }
  let best: number | null = null;
  let most = 0;
  for (let piece = 0; piece < pieceCount; piece++) {
    const from = piece;
    while (picker.rank(piece) === rank && mayTake(swarm, webseed, piece)) piece++;
    if (piece - from <= most) continue;
    most = piece - from;
    best = from;
  }
  return best;
}

/** What a server without ranges reads from the begin of a file again: pieces that nobody works on begin anew. */
function dropAbandoned({ peers, downloads, webseeds }: Swarm): void {
  for (const partial of downloads.partials.values()) {
    const idle = partial.free === partial.blockCount - partial.received;
    const served = peers.some((peer) => peer.serves(partial.piece));
    if (idle && !served && !webseeds.isAt(partial.piece)) downloads.drop(partial);
  }
}

/**
 * All that may be taken of the file where the gap begins, and of those behind it while there is nothing else to read
 * for it. Null where most of it would be read in vain, as long as others have it.
 */
function wholeFiles(swarm: Swarm, webseed: Webseed, files: FileMap): Stretch | null {
  const { geometry, picker } = swarm;
  const found = picker.ordered ? firstGap(swarm, webseed) : largestGap(swarm, webseed);
  if (found === null) return null;
  const start = geometry.pieceOffset(found);
  const { fileOffset, left } = files.place(start);
  let end = start + left;
  const first = Math.floor((start - fileOffset) / geometry.pieceLength);
  const pieces: number[] = [];
  for (let piece = first; piece < geometry.pieceCount; piece++) {
    const offset = geometry.pieceOffset(piece);
    if (offset >= end) {
      // a file goes on being read, small ones behind it come along
      const read = end - (start - fileOffset);
      const isGap = offset > end;
      if (read > LEAST_RUN || isGap || !mayTake(swarm, webseed, piece)) break;
      end = offset + files.place(offset).left;
    }
    if (mayTake(swarm, webseed, piece)) pieces.push(piece);
  }
  const last = pieces[pieces.length - 1]!;
  const read = geometry.pieceOffset(last) + geometry.pieceSize(last) - (start - fileOffset);
  const wanted = pieces.length * geometry.pieceLength;
  const dear = read > SMALL_FILE && read > 2 * wanted;
  if (dear && swarm.peers.some((peer) => peer.serves(pieces[0]!))) return null;
  for (const piece of pieces) picker.remove(piece);
  return between(swarm, pieces);
}
