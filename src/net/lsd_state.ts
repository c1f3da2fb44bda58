import {
  type Bytes,
  type Endpoint,
  type InfoHash,
  type Millis,
  type Random,
  toHex,
} from "../base/mod.ts";
import { decodeLsd, encodeLsd, type LsdFamily } from "./lsd_message.ts";

/** Between two calls for one torrent when nothing happens. */
const INTERVAL_MS = 5 * 60_000;
/** And at least, whatever happens (BEP 14). */
const LEAST_MS = 60_000;
/** An answer waits up to so long, so that not all speak at once. */
const ANSWER_MS = 2_000;
/** Packets sent in a second, and looked at. */
const MOST_SENT = 10;
const MOST_HEARD = 50;

/** Hears of a peer in our own network; whether it may be connected to is decided there. */
export type LsdHeard = (peer: Endpoint) => void;

interface Known {
  readonly infoHash: InfoHash;
  readonly heard: LsdHeard;
  /** When it is called out next, and was last. */
  next: number;
  last: number;
}

/** What is called out when in our own network, and what is made of others' calls (BEP 14). No sockets, no clock. */
export class LsdState {
  readonly #torrents = new Map<string, Known>();
  readonly #port: number | null;
  readonly #random: Random;
  readonly #cookie: string;
  /** The second under way, and what went out and came in in it. */
  #second = 0;
  #sent = 0;
  #received = 0;

  /** `port`: where we take connections; null: nothing is called out, only heard. */
  constructor(port: number | null, random: Random) {
    this.#port = port;
    this.#random = random;
    this.#cookie = `tm-${random.below(2 ** 32).toString(16)}`;
  }

  /** Calls for a torrent from here on, at the next {@linkcode due}, and tells of who calls for it. */
  add(infoHash: InfoHash, heard: LsdHeard): void {
    this.#torrents.set(toHex(infoHash), { infoHash, heard, next: 0, last: -Infinity });
  }

  /** The torrent is over. */
  remove(infoHash: InfoHash): void {
    this.#torrents.delete(toHex(infoHash));
  }

  /** When {@linkcode due} has something; Infinity: only after another call. */
  nextDeadline(): number {
    if (this.#port === null) return Infinity;
    let next = Infinity;
    for (const known of this.#torrents.values()) next = Math.min(next, known.next);
    // what a full second kept back goes out in the next one
    return this.#sent >= MOST_SENT ? Math.max(next, this.#second + 1000) : next;
  }

  /** Packets to send now, each in every family there is. One torrent a packet: some clients look at the first alone. */
  due(now: Millis): ((family: LsdFamily) => Bytes)[] {
    const port = this.#port;
    if (port === null) return [];
    this.#count(now);
    const out: ((family: LsdFamily) => Bytes)[] = [];
    for (const known of this.#torrents.values()) {
      if (known.next > now) continue;
      if (this.#sent >= MOST_SENT) break;
      this.#sent++;
      known.last = now;
      known.next = now + INTERVAL_MS;
      const message = { port, infoHashes: [known.infoHash], cookie: this.#cookie };
      out.push((family) => encodeLsd(family, message));
    }
    return out;
  }

  /** A packet came from `from`. */
  received(packet: Bytes, from: Endpoint, now: Millis): void {
    this.#count(now);
    if (++this.#received > MOST_HEARD) return;
    const message = decodeLsd(packet);
    if (message === null || message.cookie === this.#cookie) return;
    for (const infoHash of message.infoHashes) {
      const known = this.#torrents.get(toHex(infoHash));
      if (known === undefined) continue;
      // a link-local IPv6 address means nothing without its interface, which we are not told
      const reachable = !from.host.startsWith("fe80:");
      if (reachable) known.heard({ host: from.host, port: message.port });
      // it may be new here, and a seed does not dial: it has to know of us
      const answer = Math.max(now + this.#random.below(ANSWER_MS), known.last + LEAST_MS);
      known.next = Math.min(known.next, answer);
    }
  }

  #count(now: Millis): void {
    if (now - this.#second < 1000) return;
    this.#second = now;
    this.#sent = 0;
    this.#received = 0;
  }
}
