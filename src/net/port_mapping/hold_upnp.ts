import { LIFETIME, type Transport } from "../../gateway/mod.ts";
import { rest } from "../rest.ts";
import type { MappedPorts, MappingWorld } from "./mapping.ts";
import type { FoundGateway } from "./gateway_search.ts";
import { GatewayError } from "./gateway_http.ts";
import { UpnpGateway } from "./upnp_gateway.ts";

/** A router that was restarted forgets mappings: half their life is how long that may go unseen. */
const RENEW_MS = LIFETIME * 500;
/** After a renewal that failed, until the lease is over. */
const AGAIN_MS = 60_000;
const LEAVE_MS = 1_500;

/** Who hears what is mapped. */
export type Report = (host: string | null, ports: MappedPorts) => void;

/**
 * Maps the ports at a gateway by UPnP and keeps them until `signal`, or until it no longer does. Rejects with
 * `GatewayError` where it does not.
 */
export async function holdUpnp(
  found: FoundGateway,
  client: string,
  { ports, random, now }: Pick<MappingWorld, "ports" | "random" | "now">,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const gateway = await UpnpGateway.open(found, random, signal);
  let held: MappedPorts = {};
  let until = 0;
  try {
    while (!signal.aborted) {
      try {
        held = await mapAll(gateway, ports, held, client, signal);
        until = now() + LIFETIME * 1000;
        report(await gateway.address(signal).catch(() => null), held);
        await rest(RENEW_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (now() + AGAIN_MS >= until) throw error;
        await rest(AGAIN_MS, signal);
      }
    }
  } finally {
    await unmapAll(gateway, held);
  }
}

/** One port that is refused leaves the other. */
async function mapAll(
  gateway: UpnpGateway,
  ports: MappedPorts,
  held: MappedPorts,
  client: string,
  signal: AbortSignal,
): Promise<MappedPorts> {
  const out: Partial<Record<Transport, number>> = {};
  let trouble: unknown = new GatewayError("there is no port to map");
  for (const transport of ["tcp", "udp"] as const) {
    const port = ports[transport];
    if (port === undefined) continue;
    try {
      const wish = held[transport] ?? port;
      out[transport] = await gateway.map(transport, port, client, wish, signal);
    } catch (error) {
      trouble = error;
    }
  }
  if (Object.keys(out).length === 0) throw trouble;
  return out;
}

/** The router should not keep an open port for nobody. */
async function unmapAll(gateway: UpnpGateway, held: MappedPorts): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LEAVE_MS);
  const all = Object.entries(held) as [Transport, number][];
  await Promise.allSettled(
    all.map(([transport, port]) => gateway.unmap(transport, port, late.signal)),
  );
  clearTimeout(timer);
}
