import type { Millis, PieceIndex } from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";
import { Message } from "../wire/mod.ts";
import type { PartialPiece } from "./partial_piece.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** Takes the requests for a block that is here back from those who still owe it, and asks them for something else. */
export function cancelBlock(swarm: Swarm, piece: PieceIndex, block: number, now: Millis): void {
  for (const peer of swarm.peers) {
    if (!cancel(swarm, peer, piece, block)) continue;
    swarm.downloads.ask(peer, now);
    peer.connection.flush(now);
  }
}

/** Gives a piece up that nobody wants any more: takes its requests back and lets go of what is here of it. */
export function abandonPiece(swarm: Swarm, partial: PartialPiece): void {
  for (const peer of swarm.peers) {
    for (let block = 0; block < partial.blockCount; block++) {
      cancel(swarm, peer, partial.piece, block);
    }
  }
  swarm.downloads.drop(partial);
}

/** False when the peer was not asked for the block. What it sends all the same is not held against it. */
function cancel(
  { geometry, downloads }: Swarm,
  peer: Peer,
  piece: PieceIndex,
  block: number,
): boolean {
  const id = piece * geometry.blocksPerPiece + block;
  if (!peer.inFlight.has(id)) return false;
  const size = peer.blockSize(geometry, piece, block);
  peer.connection.out.block(Message.Cancel, piece, block * BLOCK_SIZE, size);
  downloads.forget(peer, id);
  peer.cancelled++;
  return true;
}
