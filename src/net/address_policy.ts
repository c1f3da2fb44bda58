/**
 * The shield: where a stranger's torrent may send us. Nothing but this file decides it.
 *
 * | what leads there | public | loopback, private, link-local | name without address | rest |
 * |---|---|---|---|---|
 * | tracker of a torrent | yes | path `/announce` or `/scrape` | same, and its peers count as a stranger's | no |
 * | tracker's redirect | yes | same, and only from a surely local tracker | same | no |
 * | other URL of a torrent | yes | no | no | no |
 * | URL typed by the user | yes | yes | yes | no |
 * | peer of a public tracker | yes | no | | no |
 * | peer of a tracker on such an address, or typed | yes | yes | | no |
 *
 * "Rest" is the unspecified address (which reaches loopback), multicast and port 0. A name counts as
 * local for going there when any of its addresses is, and for trusting its peers when all of them are;
 * the connection then goes to the very addresses that were judged, so that an answer of the name
 * server that changes in between (DNS rebinding) gains nothing.
 */
import {
  type AddressScope,
  addressScope,
  type Endpoint,
  endpointScope,
  parseAddress,
} from "../base/mod.ts";
import type { Resolver } from "./resolve.ts";

/** Where a host leads. `unknown`: a name our resolver has no address for; the system may, from a hosts file. */
export type Reach = "public" | "local" | "unknown" | "nowhere";

/** A permitted way to a URL. */
export interface Route {
  readonly reach: Reach;
  /** Addresses to connect to, in this order; empty: let the system find the name. */
  readonly addresses: readonly string[];
  /** Surely a machine of ours or near us: private peers from there are believed. */
  readonly local: boolean;
}

/** How a peer's address became known. */
export type PeerSource =
  /** The user typed it. */
  | "user"
  /** A tracker on a loopback, private or link-local address told it. */
  | "local-tracker"
  /** Anyone else told it. */
  | "stranger";

/** The policy forbids it; the message says what and why. */
export class AddressRefused extends Error {
  override name = "AddressRefused";
  constructor(message: string, readonly reach: Reach) {
    super(message);
  }
}

/** Judges URLs and peers; see the table above. */
export class AddressPolicy {
  readonly #resolver: Resolver;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  /** The way to a tracker; `from` is the route that redirected here. Throws {@linkcode AddressRefused}. */
  async tracker(url: URL, from: Route | null, signal: AbortSignal): Promise<Route> {
    const route = await this.#route(url, signal);
    const refusal = trackerRefusal(url, route.reach, from === null || from.local);
    if (refusal !== null) throw new AddressRefused(refusal, route.reach);
    return route;
  }

  /** The way to any other URL that a torrent names. Throws {@linkcode AddressRefused}. */
  async foreign(url: URL, signal: AbortSignal): Promise<Route> {
    const route = await this.#route(url, signal);
    if (route.reach !== "public") throw refused(url, route.reach);
    return route;
  }

  /** The way to a URL the user typed, and (from a public one) to where it redirects. Throws {@linkcode AddressRefused}. */
  async typed(url: URL, from: Route | null, signal: AbortSignal): Promise<Route> {
    const route = await this.#route(url, signal);
    // the user's word covers the name typed, found or not, but not where a public server points
    const covered = from === null || from.local || from.reach === "unknown";
    const strayed = !covered && route.reach !== "public";
    if (route.reach === "nowhere" || strayed) throw refused(url, route.reach);
    return route;
  }

  /** Whether a peer at `endpoint` may be connected to. */
  peer(endpoint: Endpoint, source: PeerSource): boolean {
    return peerAllowed(endpoint, source);
  }

  async #route(url: URL, signal: AbortSignal): Promise<Route> {
    const literal = literalAddresses(url.hostname);
    const found = literal ?? (await this.#resolver.resolve(url.hostname, signal));
    const addresses = found.filter((address) => kindOf(address) !== "nowhere");
    const reach = reachOf(found);
    // over TLS the name itself is connected to, so only an address or localhost is surely local
    const sure = literal !== null || url.protocol === "http:";
    const local = sure && addresses.length > 0 &&
      addresses.every((address) => kindOf(address) === "local");
    return { reach, addresses, local };
  }
}

/**
 * Why a tracker must not be asked, or null when it may. `trusted` is false when a redirect leads there
 * from anywhere but a surely local tracker.
 */
export function trackerRefusal(url: URL, reach: Reach, trusted: boolean): string | null {
  if (reach === "public") return null;
  if (reach === "nowhere") return because(url, reach);
  if (!trusted) return `Refused a redirect: ${because(url, reach)}`;
  if (url.pathname === "/announce" || url.pathname === "/scrape") return null;
  return reach === "unknown"
    ? because(url, reach)
    : `${because(url, reach)}, where only the path /announce is asked`;
}

/** Whether a peer at `endpoint` that became known through `source` may be connected to. */
export function peerAllowed(endpoint: Endpoint, source: PeerSource): boolean {
  if (endpoint.port < 1 || endpoint.port > 65_535) return false;
  switch (reachOfScope(endpointScope(endpoint))) {
    case "public":
      return true;
    case "local":
      return source !== "stranger";
    default:
      return false;
  }
}

/** Where a set of addresses leads: the one most worth protecting decides. */
export function reachOf(addresses: readonly string[]): Reach {
  if (addresses.length === 0) return "unknown";
  const kinds = addresses.map(kindOf);
  if (kinds.includes("local")) return "local";
  return kinds.includes("public") ? "public" : "nowhere";
}

/** Addresses of a URL's host that need no resolver, or null: an address, or `localhost` (RFC 6761). */
function literalAddresses(hostname: string): string[] | null {
  const host = hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "").toLowerCase();
  if (parseAddress(host) !== null) return [host];
  return host === "localhost" || host.endsWith(".localhost") ? ["127.0.0.1", "::1"] : null;
}

function kindOf(address: string): Reach {
  const bytes = parseAddress(address);
  return bytes === null ? "nowhere" : reachOfScope(addressScope(bytes));
}

function reachOfScope(scope: AddressScope): Reach {
  switch (scope) {
    case "public":
      return "public";
    case "loopback":
    case "private":
    case "link-local":
      return "local";
    case "unspecified":
    case "multicast":
      return "nowhere";
  }
}

function refused(url: URL, reach: Reach): AddressRefused {
  return new AddressRefused(because(url, reach), reach);
}

function because(url: URL, reach: Reach): string {
  if (reach === "unknown") return `Cannot find the address of ${url.hostname}`;
  if (reach === "local") return `${url.hostname} is a local address`;
  return `${url.hostname} is no address to connect to`;
}
