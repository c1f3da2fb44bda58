/** How torrents and their peers are at a moment, for those who manage a session in its own thread. */
import { type Millis, splitHostPort } from "../base/mod.ts";
import type { MetadataFetch, Peer, PeerMember, PeerSource, Swarm } from "../swarm/mod.ts";
import type { Origins, PeerReport, TorrentSnapshot } from "./control_api.ts";
import type { Contacts } from "./contacts.ts";
import type { Running } from "./running.ts";

/** What only the torrent itself knows. */
export interface SnapshotFacts {
  readonly phase: TorrentSnapshot["phase"];
  readonly running: Running | null;
  readonly size: number;
  readonly done: number;
  readonly rest: number;
  readonly checked: number;
  /** Of one that ran. */
  readonly moved: Moved;
}

/** What a torrent moved in this run, in bytes. */
export type Moved = Pick<TorrentSnapshot, "downloaded" | "uploaded" | "wasted">;

/** It did not run. */
export const NOTHING_MOVED: Moved = { downloaded: 0, uploaded: 0, wasted: 0 };

/** What a swarm moved. */
export function movedBy({ downloads, uploads }: Swarm): Moved {
  return {
    downloaded: downloads.rate.total,
    uploaded: uploads.rate.total,
    wasted: downloads.wasted,
  };
}

/** How a torrent is whose metadata is known. */
export function snapshotOf(facts: SnapshotFacts, now: Millis): TorrentSnapshot {
  const { running, phase, size, done, rest, checked } = facts;
  const known = { phase, size, done, rest, checked, metadata: 1 };
  if (running === null) {
    return { ...NOTHING, ...known, ...facts.moved, complete: false };
  }
  const { swarm, peers } = running;
  let [unchecked, sending, getting, seeds] = [0, 0, 0, 0];
  for (const { received, blockCount, size } of swarm.downloads.partials.values()) {
    unchecked += Math.round(size * received / blockCount);
  }
  for (const { size } of swarm.verifying.values()) unchecked += size;
  for (const peer of swarm.peers) {
    if (!peer.choking && peer.amInterested) sending++;
    if (!peer.amChoking && peer.interested) getting++;
    if (peer.seed) seeds++;
  }
  return {
    ...known,
    complete: swarm.complete,
    unchecked,
    ...movedBy(swarm),
    downRate: Math.round(swarm.downloads.rate.rate(now)),
    upRate: Math.round(swarm.uploads.rate.rate(now)),
    peers: swarm.peers.length,
    sending,
    getting,
    seeds,
    known: peers.pool.size,
    origins: originsOf(swarm.peers, running),
    webseedsSending: swarm.webseeds.serving,
  };
}

/** How a torrent is of which only a link is known. */
export function searchSnapshot(
  phase: TorrentSnapshot["phase"],
  fetch: MetadataFetch,
  contacts: Contacts,
): TorrentSnapshot {
  const { held, size } = fetch.state();
  return {
    ...NOTHING,
    phase,
    complete: false,
    metadata: size > 0 ? Math.min(held / size, 0.999) : 0,
    peers: fetch.peers.length,
    known: contacts.peers.pool.size,
    origins: originsOf(fetch.peers, contacts),
  };
}

/** The peers of a running torrent. */
export function peerReports({ swarm, peers }: Running, now: Millis): PeerReport[] {
  return swarm.peers.map((peer: Peer) => ({
    endpoint: peer.identity.key,
    client: peer.client ?? "",
    progress: peer.pieces.count / peer.pieces.size,
    downRate: Math.round(peer.down.rate(now)),
    upRate: Math.round(peer.up.rate(now)),
    choking: peer.choking,
    amChoking: peer.amChoking,
    interested: peer.interested,
    amInterested: peer.amInterested,
    optimistic: peer.optimistic,
    snubbed: peer.snubbed,
    outgoing: peer.identity.outgoing,
    utp: peer.connection.link.utp === true,
    encrypted: peer.connection.secrecy === "all",
    origin: originOf(peer, { peers }),
  }));
}

const NO_ORIGINS: Origins = { user: 0, tracker: 0, incoming: 0, pex: 0, lsd: 0, dht: 0 };

const NOTHING = {
  size: 0,
  done: 0,
  rest: 0,
  checked: 0,
  unchecked: 0,
  wasted: 0,
  downloaded: 0,
  uploaded: 0,
  downRate: 0,
  upRate: 0,
  peers: 0,
  sending: 0,
  getting: 0,
  seeds: 0,
  known: 0,
  origins: NO_ORIGINS,
  webseedsSending: 0,
} as const;

function originsOf(members: readonly PeerMember[], contacts: Pick<Contacts, "peers">): Origins {
  if (members.length === 0) return NO_ORIGINS;
  const origins = { ...NO_ORIGINS };
  for (const member of members) origins[originOf(member, contacts)]++;
  return origins;
}

function originOf({ identity }: PeerMember, { peers }: Pick<Contacts, "peers">): PeerSource {
  if (!identity.outgoing) return "incoming";
  const endpoint = splitHostPort(identity.key);
  return (endpoint === null ? null : peers.pool.sourceOf(endpoint)) ?? "tracker";
}
