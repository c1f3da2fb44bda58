/** Asks UDP trackers over the shared socket, within the address policy (BEP 15, BEP 7). */
import {
  type Endpoint,
  endpoint,
  formatEndpoint,
  type InfoHash,
  messageOf,
  millis,
  SystemRandom,
  toHex,
  TrackerError,
} from "../base/mod.ts";
import {
  type AnnounceReply,
  type AnnounceRequest,
  decodeUdpAnnounceAnswer,
  decodeUdpScrapeAnswer,
  encodeUdpAnnounce,
  encodeUdpScrape,
  MAX_UDP_SCRAPE,
  type SwarmCounts,
  UdpExchange,
  type UdpQuestion,
  urlData,
} from "../tracker/mod.ts";
import { type AddressPolicy, AddressRefused } from "./address_policy.ts";
import type { AnnounceOptions, TrackerAnswer } from "./tracker_client.ts";
import type { UdpPort } from "./udp_demux.ts";

/** Milliseconds an announce waits for its tracker: for the question and one repeat of it. */
const PATIENCE_MS = 45_000;

/** Trackers by name whose answers are known. */
const MOST_NAMED = 256;

/** Addresses of a tracker that are asked at once: one of each family the tracker and we have. */
interface Tracker {
  readonly url: URL;
  readonly addresses: readonly Endpoint[];
  readonly local: boolean;
}

/** Takes the trackers' share of the UDP socket. One timer serves all that is under way. */
export class UdpTrackerClient {
  readonly #policy: AddressPolicy;
  readonly #udp: UdpPort | null;
  readonly #exchange: UdpExchange;
  /** By URL, where an announce was answered last: those addresses know us and hear that we leave. */
  readonly #told = new Map<string, Tracker>();
  /** Trackers that are asked by name, which a proxy looks up. */
  readonly #named = new Set<Endpoint>();
  /** By URL, how often an announce failed: each time the next of its addresses is asked. */
  readonly #failures = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Infinity;

  constructor(policy: AddressPolicy, udp: UdpPort | null) {
    this.#policy = policy;
    this.#udp = udp;
    this.#exchange = new UdpExchange((packet, to) => udp?.send(packet, to), new SystemRandom());
    udp?.on("tracker", (packet, from) => {
      // an answer to a name comes from an address; whose it is, its numbers say
      for (const to of this.#named) {
        if (to.port === from.port) this.#exchange.receive(packet, to, now());
      }
      this.#exchange.receive(packet, from, now());
      this.#schedule();
    });
  }

