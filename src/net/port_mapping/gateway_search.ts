import { decodeFound, encodeSearch, SSDP_TARGETS } from "../../gateway/mod.ts";
import type { Endpoint } from "../../base/mod.ts";
import { gatewayAllowed, gatewayUrl } from "../address_policy.ts";
import { UdpSocket } from "../udp_socket.ts";
import { rest } from "../rest.ts";
import { behindGateway } from "./local_networks.ts";
import type { LocalNetwork, MappingWire } from "./mapping.ts";

/** Calls, and how long after the last one an answer may come (they wait up to two seconds). */
const ROUNDS_MS = [0, 1000, 2500];
/** Others may answer right after the first. */
const MORE_MS = 300;
const MOST_FOUND = 4;

/** A gateway that answered. */
export interface FoundGateway {
  readonly host: string;
  /** Its description, at that very address. */
  readonly location: URL;
}

/** What a search gave. */
export interface SearchResult {
  readonly found: readonly FoundGateway[];
  /** Answers that led elsewhere than to who gave them. */
  readonly strayed: number;
}

/**
 * Looks for gateways by UPnP's search: in every network of ours, or asks `named` alone. Who answers is the gateway, and
 * only its own address is believed. Never rejects; a system without multicast finds nobody.
 */
export async function searchGateways(
  named: string | null,
  networks: readonly LocalNetwork[],
  wire: MappingWire,
  signal: AbortSignal,
): Promise<SearchResult> {
  const found = new Map<string, FoundGateway>();
  let strayed = 0;
  const enough = new AbortController();
  const stop = () => enough.abort();
  signal.addEventListener("abort", stop);
  let soon: ReturnType<typeof setTimeout> | undefined;
  const sockets = open(named, networks);
  const hear = (packet: Uint8Array<ArrayBuffer>, { host }: Endpoint) => {
    const allowed = named === null ? gatewayAllowed(host, false) : host === named;
    const text = allowed ? decodeFound(packet) : null;
    if (text === null || found.has(host) || found.size >= MOST_FOUND) return;
    const location = gatewayUrl(text, host, null);
    if (location === null) return void strayed++;
    found.set(host, { host, location });
    soon ??= setTimeout(stop, MORE_MS);
  };
  const running = sockets.map((socket) => socket.run(hear));
  const to = named === null ? wire.group : { host: named, port: wire.ssdpPort };
  let before = 0;
  for (const at of ROUNDS_MS) {
    await rest(at - before, enough.signal);
    before = at;
    if (enough.signal.aborted) break;
    for (const socket of sockets) {
      for (const target of SSDP_TARGETS) socket.send(encodeSearch(to, target), to);
    }
  }
  await rest(MORE_MS, enough.signal);
  clearTimeout(soon);
  signal.removeEventListener("abort", stop);
  for (const socket of sockets) socket.close();
  await Promise.all(running);
  return { found: [...found.values()], strayed };
}

/** A socket at each of our addresses: what is sent from it leaves by that address's network. */
function open(named: string | null, networks: readonly LocalNetwork[]): UdpSocket[] {
  const hosts = named === null
    ? behindGateway(networks).map(({ address }) => address)
    : ["0.0.0.0"];
  return hosts.flatMap((host) => {
    try {
      return [UdpSocket.bind(host, 0)];
    } catch {
      // the address is gone by now
      return [];
    }
  });
}
