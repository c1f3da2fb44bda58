import { messageOf } from "../base/mod.ts";
import { UdpDemux, type UdpFamily, UdpSocket } from "../net/mod.ts";

/**
 * The UDP socket of a session: on `port`, where peers reach us over TCP; on another when that is taken or null.
 * Null when there is none to be had. `warn` hears what the user should know, and our own mistakes.
 */
export function openUdp(
  port: number | null,
  warn: (message: string) => void,
  family: UdpFamily = "any",
): UdpDemux | null {
  const fault = (error: unknown) => {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    warn(`Internal fault while reading a UDP packet: ${text}`);
  };
  try {
    return new UdpDemux(openNear(port ?? 0, warn, family), fault);
  } catch (error) {
    warn(`No UDP socket (${messageOf(error)}): UDP trackers and the DHT are off`);
    return null;
  }
}

function openNear(
  port: number,
  warn: (message: string) => void,
  family: UdpFamily,
): UdpSocket {
  try {
    return UdpSocket.open(port, family);
  } catch (error) {
    if (port === 0 || !(error instanceof Deno.errors.AddrInUse)) throw error;
    const socket = UdpSocket.open(0, family);
    warn(`UDP port ${port} is busy, using ${socket.port} instead`);
    return socket;
  }
}
