/** Asks HTTP and HTTPS trackers, within the address policy. */
import { type InfoHash, messageOf, TrackerError, type TrackerFault } from "../base/mod.ts";
import {
  type AnnounceRequest,
  announceUrl,
  decodeAnnounceReply,
  decodeScrapeReply,
  MAX_REPLY_BYTES,
  scrapeUrl,
  type SwarmCounts,
  TrackerRefusal,
} from "../tracker/mod.ts";
import type { AddressPolicy } from "./address_policy.ts";
import { fetchBounded, type FetchedBody } from "./http.ts";
import { HttpError, type HttpFailure } from "./http_error.ts";
import type { TrackerAnswer } from "./tracker_client.ts";

/** What a fetch that failed says of the tracker. */
const FAULTS: Readonly<Record<HttpFailure, TrackerFault>> = {
  "refused": "forbidden",
  "timeout": "silent",
  "too-large": "answers-badly",
  "redirects": "answers-badly",
  "unknown-host": "unknown-host",
  "network": "unreachable",
};

const TIMEOUT_MS = 15_000;
const MAX_REDIRECTS = 5;

/** Holds no connection and no state between requests. */
export class HttpTrackerClient {
  readonly #policy: AddressPolicy;
  readonly #timeoutMs: number;

  constructor(policy: AddressPolicy, timeoutMs = TIMEOUT_MS) {
    this.#policy = policy;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * One announce to the tracker at `url`. Rejects with `TrackerError` when it cannot be asked, refuses
   * or answers nonsense, and with `signal`'s reason once that is aborted.
   */
  async announce(
    url: string,
    request: AnnounceRequest,
    signal?: AbortSignal,
  ): Promise<TrackerAnswer> {
    const fetched = await this.#get(announceUrl(url, request), signal);
    const reply = read(fetched, decodeAnnounceReply);
    return { ...reply, localTracker: fetched.route.local };
  }

  /** Counts of `infoHashes` by their lower-case hexadecimal; rejects like {@linkcode announce}. */
  async scrape(
    url: string,
    infoHashes: readonly InfoHash[],
    signal?: AbortSignal,
  ): Promise<Map<string, SwarmCounts>> {
    const scrape = scrapeUrl(url, infoHashes);
    if (scrape === null) throw new TrackerError("The tracker cannot be scraped");
    return read(await this.#get(scrape, signal), decodeScrapeReply);
  }

  async #get(url: string, signal: AbortSignal | undefined): Promise<FetchedBody> {
    try {
      return await fetchBounded(url, {
        maxBytes: MAX_REPLY_BYTES,
        timeoutMs: this.#timeoutMs,
        maxRedirects: MAX_REDIRECTS,
        allow: (hop, from, signal) => this.#policy.tracker(hop, from, signal),
        signal,
      });
    } catch (error) {
      if (error instanceof HttpError) {
        throw new TrackerError(messageOf(error), FAULTS[error.reason]);
      }
      throw error;
    }
  }
}

/** A failing status may still carry a `failure reason`; without one the status says most. */
function read<T>({ status, bytes }: FetchedBody, decode: (bytes: FetchedBody["bytes"]) => T): T {
  try {
    return decode(bytes);
  } catch (error) {
    if (status === 200 || error instanceof TrackerRefusal) throw error;
    if (!(error instanceof TrackerError)) throw error;
    throw new TrackerError(`The tracker answered with HTTP status ${status}`);
  }
}
