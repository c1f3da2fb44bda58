import { formatEndpoint, messageOf } from "../../base/mod.ts";
import { rest } from "../rest.ts";
import { type FoundGateway, searchGateways } from "./gateway_search.ts";
import { GatewayError } from "./gateway_http.ts";
import { holdPmp } from "./hold_pmp.ts";
import { holdUpnp } from "./hold_upnp.ts";
import { addressNear, behindGateway, localNetworks } from "./local_networks.ts";
import { type MappingStatus, type MappingWorld, STANDARD_WIRE } from "./mapping.ts";

/** Where a router that speaks PCP hears us without our knowing its address (RFC 7723). */
const PCP_ANYCAST = "192.0.0.9";
/** After everything failed; doubled each time. */
const AGAIN_MS = 60_000;
const MOST_AGAIN_MS = 30 * 60_000;
const CONNECT_MS = 3_000;

/** Somebody who may map our ports. */
interface Candidate {
  readonly host: string;
  /** What its search found, null: it is not asked for yet, or has no UPnP. */
  readonly upnp: FoundGateway | null;
  /** It is only the way to whoever speaks PCP. */
  readonly anycast?: true;
}

/**
 * Has the gateway lead a port of its outside address to ours, by PCP, NAT-PMP or UPnP, whichever it speaks, and keeps it
 * so. The gateway is the one the user named, or whoever answers UPnP's search in our networks, or PCP's own address.
 */
export class PortMapper {
  readonly #world: MappingWorld;
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  #mapped = false;

  /** Begins at once. */
  constructor(world: MappingWorld) {
    this.#world = world;
    this.#running = this.#run();
  }

  /** Gives the ports back; resolves when the gateway has heard, or after two seconds at most. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  get #signal(): AbortSignal {
    return this.#abort.signal;
  }

  async #run(): Promise<void> {
    let pause = AGAIN_MS;
    while (!this.#signal.aborted) {
      this.#mapped = false;
      this.#report({ phase: "asking" });
      const message = await this.#once();
      if (this.#signal.aborted) return;
      this.#report({ phase: "failed", message });
      pause = this.#mapped ? AGAIN_MS : pause;
      await rest(pause, this.#signal);
      pause = Math.min(MOST_AGAIN_MS, pause * 2);
    }
  }

  /** Tries everybody; holds on to the first who does it, until it no longer does. Answers what came of it. */
  async #once(): Promise<string> {
    const networks = (this.#world.networks ?? localNetworks)();
    const { candidates, note } = await this.#candidates();
    const troubles: string[] = note === null ? [] : [note];
    for (const candidate of candidates) {
      const { host, anycast } = candidate;
      const near = addressNear(host, networks);
      const client = near ?? behindGateway(networks)[0]?.address ?? null;
      const pmp = await this.#pmp(host, client);
      if (this.#signal.aborted || this.#mapped) return pmp ?? "";
      if (anycast) break;
      const upnp = await this.#upnp(candidate, near);
      if (this.#signal.aborted || this.#mapped) return upnp;
      troubles.push(`${host}: PCP and NAT-PMP: ${pmp}; UPnP: ${upnp}`);
    }
    if (troubles.length > 0) return troubles.join("; ");
    return "no router that maps ports answers in our network";
  }

  async #candidates(): Promise<{ candidates: readonly Candidate[]; note: string | null }> {
    const { gateway, networks = localNetworks, wire = STANDARD_WIRE } = this.#world;
    if (gateway !== null) return { candidates: [{ host: gateway, upnp: null }], note: null };
    const { found, strayed } = await searchGateways(null, networks(), wire, this.#signal);
    const note = strayed === 0 ? null : "who answers the search names another machine";
    const candidates = found.map((upnp) => ({ host: upnp.host, upnp }));
    const last: Candidate = { host: PCP_ANYCAST, upnp: null, anycast: true };
    return { candidates: [...candidates, last], note };
  }

  /** Why it did not, or no longer does; null: we left. */
  async #pmp(host: string, client: string | null): Promise<string | null> {
    const { wire = STANDARD_WIRE } = this.#world;
    const gateway = { host, port: wire.pmpPort };
    const end = await holdPmp(gateway, client, this.#world, (lent) => {
      this.#mapped = true;
      this.#report({ ...lent, gateway: host });
    }, this.#signal);
    return end.phase === "failed" ? end.message : null;
  }

  async #upnp({ host, upnp }: Candidate, near: string | null): Promise<string> {
    try {
      const found = upnp ?? await this.#ask(host);
      const client = near ?? await ownAddress(found);
      await holdUpnp(found, client, this.#world, (outside, ports) => {
        this.#mapped = true;
        this.#report({ phase: "mapped", protocol: "UPnP", gateway: host, host: outside, ports });
      }, this.#signal);
      return "";
    } catch (error) {
      return messageOf(error);
    }
  }

  /** A gateway that the user named may have UPnP too. */
  async #ask(host: string): Promise<FoundGateway> {
    const { wire = STANDARD_WIRE } = this.#world;
    const { found, strayed } = await searchGateways(host, [], wire, this.#signal);
    if (found[0] !== undefined) return found[0];
    throw new GatewayError(strayed > 0 ? "it names another machine" : "it does not answer");
  }

  #report(status: MappingStatus): void {
    if (!this.#signal.aborted) this.#world.report(status);
  }
}

/** By which of our addresses the system goes there. */
async function ownAddress({ location: { hostname, port }, host }: FoundGateway): Promise<string> {
  const at = { host, port: Number(port || 80) };
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), CONNECT_MS);
  try {
    const to = { hostname: hostname.replace(/^\[(.*)\]$/, "$1"), port: at.port };
    const socket = await Deno.connect({ ...to, signal: late.signal });
    const { hostname: own } = socket.localAddr;
    socket.close();
    return own;
  } catch {
    throw new GatewayError(`it cannot be connected to (${formatEndpoint(at)})`);
  } finally {
    clearTimeout(timer);
  }
}
