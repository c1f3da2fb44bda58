import { TcpLink } from "../net/mod.ts";
import type { PeerConnection } from "../wire/mod.ts";
import type { SessionContext } from "./context.ts";

/** Runs a connection over a socket until it ends; never rejects. `drained`: the link has room for more. */
export function runLink(
  socket: Deno.TcpConn,
  connection: PeerConnection,
  { gate, now, emit }: SessionContext,
  drained: () => void,
): Promise<void> {
  const fault = (error: unknown) => {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    emit({
      type: "warning",
      torrent: null,
      message: `Internal fault while serving a peer: ${text}`,
    });
  };
  return new TcpLink(socket, connection, { gate, now, drained, fault }).run();
}
