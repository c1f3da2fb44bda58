import { dialTcp, openProxy, type Resolver, SystemResolver, UdpDemux } from "../net/mod.ts";
import type { EngineOptions } from "./api.ts";
import { type OpenPorts, openPorts, openUdpPort } from "./open_ports.ts";
import type { DialTcp } from "./ways.ts";

/** How a session reaches others and hears them. */
export interface WayOut extends OpenPorts {
  /** Over TCP. */
  readonly dial: DialTcp;
  readonly resolver: Resolver;
}

/**
 * What of the options holds with a proxy: nothing may go beside it, so there are no connections from outside, no
 * multicast and no router that is asked; an HTTP proxy carries no nodes either.
 */
export function besideNoProxy(options: EngineOptions): EngineOptions {
  const { proxy } = options;
  if (!proxy) return options;
  return {
    ...options,
    listenPort: null,
    localDiscovery: false,
    portMapping: null,
    dht: proxy.scheme === "http" ? null : options.dht,
  };
}

/** Opens sockets, or the way through the proxy; see `openPorts`. */
export async function openWayOut(
  { proxy, listenPort, tcp = true, ipv6 = true }: EngineOptions,
  warn: (message: string) => void,
): Promise<WayOut> {
  if (!proxy) {
    const ports = (tcp ? openPorts : openUdpPort)(listenPort, ipv6, warn);
    return { ...ports, dial: dialTcp, resolver: new SystemResolver() };
  }
  const { dial, udp } = await openProxy(proxy, ipv6, warn);
  return {
    listener: null,
    port: null,
    udp: udp === null ? null : new UdpDemux(udp, (error) => {
      warn(`Internal fault while reading a UDP packet: ${String(error)}`);
    }),
    dial,
    // a name server would be asked beside the proxy
    resolver: { resolve: () => Promise.resolve([]) },
  };
}
