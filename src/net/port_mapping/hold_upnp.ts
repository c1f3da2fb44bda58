import { LIFETIME, type Transport } from "../../gateway/mod.ts";
import { rest } from "../rest.ts";
import type { MappedPorts, MappingWorld } from "./mapping.ts";
import type { FoundGateway } from "./gateway_search.ts";
import { GatewayError } from "./gateway_http.ts";
import { GatewayRefusal, type Patience, UpnpGateway } from "./upnp_gateway.ts";

/** A router that was restarted forgets mappings: half their life is how long that may go unseen. */
const RENEW_MS = LIFETIME * 500;
/** After something that was not answered, or when nothing was renewed. */
const AGAIN_MS = 60_000;
/** For the answer to what is under way when we leave, and then for giving everything back. */
const ANSWER_MS = 500;
const LEAVE_MS = 1_500;

/** Who hears what is mapped. */
export type Report = (host: string | null, ports: MappedPorts) => void;

type World = Pick<MappingWorld, "ports" | "random" | "now" | "rest">;

/** A lease, and until when it holds. */
interface Held {
  readonly external: number;
  readonly until: number;
}

/**
 * Maps the ports at a gateway by UPnP and keeps them until `signal`, or until it no longer does. Rejects with
 * `GatewayError` where it does not.
 */
export async function holdUpnp(
  found: FoundGateway,
  client: string,
  world: World,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const gateway = await UpnpGateway.open(found, world.random, signal);
  const held = new Map<Transport, Held>();
  const pause = world.rest ?? rest;
  const [late, answered] = [new AbortController(), new AbortController()];
  const leave = () => void pause(ANSWER_MS, answered.signal).then(() => late.abort());
  signal.addEventListener("abort", leave);
  try {
    while (!signal.aborted) {
      const patience = { left: signal, late: late.signal };
      const { renewed, trouble } = await mapAll(gateway, world, held, client, patience);
      if (signal.aborted) return;
      if (held.size === 0) throw trouble ?? new GatewayError("there is no port to map");
      report(await gateway.address(signal).catch(() => null), portsOf(held));
      // one that was refused beside another is not wanted there; a router that refuses all may be in trouble
      const soon = renewed === 0 || trouble !== null && !(trouble instanceof GatewayRefusal);
      await pause(soon ? AGAIN_MS : RENEW_MS, signal);
    }
  } finally {
    signal.removeEventListener("abort", leave);
    answered.abort();
    await giveBack(gateway, pause);
  }
}

/** Asks for all of them; one port that is refused leaves the other. `trouble`: what went wrong, null: nothing. */
async function mapAll(
  gateway: UpnpGateway,
  { ports, now }: World,
  held: Map<Transport, Held>,
  client: string,
  patience: Patience,
): Promise<{ renewed: number; trouble: unknown }> {
  let renewed = 0;
  let trouble: unknown = null;
  for (const transport of ["tcp", "udp"] as const) {
    const port = ports[transport];
    if (port === undefined || patience.left.aborted) continue;
    try {
      const external = held.get(transport)?.external ?? port;
      const given = await gateway.map({ transport, port, client, external }, patience);
      held.set(transport, { external: given, until: now() + LIFETIME * 1000 });
      renewed++;
    } catch (error) {
      // what was not answered is what is worth asking again
      if (trouble === null || trouble instanceof GatewayRefusal) trouble = error;
    }
    // what is not renewed holds to its end, and no longer than that to the next attempt
    if ((held.get(transport)?.until ?? Infinity) <= now() + AGAIN_MS) held.delete(transport);
  }
  return { renewed, trouble };
}

function portsOf(held: ReadonlyMap<Transport, Held>): MappedPorts {
  return Object.fromEntries([...held].map(([transport, { external }]) => [transport, external]));
}

/** The router should not keep an open port for nobody. */
async function giveBack(gateway: UpnpGateway, pause: typeof rest): Promise<void> {
  const [late, given] = [new AbortController(), new AbortController()];
  const waiting = pause(LEAVE_MS, given.signal).then(() => late.abort());
  await gateway.giveBack(late.signal);
  given.abort();
  await waiting;
}
