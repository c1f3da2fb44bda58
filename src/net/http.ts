/** One bounded HTTP request: of trackers, torrent files and whatever else a URL is given for. */
import { type Bytes, endReading } from "../base/mod.ts";
import type { Route } from "./address_policy.ts";
import { HttpError } from "./http_error.ts";
import {
  type Allow,
  expectCarried,
  followHops,
  type Hop,
  type HopAnswer,
  pinned,
  redirectOf,
  throughProxy,
} from "./http_hops.ts";

export type { Allow };

/** How we call ourselves to HTTP servers. */
export const USER_AGENT = "TorrentManager/0.6.1";

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

function follow(
  url: string,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<FetchedBody> {
  const { allow, maxRedirects } = options;
  return followHops(
    url,
    { allow, maxRedirects, signal },
    (hop, address) => request(hop, address, options, signal),
  );
}

/** One request to one address, answered by a body or a redirect. */
async function request(
  { url, route }: Hop,
  address: string | null,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<HopAnswer<FetchedBody>> {
  // a client of its own keeps nothing open; `allowHost` lets an address be asked by its name
  const client = Deno.createHttpClient({
    poolMaxIdlePerHost: 0,
    http2: false,
    allowHost: true,
    ...throughProxy(route),
    // from an IPv4 address of ours there is no way to an IPv6 one, whatever the name leads to
    ...(route.ipv4Only ? { localAddress: "0.0.0.0" } : {}),
  });
  try {
    const headers = { "accept": options.accept ?? "*/*", "user-agent": USER_AGENT, host: url.host };
    const target = pinned(url, address);
    const response = await fetch(target, { client, headers, redirect: "manual", signal });
    await expectCarried(response, route);
    const location = await redirectOf(response);
    if (location !== null) return { location };
    const bytes = await readBody(response, options.maxBytes, signal);
    const contentType = (response.headers.get("content-type") ?? "").split(";")[0]!.trim();
    return {
      answer: {
        status: response.status,
        bytes,
        contentType: contentType.toLowerCase(),
        url,
        route,
      },
    };
  } finally {
    client.close();
  }
}

/** Reads at most `maxBytes`, until `signal` is aborted, with whose reason it rejects. Counted as they come out of decompression, so a bomb stops at its first excess. */
export async function readBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Bytes> {
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  const release = endReading(reader, signal);
  try {
    // one buffer that doubles: a list of chunks would cost a hundred times their bytes when each holds one
    let buffer = new Uint8Array(Math.min(maxBytes, FIRST_BUFFER));
    let length = 0;
    for (;;) {
      const { value, done } = await reader.read();
      signal.throwIfAborted();
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
    release();
    // does nothing after the end; a broken stream may reject, which is no news
    await reader.cancel().catch(() => {});
  }
}
