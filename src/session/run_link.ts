import { traceOf } from "../base/mod.ts";
import type { Carrier } from "../net/mod.ts";
import type { ReadLane } from "../swarm/mod.ts";
import type { PeerConnection } from "../wire/mod.ts";
import type { SessionContext } from "./context.ts";

/**
 * Runs a connection over a way that stands until it ends; never rejects. A socket that the system holds longer than
 * that is counted: strangers that read nothing must not use up our handles.
 */
export function runLink(
  carrier: Carrier,
  connection: PeerConnection,
  lane: ReadLane,
  { now, emit, turns, shares: { connections } }: SessionContext,
): Promise<void> {
  const fault = (error: unknown) => {
    emit({
      type: "warning",
      torrent: null,
      message: `Internal fault while serving a peer: ${traceOf(error)}`,
    });
  };
  const link = carrier.carry(connection, { lane, now, turns, fault });
  const running = link.run();
  void running.then(() => {
    connections.others++;
    return link.freed();
  }).then(() => connections.others--);
  return running;
}
