/** Which of the connected peers goes first when there are too many. */
import { type Endpoint, type Millis, splitHostPort } from "../base/mod.ts";
import type { PeerMember, PeerRanks } from "../swarm/mod.ts";

/** The peer whose connection is worth least: little moves and little did, in no less than `time` milliseconds; null: none is that old. */
export function idlest(
  peers: readonly PeerMember[],
  time: number,
  now: Millis,
): PeerMember | null {
  let idlest: PeerMember | null = null;
  let [least, fewest] = [Number.MAX_VALUE, Number.MAX_VALUE];
  for (const peer of peers) {
    const rate = peer.down.rate(now) + peer.up.rate(now);
    const total = peer.down.total + peer.up.total;
    const worth = rate - least || total - fewest;
    if (now - peer.joinedAt < time || worth >= 0) continue;
    [idlest, least, fewest] = [peer, rate, total];
  }
  return idlest;
}

/**
 * The peer that gives way to a newcomer when all places are taken (BEP 40): of those that were of no use in `time`
 * milliseconds, the one that ranks lowest; null: none ranks lower than the newcomer.
 */
export function outranked(
  peers: readonly PeerMember[],
  newcomer: Endpoint,
  ranks: PeerRanks,
  time: number,
  now: Millis,
): PeerMember | null {
  let least = ranks.of(newcomer);
  let outranked: PeerMember | null = null;
  for (const peer of peers) {
    const { joinedAt, down, up, identity: { key } } = peer;
    if (least === null || now - joinedAt < time) continue;
    if (down.rate(now) + up.rate(now) > 0) continue;
    const endpoint = splitHostPort(key);
    const rank = endpoint === null ? null : ranks.of(endpoint);
    if (rank === null || rank >= least) continue;
    outranked = peer;
    least = rank;
  }
  return outranked;
}
