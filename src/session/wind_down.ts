import type { InfoHash } from "../base/mod.ts";
import type { SessionContext } from "./context.ts";
import type { Running } from "./running.ts";
import { within } from "./within.ts";

/** Waiting for the disk at the end; what is not synced by then is hashed again at the next start. */
const MOST_SYNC_MS = 1000;

/**
 * Winds a running torrent down: everything is told and recorded, or `deadline` (on the session's clock) passes.
 * `before`: payload bytes of earlier runs.
 */
export async function windDown(
  { swarm, store, record, peers, trackers }: Running,
  { state, now }: SessionContext,
  infoHash: InfoHash,
  before: { readonly downloaded: number; readonly uploaded: number },
  deadline: number,
): Promise<void> {
  const told = trackers.stop(deadline);
  peers.close();
  swarm.close("The torrent stopped");
  await within(store.idle(), deadline - now());
  await within(record.flush(), Math.min(MOST_SYNC_MS, deadline - now()));
  record.settle();
  state.saveCounters(
    infoHash,
    before.downloaded + swarm.downloads.rate.total,
    before.uploaded + swarm.uploads.rate.total,
  );
  await told;
}
