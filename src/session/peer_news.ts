import type { PeerMember } from "../swarm/mod.ts";
import type { SessionContext } from "./context.ts";

/** Tells the front end what became of a peer; of the many that come and go only when it asked. */
export function tellPeer(
  { options, emit }: SessionContext,
  torrent: string,
  peer: PeerMember,
  action: "connected" | "disconnected" | "banned",
  reason: string | null,
): void {
  if (!options.verbose && action !== "banned") return;
  const { identity: { key }, client } = peer;
  emit({ type: "peer", torrent, peer: key, action, client, reason });
}
