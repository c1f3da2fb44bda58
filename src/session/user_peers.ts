import { type Endpoint, formatEndpoint } from "../base/mod.ts";
import type { SessionContext } from "./context.ts";
import type { TorrentPeers } from "./torrent_peers.ts";

/** Adds addresses that the user named to a torrent's; says of which nothing will come, and why. */
export function addUserPeers(
  { policy, emit }: SessionContext,
  torrent: string,
  peers: TorrentPeers,
  endpoints: readonly Endpoint[],
): void {
  const admitted = peers.admit(endpoints, "user");
  for (const endpoint of endpoints) {
    if (admitted.includes(endpoint)) continue;
    const why = policy.filtered(endpoint.host)
      ? "--ip-filter keeps it away"
      : "there is no way to it";
    const message = `Peer ${formatEndpoint(endpoint)} is left out: ${why}`;
    emit({ type: "warning", torrent, message });
  }
  peers.add(admitted, "user");
}
