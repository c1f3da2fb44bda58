/** The swarms behind a tracker of ours, in memory: who takes part, and whom to tell about whom. */
import {
  addressScope,
  type Endpoint,
  equalBytes,
  formatEndpoint,
  type InfoHash,
  type Millis,
  millis,
  parseAddress,
  type PeerId,
  type Random,
  toHex,
} from "../base/mod.ts";
import type { AnnounceEvent } from "./announce.ts";

/** A peer as it announced itself. */
export interface SwarmPeer {
  readonly endpoint: Endpoint;
  /** Null: not known. */
  readonly peerId: PeerId | null;
}

/** One announce as a registry takes it: checked, the address seen rather than claimed. */
export interface SwarmAnnounce extends SwarmPeer {
  readonly peerId: PeerId;
  readonly infoHash: InfoHash;
  /** Bytes missing; 0 is a seed. */
  readonly left: number;
  readonly event: AnnounceEvent | null;
  readonly numwant: number;
  /** Only peers of its address family: UDP's answers have no room for others. */
  readonly ownFamily?: boolean;
}

/** How many take part in a swarm. */
export interface SwarmSize {
  readonly seeders: number;
  readonly leechers: number;
  /** Downloads completed since the registry began. */
  readonly downloads: number;
}

/** Bounds of a registry. What is full refuses newcomers rather than forget those it serves. */
export interface RegistryLimits {
  readonly maxTorrents: number;
  /** Peers listed of one swarm; others are served but not listed. */
  readonly maxPeers: number;
  /** Milliseconds after which a peer that was not heard again is forgotten. */
  readonly peerLife: number;
}

/** Peers given in one answer, at most. */
export const MAX_GIVEN = 200;
/** Milliseconds between sweeps through all swarms. */
const SWEEP_EVERY = 60_000;
/** When who never announces was heard. */
const NEVER = millis(0);
const NOBODY: SwarmSize = { seeders: 0, leechers: 0, downloads: 0 };

interface Member extends SwarmPeer {
  readonly seed: boolean;
  readonly loopback: boolean;
  readonly seenAt: Millis;
}

interface Swarm {
  /** By endpoint, the one heard longest ago first. */
  readonly members: Map<string, Member>;
  /** The addresses of a seed that is always there and never announces; none of most swarms. */
  held: readonly Member[];
  seeders: number;
  downloads: number;
}

/**
 * Peers are known by the address they came from, so that nobody can be replaced or removed by a
 * stranger who learnt its peer id.
 */
export class SwarmRegistry {
  readonly #limits: RegistryLimits;
  readonly #random: Random;
  readonly #swarms = new Map<string, Swarm>();
  #sweepAt = 0;

