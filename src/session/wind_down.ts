import type { Swarm } from "../swarm/mod.ts";
import type { Running } from "./running.ts";

/** Nothing more comes; what is here still goes to the disk. */
export function quiet(swarm: Swarm, reason: string): void {
  swarm.paused = true;
  swarm.webseeds.close();
  swarm.closePeers(reason);
}

/**
 * Winds a running torrent down: everything is told and recorded, or `deadline` (on the session's clock) passes.
 * `before`: payload bytes of earlier runs.
 */
export async function windDown(
  { swarm, data, peers, trackers, webseeds, dht, leaveLan }: Running,
  before: { readonly downloaded: number; readonly uploaded: number },
  deadline: number,
): Promise<void> {
  const told = trackers.stop(deadline);
  dht?.close();
  leaveLan();
  const dialled = peers.close();
  swarm.close("The torrent stopped");
  const quiet = webseeds.stop();
  await data.settle(deadline, {
    downloaded: before.downloaded + swarm.downloads.rate.total,
    uploaded: before.uploaded + swarm.uploads.rate.total,
  });
  await Promise.all([told, quiet, dialled]);
}
