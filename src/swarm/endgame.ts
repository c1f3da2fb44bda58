import type { Millis } from "../base/mod.ts";
import type { Downloads } from "./downloads.ts";
import type { Peer } from "./peer.ts";

/** A block is asked of at most this many peers at once. */
export const MOST_ASKED = 3;
/** Blocks that others were asked for too, in flight at one peer. */
const MOST_DUPLICATES = 8;

/** Endgame, or no memory to begin more: asks for blocks that others owe us, a few at a time, the least asked first. */
export function askDuplicates(downloads: Downloads, peer: Peer, room: number, now: Millis): void {
  const { swarm, partials } = downloads;
  const { waiting, ordered, hurried } = swarm.picker;
  // in order, room for more comes as the first pieces are finished, and those are hurried by themselves
  if (ordered && (waiting > 0 || !hurried)) return;
  // a peer without anything new for us while others have: it waits, its turn comes
  if (waiting > 0 && downloads.hasRoom) return;
  let left = Math.min(room, MOST_DUPLICATES - peer.outstanding);
  const { blocksPerPiece } = swarm.geometry;
  for (let asked = 1; asked < MOST_ASKED && left > 0; asked++) {
    for (const partial of partials.values()) {
      if (partial.alone || !peer.serves(partial.piece)) continue;
      for (let block = 0; block < partial.blockCount && left > 0; block++) {
        if (partial.asked(block) !== asked || partial.has(block)) continue;
        if (peer.inFlight.has(partial.piece * blocksPerPiece + block)) continue;
        downloads.askAgain(peer, partial, block, now);
        left--;
      }
    }
  }
}
