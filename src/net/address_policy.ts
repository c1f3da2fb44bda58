/**
 * The shield: where a stranger's torrent may send us. Nothing but this file decides it.
 *
 * | what leads there | public | local | name without address | rest |
 * |---|---|---|---|---|
 * | tracker of a torrent, HTTP or UDP | yes | path `/announce` or `/scrape` | same, and its peers count as a stranger's | no |
 * | tracker's redirect | yes | same, and only from a surely local tracker | same | no |
 * | webseed or other URL of a torrent | yes | no | no | no |
 * | `xs` of a link that the user typed | yes | path `*.torrent` without a query, not by a public server's redirect | same | no |
 * | `xs` of any other link | yes | no | no | no |
 * | URL typed by the user | yes | yes, not by a public server's redirect | same | no |
 * | peer told by a public tracker, the DHT or a public peer (BEP 11) | yes | no | | no |
 * | peer told by a local peer | yes | yes, loopback only from loopback | | no |
 * | peer that spoke up in our own network (BEP 14) | no | yes | | no |
 * | peer told by a local tracker, or typed | yes | yes | | no |
 * | gateway that answered a search of ours (UPnP) | no | yes, not loopback; itself and nobody else | no | no |
 * | gateway typed by the user | yes | yes; itself and nobody else | no | no |
 *
 * "Local" is loopback, private, link-local, and reserved addresses, which nobody out there can have. "Rest" is the
 * unspecified address (which reaches loopback), multicast, broadcast and port 0. Every spelling of an address is
 * that address, and an IPv6 one that carries an IPv4 one belongs where that does.
 *
 * A name counts as local for going there when any of its addresses is, and for trusting its peers when all of them
 * are; the connection then goes to the very addresses that were judged, so that an answer of the name server that
 * changes in between (DNS rebinding) gains nothing.
 *
 * With a proxy (`PolicyOptions.proxy`) every route leads through it. Names are not looked up here then, so where one leads
 * is not judged: that is the proxy's network, not ours. Addresses are judged as ever.
 *
 * The user's filter keeps away peers, whoever told them, and DHT nodes. It does not apply to trackers and webseeds.
 */
import {
  type AddressScope,
  addressScope,
  type AddressSet,
  type Endpoint,
  endpointScope,
  formatAddress,
  parseAddress,
} from "../base/mod.ts";
import type { ProxyChoice } from "../proxy/mod.ts";
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
  /** It leads through this proxy, which also looks up the name. */
  readonly proxy?: ProxyChoice;
  /** IPv6 is switched off, for the name too where it is connected to by name (TLS). */
  readonly ipv4Only?: true;
}

/** Who told us of a peer. */
export type Informant =
  /** The user typed it. */
  | "user"
  /** A tracker on a local address. */
  | "local-tracker"
  /** A peer on a loopback address (BEP 11). */
  | "loopback-peer"
  /** A peer on any other local address. */
  | "local-peer"
  /** Itself, in our own network (BEP 14). */
  | "lsd"
  /** Anyone else: a public tracker, the DHT, a public peer. */
  | "stranger";

/** What a torrent's URL has behind it: the user typed it, or a stranger's torrent names it. */
export type UrlOrigin = "typed" | "torrent";

/** Whether a peer may be connected to, or what forbids it: where it is, the user's filter, or that IPv6 is switched off. */
export type Verdict = "allowed" | "shielded" | "filtered" | "no-ipv6";

