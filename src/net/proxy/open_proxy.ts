import type { Endpoint } from "../../base/mod.ts";
import { type ProxyChoice, ProxyError } from "../../proxy/mod.ts";
import type { Carrier } from "../carrier.ts";
import type { DatagramSocket } from "../udp_socket.ts";

/** How peers and nodes are reached through a proxy. */
export interface ProxyWay {
  /** See `dialTcp`; rejects with `ProxyError` too. */
  dial(endpoint: Endpoint, signal: AbortSignal): Promise<Carrier>;
  /** Null: it carries no UDP. */
  readonly udp: DatagramSocket | null;
}

/** The way through a proxy. An HTTP proxy carries trackers and web servers alone, and nobody goes beside it. */
export async function openProxy(
  proxy: ProxyChoice,
  ipv6: boolean,
  warn: (message: string) => void,
): Promise<ProxyWay> {
  if (proxy.scheme === "http") {
    const error = new ProxyError("refused", "An HTTP proxy carries no peers");
    return { dial: () => Promise.reject(error), udp: null };
  }
  // loaded by who needs it
  const [{ dialSocks }, { SocksUdpSocket }] = await Promise.all([
    import("./socks_connect.ts"),
    import("./socks_udp.ts"),
  ]);
  return {
    dial: (endpoint, signal) => dialSocks(proxy, endpoint, signal),
    udp: new SocksUdpSocket(proxy, ipv6, warn),
  };
}