  /** See {@linkcode TrackerClient.announce}. The first address that answers gives the answer. */
  async announce(
    url: string,
    request: AnnounceRequest,
    { signal, more }: AnnounceOptions,
  ): Promise<TrackerAnswer> {
    const leaving = request.event === "stopped";
    const tracker = (leaving ? this.#told.get(url) : undefined) ?? await this.#find(url, signal);
    const { addresses, local } = tracker;
    const data = urlData(tracker.url);
    let first = true;
    const asked = addresses.map(async (address) => {
      const answer = await this.#ask<AnnounceReply>(address, {
        encode: (connection, transaction) =>
          encodeUdpAnnounce(connection, transaction, request, data),
        decode: (packet) => decodeUdpAnnounceAnswer(packet, isIpv6(address) ? 16 : 4),
      }, signal);
      if (!leaving) this.#remember(url, tracker, address);
      const whole = { ...answer, localTracker: local };
      if (!first) more?.(whole);
      first = false;
      return whole;
    });
    try {
      if (leaving) await Promise.allSettled(asked);
      return await firstOf(asked);
    } catch (error) {
      signal?.throwIfAborted();
      this.#failures.set(url, (this.#failures.get(url) ?? 0) + 1);
      throw error;
    }
  }

  /** See {@linkcode TrackerClient.scrape}. */
  async scrape(
    url: string,
    infoHashes: readonly InfoHash[],
    signal?: AbortSignal,
  ): Promise<Map<string, SwarmCounts>> {
    const { addresses } = await this.#find(url, signal);
    const out = new Map<string, SwarmCounts>();
    for (let at = 0; at < infoHashes.length; at += MAX_UDP_SCRAPE) {
      const part = infoHashes.slice(at, at + MAX_UDP_SCRAPE);
      const counts = await firstOf(addresses.map((address) =>
        this.#ask<SwarmCounts[]>(address, {
          encode: (connection, transaction) => encodeUdpScrape(connection, transaction, part),
          decode: (packet) => decodeUdpScrapeAnswer(packet, part.length),
        }, signal)
      ));
      for (const [i, hash] of part.entries()) out.set(toHex(hash), counts[i]!);
    }
    return out;
  }

  /** Asks nobody any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timerAt = -Infinity;
    this.#udp?.on("tracker", null);
  }

  async #find(text: string, signal: AbortSignal | undefined): Promise<Tracker> {
    if (this.#udp === null) throw new TrackerError("There is no UDP socket", "unreachable");
    const port = Number(URL.parse(text)?.port);
    // an http URL's host is read in every spelling of an address, which the policy must see through
    const url = URL.parse(text.replace(/^udp:/i, "http:"));
    if (url === null || !(port > 0)) throw new TrackerError("Not a tracker URL");
    const { ipv6 } = this.#udp;
    const { addresses, local } = await this.#route(url, signal ?? new AbortController().signal);
    if (addresses.length === 0 && this.#udp.names === true) {
      const to = { host: url.hostname, port };
      for (const known of this.#named) {
        if (known.host === to.host && known.port === port) this.#named.delete(known);
      }
      this.#named.add(to);
      for (const oldest of this.#named) {
        if (this.#named.size <= MOST_NAMED) break;
        this.#named.delete(oldest);
      }
      return { url, addresses: [to], local };
    }
    const turn = this.#failures.get(text) ?? 0;
    const found = [false, true].flatMap((v6) => {
      const family = addresses.filter((address) => address.includes(":") === v6);
      const chosen = family[turn % family.length];
      return chosen === undefined || (v6 && !ipv6) ? [] : endpoint(chosen, port) ?? [];
    });
    if (found.length === 0) {
      throw new TrackerError(`Cannot find the address of ${url.hostname}`, "unknown-host");
    }
    return { url, addresses: found, local };
  }

  async #route(url: URL, signal: AbortSignal) {
    try {
      return await this.#policy.tracker(url, null, signal);
    } catch (error) {
      if (!(error instanceof AddressRefused)) throw error;
      const fault = error.reach === "unknown" ? "unknown-host" : "forbidden";
      throw new TrackerError(messageOf(error), fault);
    }
  }

  #ask<T>(to: Endpoint, question: UdpQuestion<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = () => {
        this.#exchange.cancel(asked);
        this.#schedule();
        reject(signal?.reason);
      };
      const asked = this.#exchange.ask(to, question, now(), (outcome) => {
        signal?.removeEventListener("abort", stop);
        if (outcome.ok) resolve(outcome.answer);
        else reject(outcome.error);
      }, PATIENCE_MS);
      signal?.addEventListener("abort", stop, { once: true });
      this.#schedule();
    });
  }

  #remember(url: string, tracker: Tracker, answered: Endpoint): void {
    const known = new Set(this.#told.get(url)?.addresses.map(formatEndpoint));
    known.add(formatEndpoint(answered));
    const addresses = tracker.addresses.filter((each) => known.has(formatEndpoint(each)));
    this.#told.set(url, { ...tracker, addresses });
  }

  #schedule(): void {
    const at = this.#exchange.nextDeadline();
    if (at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timerAt = Infinity;
      this.#exchange.tick(now());
      this.#schedule();
    }, Math.max(0, at - now()));
  }
}

/** The first that succeeds. When all fail, the failure that tells most: a refusal before silence. */
async function firstOf<T>(attempts: readonly Promise<T>[]): Promise<T> {
  try {
    return await Promise.any(attempts);
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    const errors: unknown[] = error.errors;
    throw errors.find((each) => each instanceof TrackerError && each.fault !== "silent") ??
      errors[0];
  }
}

function isIpv6({ host }: Endpoint): boolean {
  return host.includes(":");
}

function now() {
  return millis(performance.now());
}
