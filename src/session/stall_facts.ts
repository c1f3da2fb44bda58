import type { Running } from "./running.ts";
import type { StallFacts } from "./stall.ts";

/** What a running torrent has to say for itself when nothing comes. */
export function stallFacts({ swarm, peers, trackers }: Running): StallFacts {
  return {
    trackers: trackers.status(),
    known: peers.pool.size,
    connected: swarm.peers.length,
    choking: swarm.peers.filter((peer) => peer.choking).length,
    useful: swarm.peers.filter((peer) => peer.useful > 0).length,
    lastFailure: peers.lastFailure,
  };
}