/** What the user said of whom to meet. */
export interface PolicyOptions {
  /** False: nothing goes over IPv6. True by default. */
  readonly ipv6?: boolean;
  /** Addresses of peers and DHT nodes to keep away; null by default. */
  readonly filter?: AddressSet | null;
  /** Every URL is reached through it; null by default. */
  readonly proxy?: ProxyChoice | null;
}

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
  /** Whether anything may go over IPv6. */
  readonly ipv6: boolean;
  readonly #filter: AddressSet | null;
  readonly #proxy: ProxyChoice | null;
  #list: AddressSet | null = null;

  constructor(
    resolver: Resolver,
    { ipv6 = true, filter = null, proxy = null }: PolicyOptions = {},
  ) {
    this.#proxy = proxy;
    this.#resolver = resolver;
    this.ipv6 = ipv6;
    this.#filter = filter;
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

  /** The way to a webseed, and to where it redirects: see {@linkcode typed} and {@linkcode foreign}. Throws {@linkcode AddressRefused}. */
  async source(
    url: URL,
    origin: UrlOrigin,
    from: Route | null,
    signal: AbortSignal,
  ): Promise<Route> {
    return origin === "typed"
      ? await this.typed(url, from, signal)
      : await this.foreign(url, signal);
  }

  /**
   * The way to a torrent file that a magnet link names (`xs`), and to where it redirects; `origin` is whose the link is.
   * A link is pasted, not read: what it asks of our own network must look like a torrent file and say nothing else.
   * Throws {@linkcode AddressRefused}.
   */
  async exactSource(
    url: URL,
    origin: UrlOrigin,
    from: Route | null,
    signal: AbortSignal,
  ): Promise<Route> {
    const route = await this.source(url, origin, from, signal);
    if (route.reach === "public" || isTorrentFile(url)) return route;
    const rule = "where a link is followed to a .torrent file only";
    throw new AddressRefused(`${because(url, route.reach)}, ${rule}`, route.reach);
  }

  /** Whether a peer at `endpoint` may be connected to. */
  peer(endpoint: Endpoint, informant: Informant): boolean {
    return this.judge(endpoint, informant) === "allowed";
  }

  /** The same, with what forbids it. */
  judge(endpoint: Endpoint, informant: Informant): Verdict {
    if (!this.ipv6 && endpoint.host.includes(":")) return "no-ipv6";
    if (!peerAllowed(endpoint, informant)) return "shielded";
    return this.filtered(endpoint.host) ? "filtered" : "allowed";
  }

  /** True for the address of a peer or DHT node that the user's filter keeps away. */
  filtered(host: string): boolean {
    return this.#filter?.has(host) === true || this.#list?.has(host) === true;
  }

  /** Keeps away the addresses of another list as well, instead of the one before; null: of none. */
  keepAway(list: AddressSet | null): void {
    this.#list = list;
  }

  async #route(url: URL, signal: AbortSignal): Promise<Route> {
    const host = hostOf(url);
    const literal = literalAddresses(host);
    const proxy = this.#proxy;
    // where a name leads is the proxy's to know: asking a name server would go beside it
    if (literal === null && proxy !== null) {
      return { reach: "public", addresses: [], local: false, proxy };
    }
    const all = literal ?? (await this.#resolver.resolve(host, signal));
    const found = this.ipv6 ? all : all.filter((address) => !address.includes(":"));
    if (all.length > 0 && found.length === 0) {
      throw new AddressRefused(`${host} has only an IPv6 address, and IPv6 is off`, "nowhere");
    }
    const addresses = found.filter((address) => kindOf(address) !== "nowhere");
    const reach = reachOf(found);
    // over TLS the name itself is connected to, so only an address or localhost is surely local
    const sure = literal !== null || url.protocol !== "https:";
    const local = sure && addresses.length > 0 &&
      addresses.every((address) => kindOf(address) === "local");
    const way = proxy === null ? this.ipv6 ? {} : { ipv4Only: true as const } : { proxy };
    return { reach, addresses, local, ...way };
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

/** Whether a peer at `endpoint` that `informant` told us of may be connected to. */
export function peerAllowed(endpoint: Endpoint, informant: Informant): boolean {
  if (endpoint.port < 1 || endpoint.port > 65_535) return false;
  const scope = endpointScope(endpoint);
  switch (reachOfScope(scope)) {
    case "public":
      return informant !== "lsd";
    case "local":
      if (informant === "local-peer") return scope !== "loopback";
      return informant !== "stranger";
    default:
      return false;
  }
}

/** Whether a gateway at `host` may be asked to map ports: it is near us, or the user named it. */
export function gatewayAllowed(host: string, named: boolean): boolean {
  const scope = addressScope(parseAddress(host) ?? new Uint8Array(4));
  const reach = reachOfScope(scope);
  if (named) return reach === "public" || reach === "local";
  return scope === "private" || scope === "link-local";
}

/** A URL that a gateway names, null when it leads to anybody else: only the very address that answered is asked. */
export function gatewayUrl(text: string, gateway: string, base: URL | null): URL | null {
  const url = base === null ? URL.parse(text) : URL.parse(text, base);
  if (url === null || url.protocol !== "http:" || url.username !== "" || url.password !== "") {
    return null;
  }
  const host = parseAddress(url.hostname.replace(/^\[(.*)\]$/, "$1"));
  return host !== null && formatAddress(host) === gateway ? url : null;
}

/** What a peer at `host` is believed when it tells us of others (BEP 11). */
export function peerInformant(host: string): Informant {
  const scope = addressScope(parseAddress(host) ?? new Uint8Array(4));
  if (scope === "loopback") return "loopback-peer";
  return reachOfScope(scope) === "local" ? "local-peer" : "stranger";
}

/** Where a set of addresses leads: the one most worth protecting decides. */
export function reachOf(addresses: readonly string[]): Reach {
  if (addresses.length === 0) return "unknown";
  const kinds = addresses.map(kindOf);
  if (kinds.includes("local")) return "local";
  return kinds.includes("public") ? "public" : "nowhere";
}

/**
 * A URL's host as web addresses spell it: in `udp:` URLs the platform leaves `2130706433` and `0x7f.1` as they are, and
 * the system's resolver takes both for 127.0.0.1.
 */
function hostOf(url: URL): string {
  const host = URL.parse(`http://${url.hostname}/`)?.hostname ?? url.hostname;
  return host.replace(/^\[(.*)\]$/, "$1").replace(/\.+$/, "").toLowerCase();
}

/** Addresses of a host that need no resolver, or null: an address, or `localhost` (RFC 6761). */
function literalAddresses(host: string): string[] | null {
  const bytes = parseAddress(host);
  if (bytes !== null) return [formatAddress(bytes)];
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
    case "reserved":
      return "local";
    case "unspecified":
    case "multicast":
      return "nowhere";
  }
}

/** What a file server would call one, and no order to a device. */
function isTorrentFile({ pathname, search }: URL): boolean {
  return search === "" && /[^/]\.torrent$/i.test(pathname);
}

function refused(url: URL, reach: Reach): AddressRefused {
  return new AddressRefused(because(url, reach), reach);
}

function because(url: URL, reach: Reach): string {
  if (reach === "unknown") return `Cannot find the address of ${url.hostname}`;
  if (reach === "local") return `${url.hostname} is a local address`;
  return `${url.hostname} is no address to connect to`;
}
