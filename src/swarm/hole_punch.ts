import { type Endpoint, formatEndpoint, type Millis } from "../base/mod.ts";
import { encodeHolepunch, HolepunchError, type HolepunchMessage } from "../wire/mod.ts";
import type { Peer } from "./peer.ts";
import { listening, mayKnow } from "./peer_place.ts";
import type { SwarmObserver } from "./ports.ts";
import type { Swarm } from "./swarm.ts";

/** Meetings that a peer may ask for in a minute, and calls that it may have us make; what is more is passed over. */
const MOST_A_MINUTE = 20;
const MINUTE_MS = 60_000;
/** Addresses remembered of each peer that told us of them, the latest. */
const MOST_TOLD = 200;

/** What a peer did of late. */
class Record {
  /** Whom it told us of. */
  readonly told = new Set<string>();
  count = 0;
  countedFrom = -Infinity;

  /** One more message; false when it is one too many. */
  admits(now: Millis): boolean {
    if (now - this.countedFrom >= MINUTE_MS) {
      this.countedFrom = now;
      this.count = 0;
    }
    return ++this.count <= MOST_A_MINUTE;
  }
}

/**
 * Hole punching (BEP 55): two peers behind routers that let nobody in call each other at the same moment, over uTP, and
 * so each opens its own router. A third that both are connected to arranges it: that is us for others, and whoever told
 * us of a peer for ourselves.
 */
export class HolePunch {
  readonly #swarm: Swarm;
  readonly #observer: Pick<SwarmObserver, "punch">;
  readonly #records = new Map<Peer, Record>();

  constructor(swarm: Swarm, observer: Pick<SwarmObserver, "punch">) {
    this.#swarm = swarm;
    this.#observer = observer;
  }

  /** `peer` told us of `others`: it is connected to them. */
  told(peer: Peer, others: readonly Endpoint[]): void {
    const { told } = this.#of(peer);
    for (const other of others) {
      const key = formatEndpoint(other);
      told.delete(key);
      told.add(key);
    }
    for (const key of told) {
      if (told.size <= MOST_TOLD) break;
      told.delete(key);
    }
  }

  /** `peer` is gone. */
  left(peer: Peer): void {
    this.#records.delete(peer);
  }

  /** Asks a peer that told us of `endpoint` to arrange a meeting; false when there is none that can. */
  arrange(endpoint: Endpoint, now: Millis): boolean {
    const key = formatEndpoint(endpoint);
    for (const [peer, { told }] of this.#records) {
      if (!told.has(key) || !peer.extensions.has("ut_holepunch")) continue;
      send(peer, { kind: "rendezvous", endpoint, code: 0 }, now);
      return true;
    }
    return false;
  }

  /** `peer` asks for a meeting, tells us to call, or that nothing comes of what we asked. */
  received(peer: Peer, message: HolepunchMessage, now: Millis): void {
    const { kind, endpoint } = message;
    // whoever only talks gets no answer
    if (!this.#of(peer).admits(now)) return;
    if (kind === "rendezvous") this.#meet(peer, endpoint, now);
    else if (kind === "connect" && endpoint.port !== 0) this.#observer.punch(peer, endpoint);
  }

  /** Tells `peer` and the one at `endpoint` to call each other. */
  #meet(peer: Peer, endpoint: Endpoint, now: Millis): void {
    const refuse = (code: number) => send(peer, { kind: "error", endpoint, code }, now);
    const other = endpoint.port === 0 ? undefined : this.#at(endpoint);
    if (endpoint.port === 0) return refuse(HolepunchError.NoSuchPeer);
    if (other === undefined) return refuse(HolepunchError.NotConnected);
    if (other === peer) return refuse(HolepunchError.NoSelf);
    if (!other.extensions.has("ut_holepunch")) return refuse(HolepunchError.NoSupport);
    const from = listening(peer);
    // who cannot be called cannot be met, nor who must not know the other
    if (from === null || !mayKnow(other, from) || !mayKnow(peer, endpoint)) {
      return refuse(HolepunchError.NotConnected);
    }
    send(other, { kind: "connect", endpoint: from, code: 0 }, now);
    send(peer, { kind: "connect", endpoint, code: 0 }, now);
  }

  #at(endpoint: Endpoint): Peer | undefined {
    const key = formatEndpoint(endpoint);
    return this.#swarm.peers.find((peer) => {
      if (peer.identity.key === key) return true;
      const at = listening(peer);
      return at !== null && formatEndpoint(at) === key;
    });
  }

  #of(peer: Peer): Record {
    let record = this.#records.get(peer);
    if (record === undefined) this.#records.set(peer, record = new Record());
    return record;
  }
}

function send(peer: Peer, message: HolepunchMessage, now: Millis): void {
  const id = peer.extensions.get("ut_holepunch");
  if (id === undefined) return;
  peer.connection.out.extended(id, encodeHolepunch(message));
  peer.connection.flush(now);
}
