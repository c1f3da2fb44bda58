import { messageOf, traceOf } from "../base/mod.ts";
import { PeerListener, UdpDemux, type UdpFamily, UdpSocket } from "../net/mod.ts";

/** Where any port will do, so many are tried until one is free for UDP too. */
const MOST_TRIES = 8;
/** Ports tried after the first when it is busy, as for TCP. */
const MORE_PORTS = 9;

/** What a session hears its peers and nodes by. */
export interface OpenPorts {
  /** Null: it takes no connections. */
  readonly listener: PeerListener | null;
  /** On the listener's port where that can be had. Null: there is none. */
  readonly udp: UdpDemux | null;
  /** Where peers reach us; null: nowhere. */
  readonly port: number | null;
}

/** Opens sockets; a test has its own. */
export interface PortOpener {
  tcp(port: number, ipv6: boolean): PeerListener;
  udp(port: number, family: UdpFamily): UdpSocket;
}

const SYSTEM: PortOpener = {
  tcp: (port, ipv6) => PeerListener.open(port, ipv6),
  udp: (port, family) => UdpSocket.open(port, family),
};

/**
 * Listens on `port` (0: any, null: not at all) and opens UDP on the same one, as peers take our DHT node to be there;
 * UDP is on another when that is taken. `warn` hears what the user should know, and our own mistakes. Throws an `Error`
 * that says what to do when no port can be had for TCP.
 */
export function openPorts(
  port: number | null,
  ipv6: boolean,
  warn: (message: string) => void,
  open: PortOpener = SYSTEM,
): OpenPorts {
  const family = ipv6 ? "any" : "ipv4";
  for (let left = port === 0 ? MOST_TRIES : 1;; left--) {
    const listener = port === null ? null : listen(port, ipv6, open);
    try {
      const udp = demux(open.udp(listener?.port ?? 0, family), warn);
      return { listener, udp, port: listener?.port ?? null };
    } catch (error) {
      const busy = error instanceof Deno.errors.AddrInUse;
      if (!busy || left <= 1) {
        const udp = elsewhere(error, listener, family, warn, open);
        return { listener, udp, port: listener?.port ?? null };
      }
      listener?.close();
    }
  }
}

/**
 * Opens UDP alone, for uTP without TCP: on `port` or when it is busy on one of the next nine (0: any; null: any, and
 * nobody is taken in). Throws an `Error` that says what to do when no port can be had.
 */
export function openUdpPort(
  port: number | null,
  ipv6: boolean,
  warn: (message: string) => void,
  open: PortOpener = SYSTEM,
): OpenPorts {
  const first = port ?? 0;
  for (let at = first;; at++) {
    try {
      const udp = demux(open.udp(at, ipv6 ? "any" : "ipv4"), warn);
      return { listener: null, udp, port: port === null ? null : udp.port };
    } catch (error) {
      const last = first === 0 ? 0 : Math.min(65_535, first + MORE_PORTS);
      if (error instanceof Deno.errors.AddrInUse && at < last) continue;
      const advice = "choose another with --listen-port, or do without --no-tcp";
      throw new Error(`Cannot open UDP port ${first} (${messageOf(error)}): ${advice}`);
    }
  }
}

/** UDP on any port, after it could not be had on the listener's. */
function elsewhere(
  error: unknown,
  listener: PeerListener | null,
  family: UdpFamily,
  warn: (message: string) => void,
  open: PortOpener,
): UdpDemux | null {
  try {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    const udp = demux(open.udp(0, family), warn);
    warn(`UDP port ${listener?.port} is busy, using ${udp.port} instead`);
    return udp;
  } catch (error) {
    warn(`No UDP socket (${messageOf(error)}): UDP trackers, the DHT and uTP are off`);
    return null;
  }
}

function demux(socket: UdpSocket, warn: (message: string) => void): UdpDemux {
  return new UdpDemux(socket, (error) => {
    warn(`Internal fault while reading a UDP packet: ${traceOf(error)}`);
  });
}

function listen(port: number, ipv6: boolean, open: PortOpener): PeerListener {
  try {
    return open.tcp(port, ipv6);
  } catch (error) {
    const advice = "choose another with --listen-port, or --no-listen";
    throw new Error(`Cannot listen on port ${port} (${messageOf(error)}): ${advice}`);
  }
}
