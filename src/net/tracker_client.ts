/** Asks trackers, whatever the transport, within the address policy. */
import type { InfoHash } from "../base/mod.ts";
import type { AnnounceReply, AnnounceRequest, SwarmCounts } from "../tracker/mod.ts";
import type { AddressPolicy } from "./address_policy.ts";
import { HttpTrackerClient } from "./http_tracker_client.ts";
import type { UdpPort } from "./udp_demux.ts";
import { UdpTrackerClient } from "./udp_tracker_client.ts";

/** An answer and what its peers may be believed to be. */
export interface TrackerAnswer extends AnnounceReply {
  /** The tracker is surely on a local address: give its peers to the policy as from a `local-tracker`. */
  readonly localTracker: boolean;
}

/** What an announce may be told beside its tracker. */
export interface AnnounceOptions {
  readonly signal?: AbortSignal;
  /** Hears what further addresses of the tracker answer once the announce is over. */
  readonly more?: (answer: TrackerAnswer) => void;
}

/** Asks the trackers of all torrents. */
export class TrackerClient {
  readonly #http: HttpTrackerClient;
  readonly #udp: UdpTrackerClient;

  /** `udp` null: UDP trackers count as unreachable. `timeoutMs`: for one HTTP tracker. */
  constructor(policy: AddressPolicy, udp: UdpPort | null = null, timeoutMs?: number) {
    this.#http = new HttpTrackerClient(policy, timeoutMs);
    this.#udp = new UdpTrackerClient(policy, udp);
  }

  /**
   * One announce to the tracker at `url`. Rejects with `TrackerError` when it cannot be asked, refuses
   * or answers nonsense, and with the signal's reason once that is aborted.
   */
  announce(
    url: string,
    request: AnnounceRequest,
    options: AnnounceOptions = {},
  ): Promise<TrackerAnswer> {
    return isUdp(url)
      ? this.#udp.announce(url, request, options)
      : this.#http.announce(url, request, options.signal);
  }

  /** Counts of `infoHashes` by their lower-case hexadecimal; rejects like {@linkcode announce}. */
  scrape(
    url: string,
    infoHashes: readonly InfoHash[],
    signal?: AbortSignal,
  ): Promise<Map<string, SwarmCounts>> {
    return isUdp(url)
      ? this.#udp.scrape(url, infoHashes, signal)
      : this.#http.scrape(url, infoHashes, signal);
  }

  /** Ends what is under way over UDP, without a word to those that wait. */
  close(): void {
    this.#udp.close();
  }
}

function isUdp(url: string): boolean {
  return /^udp:/i.test(url);
}
