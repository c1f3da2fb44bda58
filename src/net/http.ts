/** One bounded HTTP request: of trackers, torrent files and whatever else a URL is given for. */
import { type Bytes, messageOf } from "../base/mod.ts";
import { AddressRefused, type Route } from "./address_policy.ts";
import { HttpError, networkError } from "./http_error.ts";

/** How we call ourselves to HTTP servers. */
export const USER_AGENT = "TorrentManager/0.2.0";

/** Judges each hop: `from` is the route that redirected to `url`, null at first. Throws `AddressRefused`. */
export type Allow = (url: URL, from: Route | null, signal: AbortSignal) => Promise<Route>;

/** Bounds of a fetch; there are no defaults for what a stranger could abuse. */
export interface FetchOptions {
  /** Bytes of the body after decompression. */
  readonly maxBytes: number;
  /** Milliseconds for everything together: names, redirects, headers, body. */
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  readonly allow: Allow;
  /** `Accept` header; by default anything. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a server answered, whatever the status. */
export interface FetchedBody {
  readonly status: number;
  readonly bytes: Bytes;
  /** `Content-Type` in lower case without parameters; "" when there is none. */
  readonly contentType: string;
  /** Where the last redirect led, and how it was reached. */
  readonly url: URL;
  readonly route: Route;
}

/** Bytes of body that are expected of most trackers. */
const FIRST_BUFFER = 16_384;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Gets `url` within the bounds of `options`. Rejects with {@linkcode HttpError}, or with `signal`'s
 * reason once that is aborted. The connection is closed afterwards, whatever happens.
 */
export async function fetchBounded(url: string, options: FetchOptions): Promise<FetchedBody> {
  options.signal?.throwIfAborted();
  const controller = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, options.timeoutMs);
  const stop = () => controller.abort();
  options.signal?.addEventListener("abort", stop);
  try {
    return await follow(url, options, controller.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (late) {
      throw new HttpError("timeout", `No complete answer within ${options.timeoutMs / 1000} s`);
    }
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
    // ends whatever a broken answer left open
    controller.abort();
  }
}

async function follow(text: string, options: FetchOptions, signal: AbortSignal) {
  let url = parseHttp(text, null);
  let from: Route | null = null;
  for (let hops = 0;; hops++) {
    const route: Route = await permit(url, from, options, signal);
    const hop = await attempt(url, route, options, signal);
    if (hop.kind === "body") return hop.body;
    if (hops === options.maxRedirects) {
      throw new HttpError("redirects", `More than ${options.maxRedirects} redirects (${url.host})`);
    }
    url = parseHttp(hop.location, url);
    from = route;
  }
}

type Hop = { kind: "body"; body: FetchedBody } | { kind: "redirect"; location: string };

/** Tries the addresses of a route in turn; only a failed connection moves on to the next. */
async function attempt(
  url: URL,
  route: Route,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<Hop> {
  // a certificate is for the name, and proves that the name's owner answers
  const pinned = url.protocol === "http:" && route.addresses.length > 0;
  const addresses = pinned ? route.addresses : [null];
  for (const [i, address] of addresses.entries()) {
    try {
      return await request(url, address, route, options, signal);
    } catch (error) {
      if (error instanceof HttpError) throw error;
      if (i === addresses.length - 1 || signal.aborted) throw networkError(error, url.host);
    }
  }
  throw new HttpError("network", `Connection failed (${url.host})`);
}

/** One request to one address (null: wherever the name leads), answered by a body or a redirect. */
async function request(
  url: URL,
  address: string | null,
  route: Route,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<Hop> {
  const target = new URL(url);
  if (address !== null) target.hostname = address.includes(":") ? `[${address}]` : address;
  // a client of its own keeps nothing open; `allowHost` lets an address be asked by its name
  const client = Deno.createHttpClient({
    poolMaxIdlePerHost: 0,
    http2: false,
    allowHost: true,
    // from an IPv4 address of ours there is no way to an IPv6 one, whatever the name leads to
    ...(route.ipv4Only ? { localAddress: "0.0.0.0" } : {}),
  });
  try {
    const headers = { "accept": options.accept ?? "*/*", "user-agent": USER_AGENT, host: url.host };
    const response = await fetch(target, { client, headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (REDIRECTS.includes(response.status) && location !== null) {
      await response.body?.cancel();
      return { kind: "redirect", location };
    }
    const bytes = await readBody(response, options.maxBytes);
    const contentType = (response.headers.get("content-type") ?? "").split(";")[0]!.trim();
    return {
      kind: "body",
      body: { status: response.status, bytes, contentType: contentType.toLowerCase(), url, route },
    };
  } finally {
    client.close();
  }
}

/** Reads at most `maxBytes`. Counted as they come out of decompression, so a bomb stops at its first excess. */
async function readBody(response: Response, maxBytes: number): Promise<Bytes> {
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  try {
    // one buffer that doubles: a list of chunks would cost a hundred times their bytes when each holds one
    let buffer = new Uint8Array(Math.min(maxBytes, FIRST_BUFFER));
    let length = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return buffer.subarray(0, length);
      if (length + value.length > maxBytes) {
        throw new HttpError("too-large", `Expected at most ${maxBytes} bytes, got more`);
      }
      if (length + value.length > buffer.length) {
        const size = Math.min(maxBytes, Math.max(2 * buffer.length, length + value.length));
        const larger = new Uint8Array(size);
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(value, length);
      length += value.length;
    }
  } finally {
    // does nothing after the end; a broken stream may reject, which is no news
    await reader.cancel().catch(() => {});
  }
}

async function permit(
  url: URL,
  from: Route | null,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<Route> {
  try {
    return await options.allow(url, from, signal);
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
