import type { Millis } from "../base/mod.ts";
import { MOST_ASKED } from "./endgame.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** A block of the first piece is late after this long: requests in flight cover a second and a half. */
export const LATE_MS = 2000;
/** Late blocks asked of one more peer at a time. */
const MOST_HELPED = 8;

/**
 * In an ordered download the first piece holds up all that follow. Blocks of it that somebody owes for too long are
 * asked of others too, the fastest first, a few each; whichever comes second is cancelled.
 */
export function hurryFirst(swarm: Swarm, now: Millis): void {
  const { downloads, peers, geometry, webseeds } = swarm;
  const [first] = downloads.partials.values();
  if (first === undefined || first.alone || webseeds.isQuickAt(first.piece, now)) return;
  const helpers = peers
    .filter((peer) => peer.serves(first.piece) && peer.amInterested && !peer.snubbed)
    .map((peer) => ({ peer, rate: peer.down.rate(now), helped: 0 }))
    .sort((a, b) => b.rate - a.rate);
  for (let block = 0; block < first.blockCount; block++) {
    const asked = first.asked(block);
    if (first.has(block) || asked === 0 || asked >= MOST_ASKED) continue;
    const id = first.piece * geometry.blocksPerPiece + block;
    if (now - lastAsked(peers, id) < LATE_MS) continue;
    const helper = helpers.find(({ peer, helped }) =>
      helped < MOST_HELPED && !peer.inFlight.has(id)
    );
    if (helper === undefined) continue;
    helper.helped++;
    downloads.askAgain(helper.peer, first, block, now);
  }
  for (const { peer, helped } of helpers) if (helped > 0) peer.connection.flush(now);
}

/** When a peer was last asked for a block; −1 when nobody is still counted on. */
export function lastAsked(peers: readonly Peer[], id: number): number {
  let last = -1;
  for (const peer of peers) last = Math.max(last, peer.inFlight.get(id) ?? -1);
  return last;
}
