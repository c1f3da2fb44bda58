/** The answers of a UDP tracker of ours (BEP 15): one packet for one packet, nothing kept of who asks. */
import {
  type Bytes,
  concat,
  type Endpoint,
  equalDigest,
  messageOf,
  type Millis,
  parseAddress,
  type Random,
  randomBytes,
  SIP_KEY_LENGTH,
  sipHash,
  TrackerError,
  writeUint32,
} from "../base/mod.ts";
import { MAX_GIVEN, type SwarmRegistry } from "./swarm_registry.ts";
import { UdpAction } from "./udp_messages.ts";
import {
  decodeUdpAnnounce,
  decodeUdpRequest,
  decodeUdpScrape,
  encodeConnectAnswer,
  encodeUdpAnnounceAnswer,
  encodeUdpError,
  encodeUdpScrapeAnswer,
  type UdpRequest,
} from "./udp_requests.ts";

/** What a service is made of. */
export interface UdpServiceOptions {
  readonly registry: SwarmRegistry;
  /** Seconds between a client's announces. */
  readonly interval: number;
  /** Makes the secret that connection ids hang on: the system's in a program. */
  readonly random: Random;
}

/** Milliseconds of one connection id; it is good in this window and the two after, so for 2 to 3 minutes. */
const WINDOW = 60_000;
const WINDOWS_GOOD = 3;
/** Peers that an asker gets who names no number. */
const DEFAULT_WANTED = 50;
/** IPv6 peers in one answer: 1,388 bytes, which every path takes in one piece. */
const MAX_GIVEN_IPV6 = 76;
/** Refusals a second; more would only be noise for others' lines. */
const MAX_REFUSALS = 100;

/**
 * A connection id is a keyed hash of the asker's address and the time, so that it proves that the asker receives
 * what is sent to its address, and need not be remembered. Without a good one nobody gets more bytes than it sent.
 */
export class UdpService {
  readonly #options: UdpServiceOptions;
  readonly #secret: Bytes;
  #refusals = { second: 0, count: 0 };

  constructor(options: UdpServiceOptions) {
    this.#options = options;
    this.#secret = randomBytes(SIP_KEY_LENGTH, options.random);
  }

  /** The answer to a packet, null for none. */
  answer(packet: Bytes, from: Endpoint, now: Millis): Bytes | null {
    const request = decodeUdpRequest(packet);
    if (request === null) return null;
    const { action, transaction } = request;
    if (action === UdpAction.connect) {
      return encodeConnectAnswer(transaction, this.#connection(from, windowOf(now)));
    }
    if (!this.#knows(request, from, now)) {
      const refusal = this.#refuse(transaction, "Connect again", now);
      // the sender may be forged
      return refusal !== null && refusal.length <= packet.length ? refusal : null;
    }
    try {
      return action === UdpAction.announce
        ? this.#announce(packet, transaction, from, now)
        : this.#scrape(packet, transaction, now);
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      return this.#refuse(transaction, messageOf(error), now);
    }
  }

  #announce(packet: Bytes, transaction: number, from: Endpoint, now: Millis): Bytes {
    const { registry, interval } = this.#options;
    const { numwant, port, ...asker } = decodeUdpAnnounce(packet);
    const most = from.host.includes(":") ? MAX_GIVEN_IPV6 : MAX_GIVEN;
    const answer = registry.announce({
      ...asker,
      endpoint: { host: from.host, port },
      numwant: Math.min(numwant ?? DEFAULT_WANTED, most),
      ownFamily: true,
    }, now);
    if (answer === null) throw new TrackerError("This tracker is full");
    return encodeUdpAnnounceAnswer(transaction, { ...answer, interval });
  }

  #scrape(packet: Bytes, transaction: number, now: Millis): Bytes {
    const { registry } = this.#options;
    const sizes = decodeUdpScrape(packet).map((hash) => registry.scrape(hash, now));
    return encodeUdpScrapeAnswer(transaction, sizes);
  }

  #refuse(transaction: number, reason: string, now: Millis): Bytes | null {
    const second = Math.floor(now / 1000);
    if (second !== this.#refusals.second) this.#refusals = { second, count: 0 };
    return this.#refusals.count++ < MAX_REFUSALS ? encodeUdpError(transaction, reason) : null;
  }

  #knows({ connection }: UdpRequest, from: Endpoint, now: Millis): boolean {
    const window = windowOf(now);
    for (let age = 0; age < WINDOWS_GOOD; age++) {
      if (equalDigest(connection, this.#connection(from, window - age))) return true;
    }
    return false;
  }

  /** The port is left out: a router may change it between two packets. */
  #connection({ host }: Endpoint, window: number): Bytes {
    const time = new Uint8Array(4);
    writeUint32(time, 0, window);
    return sipHash(this.#secret, concat(time, parseAddress(host) ?? new Uint8Array()));
  }
}

function windowOf(now: Millis): number {
  return Math.floor(now / WINDOW);
}
