import { type InfoHash, type Millis, sha1 } from "../base/mod.ts";
import type { Peer } from "../swarm/mod.ts";
import { AllowedFastSet } from "../wire/mod.ts";

/** Pieces a choked peer may ask for (BEP 6 suggests ten). */
const MOST_GRANTED = 10;

/** BEP 6: a newcomer may ask for a few pieces while it is choked, so that it has something to give. */
export async function grantFast(peer: Peer, infoHash: InfoHash, now: () => Millis): Promise<void> {
  const { swarm, swarm: { geometry, have, sharing } } = peer;
  if (!peer.connection.fast || have.count === 0 || !sharing) return;
  // a tenth at most: a choked peer that asks again and again must not get a whole small torrent
  const size = Math.min(MOST_GRANTED, Math.floor(geometry.pieceCount / 10));
  const { host } = peer.identity;
  const set = AllowedFastSet.of(host, infoHash, geometry.pieceCount, size);
  if (set === null) return;
  while (!set.done) set.absorb(await sha1(set.input));
  swarm.grantFast(peer, set.pieces.filter((piece) => have.has(piece)), now());
}
