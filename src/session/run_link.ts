import { TcpLink } from "../net/mod.ts";
import type { ReadLane } from "../swarm/mod.ts";
import type { PeerConnection } from "../wire/mod.ts";
import type { SessionContext } from "./context.ts";

/** Runs a connection over a socket until it ends; never rejects. */
export function runLink(
  socket: Deno.TcpConn,
  connection: PeerConnection,
  lane: ReadLane,
  { now, emit }: SessionContext,
): Promise<void> {
  const fault = (error: unknown) => {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    emit({
      type: "warning",
      torrent: null,
      message: `Internal fault while serving a peer: ${text}`,
    });
  };
  return new TcpLink(socket, connection, { lane, now, fault }).run();
}