  constructor(limits: RegistryLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** Torrents with at least one peer. */
  get torrents(): number {
    return this.#swarms.size;
  }

  /** Peers of all swarms. */
  get peers(): number {
    let count = 0;
    for (const swarm of this.#swarms.values()) count += swarm.members.size;
    return count;
  }

  /**
   * Books an announce and picks others for it: a random choice of at most `numwant` and
   * {@linkcode MAX_GIVEN}, never the asker, no seeds for a seed that goes on. Null when the torrent is
   * new and the registry is full.
   */
  announce(asker: SwarmAnnounce, now: Millis): (SwarmSize & { peers: SwarmPeer[] }) | null {
    this.#sweep(now);
    const key = toHex(asker.infoHash);
    let swarm = this.#swarms.get(key);
    if (swarm === undefined) {
      // nothing to leave, so nothing to keep
      if (asker.event === "stopped") return { ...NOBODY, peers: [] };
      if (this.#swarms.size >= this.#limits.maxTorrents) return null;
      swarm = newSwarm();
      this.#swarms.set(key, swarm);
    }
    this.#expire(swarm, now);
    this.#book(swarm, asker, now);
    const peers = asker.event === "stopped" ? [] : this.#choose(swarm, asker);
    if (isEmpty(swarm)) this.#swarms.delete(key);
    return { ...sizeOf(swarm), peers };
  }

  /**
   * Takes in a torrent whatever the limit, for good, with a seed that is always there under each of `seeds`. A registry
   * of 0 torrents serves no others.
   */
  hold(infoHash: InfoHash, seeds: readonly Endpoint[]): void {
    const key = toHex(infoHash);
    const swarm = this.#swarms.get(key) ?? newSwarm();
    this.#swarms.set(key, swarm);
    swarm.held = seeds.map((endpoint) => ({
      endpoint,
      peerId: null,
      seed: true,
      loopback: isLoopback(endpoint),
      seenAt: NEVER,
    }));
  }

  /** The size of a swarm; zeros for one that is not known. */
  scrape(infoHash: InfoHash, now: Millis): SwarmSize {
    const swarm = this.#swarms.get(toHex(infoHash));
    if (swarm === undefined) return NOBODY;
    this.#expire(swarm, now);
    return sizeOf(swarm);
  }

  #book(swarm: Swarm, asker: SwarmAnnounce, now: Millis): void {
    const key = formatEndpoint(asker.endpoint);
    const known = swarm.members.get(key);
    if (known !== undefined) remove(swarm, key, known);
    if (asker.event === "stopped") return;
    // counted when a downloader becomes a seed, so that saying `completed` twice counts once
    if (asker.event === "completed" && known?.seed === false && asker.left === 0) swarm.downloads++;
    if (swarm.members.size >= this.#limits.maxPeers) return;
    const { endpoint, peerId } = asker;
    const seed = asker.left === 0;
    // deleted and set again, so that the map stays in order of `seenAt`
    swarm.members.set(key, { endpoint, peerId, seed, loopback: isLoopback(endpoint), seenAt: now });
    if (seed) swarm.seeders++;
  }

  /** Reservoir sampling: every peer that fits is as likely as any other. */
  #choose(swarm: Swarm, asker: SwarmAnnounce): SwarmPeer[] {
    const wanted = Math.min(asker.numwant, MAX_GIVEN);
    const askerLoopback = isLoopback(asker.endpoint);
    const { host, port } = asker.endpoint;
    const chosen: SwarmPeer[] = [];
    let fitting = 0;
    for (const member of listed(swarm)) {
      const { endpoint, peerId } = member;
      // the peer id tells the asker's other address, IPv4 beside IPv6
      if (endpoint.port === port && endpoint.host === host) continue;
      if (peerId !== null && equalBytes(peerId, asker.peerId)) continue;
      // who has but a magnet link may say that nothing is left (aria2): who begins is told of seeds as well, and
      // everybody of who is held
      const seeds = asker.left === 0 && asker.event !== "started";
      if (member.seed && seeds && peerId !== null) continue;
      // a loopback address means another machine to whoever is not on this one
      if (member.loopback && !askerLoopback) continue;
      if (asker.ownFamily && isIpv6(endpoint) !== isIpv6(asker.endpoint)) continue;
      fitting++;
      if (chosen.length < wanted) {
        chosen.push(member);
      } else {
        const slot = this.#random.below(fitting);
        if (slot < wanted) chosen[slot] = member;
      }
    }
    return chosen;
  }

  #sweep(now: Millis): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_EVERY;
    for (const [key, swarm] of this.#swarms) {
      this.#expire(swarm, now);
      if (isEmpty(swarm)) this.#swarms.delete(key);
    }
  }

  #expire(swarm: Swarm, now: Millis): void {
    for (const [key, member] of swarm.members) {
      if (now - member.seenAt < this.#limits.peerLife) break;
      remove(swarm, key, member);
    }
  }
}

function remove(swarm: Swarm, key: string, member: Member): void {
  swarm.members.delete(key);
  if (member.seed) swarm.seeders--;
}

function newSwarm(): Swarm {
  return { members: new Map(), held: [], seeders: 0, downloads: 0 };
}

function* listed({ held, members }: Swarm): Generator<Member> {
  yield* held;
  yield* members.values();
}

function isEmpty({ members, held }: Swarm): boolean {
  return members.size === 0 && held.length === 0;
}

/** Who is held is one seed, however many addresses it has. */
function sizeOf({ members, held, seeders, downloads }: Swarm): SwarmSize {
  const leechers = members.size - seeders;
  return { seeders: seeders + (held.length > 0 ? 1 : 0), leechers, downloads };
}

function isIpv6({ host }: Endpoint): boolean {
  return host.includes(":");
}

function isLoopback({ host }: Endpoint): boolean {
  const bytes = parseAddress(host);
  return bytes !== null && addressScope(bytes) === "loopback";
}
