import { type Endpoint, formatEndpoint, type Millis } from "../base/mod.ts";
import { encodePex, MOST_PEX_PEERS, PexFlag, type PexMessage, type PexPeer } from "../wire/mod.ts";
import { HolePunch } from "./hole_punch.ts";
import type { Peer } from "./peer.ts";
import { listening, mayKnow } from "./peer_place.ts";
import type { SwarmObserver } from "./ports.ts";
import type { Swarm } from "./swarm.ts";

/** Between two messages to one peer (BEP 11). */
const INTERVAL_MS = 60_000;
/** From its handshake to the first: others that come at the same time are in it. */
const FIRST_MS = 3_000;
/** A peer's messages that come sooner after the last one taken are passed over. */
const LEAST_GAP_MS = 30_000;
/** So many passed over in a row are a flood. */
const MOST_EARLY = 20;

/** What one peer was told and what it tells. */
class Told {
  /** What it was told of, by address. */
  readonly known = new Map<string, Endpoint>();
  /** When the next message is due. */
  next: Millis;
  /** The number of the last change it was told of. */
  version = -1;
  /** When its last message was taken. */
  heardAt = -Infinity;
  /** Its messages passed over since then. */
  early = 0;

  constructor(now: Millis) {
    this.next = (now + FIRST_MS) as Millis;
  }
}

/**
 * Peer exchange (BEP 11): tells each peer once a minute whom we are connected to, as far as others can connect there,
 * and takes in what peers tell. Not for private torrents.
 */
export class PeerExchange {
  readonly #swarm: Swarm;
  /** Meetings of peers that know each other by exchange. */
  readonly meetings: HolePunch;
  readonly #observer: Pick<SwarmObserver, "peersTold">;
  readonly #told = new Map<Peer, Told>();
  /** Counts changes of what there is to tell. */
  #version = 0;

  constructor(swarm: Swarm, observer: Pick<SwarmObserver, "peersTold" | "punch">) {
    this.#swarm = swarm;
    this.#observer = observer;
    this.meetings = new HolePunch(swarm, observer);
  }

  /** What others can know of `peer` has changed. */
  changed(): void {
    this.#version++;
  }

  /** `peer` is gone. */
  left(peer: Peer): void {
    this.#told.delete(peer);
    this.meetings.left(peer);
    if (listening(peer) !== null) this.changed();
  }

  /** `peer` tells of others. */
  received(peer: Peer, { added }: PexMessage, now: Millis): void {
    const told = this.#of(peer, now);
    if (now - told.heardAt < LEAST_GAP_MS) {
      if (++told.early > MOST_EARLY) this.#swarm.drop(peer, "Floods us with peer exchange");
      return;
    }
    told.heardAt = now;
    told.early = 0;
    this.meetings.told(peer, added);
    // whom to dial is of no use to a seed; what is dropped may be connected to others still
    if (added.length > 0 && !this.#swarm.complete) this.#observer.peersTold(peer, added);
  }

  /** Time passes: tells those whose minute is over and who have not heard the news. */
  tick(now: Millis): void {
    for (const peer of this.#swarm.peers) {
      const id = peer.extensions.get("ut_pex");
      if (id === undefined) continue;
      const told = this.#of(peer, now);
      if (now < told.next || told.version === this.#version) continue;
      const message = this.#news(peer, told);
      if (message === null) continue;
      told.next = (now + INTERVAL_MS) as Millis;
      peer.connection.out.extended(id, encodePex(message));
      peer.connection.flush(now);
    }
  }

  #of(peer: Peer, now: Millis): Told {
    let told = this.#told.get(peer);
    if (told === undefined) this.#told.set(peer, told = new Told(now));
    return told;
  }

  /** What `peer` has not been told, and notes that it is told now; null: nothing. */
  #news(peer: Peer, told: Told): PexMessage | null {
    const added: PexPeer[] = [];
    const current = new Set<string>();
    let more = false;
    for (const other of this.#swarm.peers) {
      const at = other === peer ? null : listening(other);
      if (at === null || !mayKnow(peer, at)) continue;
      const key = formatEndpoint(at);
      current.add(key);
      if (told.known.has(key)) continue;
      if (added.length === MOST_PEX_PEERS) {
        more = true;
        continue;
      }
      added.push({ ...at, flags: flagsOf(other) });
      told.known.set(key, at);
    }
    const dropped: Endpoint[] = [];
    for (const [key, at] of told.known) {
      if (current.has(key)) continue;
      if (dropped.length === MOST_PEX_PEERS) {
        more = true;
        break;
      }
      dropped.push(at);
      told.known.delete(key);
    }
    if (!more) told.version = this.#version;
    return added.length + dropped.length === 0 ? null : { added, dropped };
  }
}

function flagsOf(
  { identity, seed, uploadOnly, connection, extensions, prefersEncryption }: Peer,
): number {
  return (prefersEncryption || connection.secrecy !== "none" ? PexFlag.Encryption : 0) |
    (seed || uploadOnly ? PexFlag.Seed : 0) |
    (connection.link.utp === true ? PexFlag.Utp : 0) |
    (extensions.has("ut_holepunch") ? PexFlag.Holepunch : 0) |
    (identity.outgoing ? PexFlag.Reachable : 0);
}
