/** The way of an HTTP request: every hop judged, every address the one that was judged. */
import { messageOf } from "../base/mod.ts";
import { AddressRefused, type Route } from "./address_policy.ts";
import { proxyName } from "../proxy/mod.ts";
import { HttpError, networkError } from "./http_error.ts";

/** Judges each hop: `from` is the route that redirected to `url`, null at first. Throws `AddressRefused`. */
export type Allow = (url: URL, from: Route | null, signal: AbortSignal) => Promise<Route>;

/** What {@linkcode followHops} keeps to. */
export interface HopRules {
  readonly allow: Allow;
  readonly maxRedirects: number;
  readonly signal: AbortSignal;
}

/** A permitted way to a URL. */
export interface Hop {
  readonly url: URL;
  readonly route: Route;
}

/** A request ended in an answer, or leads on. */
export type HopAnswer<T> = { readonly answer: T } | { readonly location: string };

/** One request on a hop, to one address; null: wherever the name leads. */
export type Ask<T> = (hop: Hop, address: string | null) => Promise<HopAnswer<T>>;

const REDIRECTS = [301, 302, 303, 307, 308];

/** Follows redirects from `text` to the first answer. Rejects with {@linkcode HttpError}. */
export async function followHops<T>(text: string, rules: HopRules, ask: Ask<T>): Promise<T> {
  let url = parseHttp(text, null);
  let from: Route | null = null;
  for (let hops = 0;; hops++) {
    const route: Route = await permit(url, from, rules);
    const next = await askHop({ url, route }, rules.signal, ask);
    if ("answer" in next) return next.answer;
    if (hops === rules.maxRedirects) {
      throw new HttpError("redirects", `More than ${rules.maxRedirects} redirects (${url.host})`);
    }
    url = parseHttp(next.location, url);
    from = route;
  }
}

/** Tries the addresses of a hop in turn; only a failed connection moves on to the next. Rejects with {@linkcode HttpError}. */
export async function askHop<T>(
  hop: Hop,
  signal: AbortSignal,
  ask: Ask<T>,
): Promise<HopAnswer<T>> {
  const { url, route } = hop;
  // a certificate is for the name, and proves that the name's owner answers
  const byAddress = url.protocol === "http:" && route.addresses.length > 0;
  const addresses = byAddress ? route.addresses : [null];
  for (const [i, address] of addresses.entries()) {
    try {
      return await ask(hop, address);
    } catch (error) {
      if (error instanceof HttpError) throw error;
      if (i === addresses.length - 1 || signal.aborted) throw networkError(error, placeOf(hop));
    }
  }
  throw new HttpError("network", `Connection failed (${url.host})`);
}

/** Who did not answer: an HTTP proxy, or who was asked. */
function placeOf({ url, route: { proxy } }: Hop): string {
  return proxy?.scheme === "http" ? proxyName(proxy) : url.host;
}

/** `url` with the very address that was judged as its host. */
export function pinned(url: URL, address: string | null): URL {
  const target = new URL(url);
  if (address !== null) target.hostname = address.includes(":") ? `[${address}]` : address;
  return target;
}

/** Where a response leads, null when it is an answer; the body of one that leads on is given up. */
export async function redirectOf(response: Response): Promise<string | null> {
  const location = response.headers.get("location");
  if (location === null || !REDIRECTS.includes(response.status)) return null;
  await response.body?.cancel();
  return location;
}

/** What a client of the runtime's needs for a route that leads through a proxy. */
export function throughProxy({ proxy }: Route): Pick<Deno.CreateHttpClientOptions, "proxy"> {
  if (proxy === undefined) return {};
  const { scheme, host, port, user, password } = proxy;
  const at = host.includes(":") ? `[${host}]` : host;
  return {
    proxy: {
      transport: scheme === "http" ? "http" : "socks5",
      // the h has the proxy look up names
      url: `${scheme === "http" ? "http" : "socks5h"}://${at}:${port}`,
      ...(user === null ? {} : { basicAuth: { username: user, password } }),
    },
  };
}

/** Throws {@linkcode HttpError} where the answer is the proxy's own, and not of who was asked. */
export async function expectCarried(response: Response, { proxy }: Route): Promise<void> {
  if (proxy === undefined || response.status !== 407) return;
  await response.body?.cancel();
  throw new HttpError("network", `The proxy refuses our name and password (${proxyName(proxy)})`);
}

async function permit(url: URL, from: Route | null, { allow, signal }: HopRules): Promise<Route> {
  try {
    return await allow(url, from, signal);
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw new HttpError(error.reach === "unknown" ? "unknown-host" : "refused", messageOf(error));
  }
}

function parseHttp(text: string, base: URL | null): URL {
  const url = base === null ? URL.parse(text) : URL.parse(text, base);
  if (url === null) throw new HttpError("refused", `Expected a URL, got "${text.slice(0, 80)}"`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new HttpError("refused", `Expected an http or https URL, got "${url.protocol}"`);
  }
  return url;
}
