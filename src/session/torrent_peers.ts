import {
  compareBytes,
  type Endpoint,
  equalBytes,
  formatEndpoint,
  type InfoHash,
  type Millis,
  type PeerId,
} from "../base/mod.ts";
import { type Informant, peerInformant } from "../net/mod.ts";
import {
  type Peer,
  type PeerGroup,
  type PeerMember,
  PeerPool,
  type PeerSource,
} from "../swarm/mod.ts";
import {
  type Accepted,
  type Handshake,
  type PeerConnection,
  PexFlag,
  type PexPeer,
} from "../wire/mod.ts";
import type { SessionContext } from "./context.ts";
import { type DialFault, DialFaults } from "./dial_faults.ts";
import { type DialHost, Dialler } from "./dialler.ts";
import { grantFast } from "./grant_fast.ts";
import { idlest, outranked } from "./least_peer.ts";
import { Refusals } from "./refusals.ts";
import type { TorrentShares } from "./shares.ts";
import type { TorrentHashes } from "./torrent_hashes.ts";

/** Two connections made at once are both here within this time. */
const CROSSING_MS = 10_000;

/** Between two looks at whether there are more connections than there may be. */
const SHED_MS = 1000;
/** Until an address is looked at again whose peer is connected anyway. */
const HERE_MS = 60_000;
/** Of those that are too many after a limit was lowered, what goes each time. */
const SHED_PART = 0.25;
/** A connection that lasted so long worked, though nothing came. */
const WORKED_MS = 60_000;
/** Meetings that are asked for, of all the time. */
const MOST_MEETINGS = 1000;
/** Faults of an address that may only be behind a router. */
const UNREACHED: ReadonlySet<DialFault> = new Set(["silent", "refused", "unreachable"]);
/** Addresses of the swarm of v2 that are told from others. */
const MOST_V2 = 10_000;

/** Finds, dials and takes in the peers of one torrent, and keeps away those that must not come back. */
export class TorrentPeers implements DialHost {
  readonly pool: PeerPool;
  /** What became of dials, for people who wonder why there are no peers. */
  readonly faults = new DialFaults();
  /** Addresses that may not be dialled. */
  readonly refusals = new Refusals();
  /** Peers sent away for what they sent. */
  banned = 0;
  readonly #context: SessionContext;
  readonly #shares: TorrentShares;
  #hashes: TorrentHashes;
  /** Addresses that are known to the swarm of v2 alone, or know nothing of that of v1. */
  readonly #v2 = new Set<string>();
  #group: PeerGroup;
  /** Peers are told of our DHT node, and theirs asked for. */
  #dht: boolean;
  readonly #dialler: Dialler;
  /** Where to find the pool's entry of a connected peer. */
  readonly #dialled = new Map<PeerConnection, Endpoint>();
  /** Ids with their host: whoever borrows another's id gets only itself banned. */
  readonly #bannedIds = new Set<string>();
  /** Addresses that turned out to be ours. */
  readonly #ourselves = new Set<string>();
  /** Those that somebody was asked to arrange a meeting with. */
  readonly #met = new Set<string>();
  #closed = false;
  #shedAt = 0 as Millis;

  constructor(
    context: SessionContext,
    shares: TorrentShares,
    hashes: TorrentHashes,
    group: PeerGroup,
    dht: boolean,
  ) {
    this.#context = context;
    this.#shares = shares;
    this.#hashes = hashes;
    this.#group = group;
    this.#dht = dht;
    this.pool = new PeerPool(context.random, context.ranks);
    this.#dialler = new Dialler(context, shares, this);
  }

  /** Peers that come from here on are those of `group`, which takes over the ones that are connected. */
  moveTo(group: PeerGroup, hashes: TorrentHashes): void {
    this.#group = group;
    this.#hashes = hashes;
  }

  /** Adds addresses that were admitted, found in the swarm of v2: they may know no other hash. */
  addV2(endpoints: readonly Endpoint[], source: PeerSource): void {
    for (const endpoint of endpoints) {
      if (this.#v2.size < MOST_V2 && !this.pool.knows(endpoint)) {
        this.#v2.add(formatEndpoint(endpoint));
      }
    }
    this.add(endpoints, source);
  }

  /** Those of `endpoints` that may be connected to when `informant` told us of them; the others are counted. */
  admit<E extends Endpoint>(endpoints: readonly E[], informant: Informant): E[] {
    return endpoints.filter((endpoint) => {
      const verdict = this.#context.policy.judge(endpoint, informant);
      this.refusals.note(endpoint, verdict);
      return verdict === "allowed";
    });
  }

  /** Adds addresses that were admitted. Returns how many are new. */
  add(endpoints: readonly (Endpoint & { readonly seed?: boolean })[], source: PeerSource): number {
    let added = 0;
    for (const endpoint of endpoints) {
      if (this.isOurselves(endpoint)) continue;
      if (this.pool.add(endpoint, source, endpoint.seed)) added++;
    }
    if (added === 0) return 0;
    // dialled at once: the session's timer would only come round in a twentieth of a second
    while (this.dialNext(this.#context.now()));
    this.#context.wake();
    return added;
  }

  /** Adds those that a connected peer tells of (BEP 11), as far as it is believed. */
  addTold({ identity: { host } }: PeerMember, told: readonly PexPeer[]): void {
    const peers = told.map((peer) => ({ ...peer, seed: (peer.flags & PexFlag.Seed) !== 0 }));
    this.add(this.admit(peers, peerInformant(host)), "pex");
  }

  /** Looks whether it has more connections than it may, or than its part while another torrent waits for its own. */
  tick(now: Millis): void {
    const { connections, peerLimit } = this.#shares;
    // who has everything takes no other torrent's place; the addresses are gone through only when it matters
    connections.waiting = !this.#group.complete && this.#wants && !connections.mayTake(1) &&
      this.pool.nextDeadline() <= now;
    if (now < this.#shedAt) return;
    const excess = Math.max(this.#group.peers.length - peerLimit, connections.excess);
    if (excess <= 0 && !connections.owes) return;
    this.#shedAt = now + SHED_MS as Millis;
    for (let left = Math.ceil(excess * SHED_PART); left > 0; left--) {
      idlest(this.#group.peers, 0, now)?.connection.close("More connections than there may be");
    }
    if (connections.owes) {
      idlest(this.#group.peers, WORKED_MS, now)?.connection.close("Makes room for another torrent");
    }
  }

  /** Dials one peer, unless it is here already; false when there is no use for one, no address due or no room. */
  dialNext(now: Millis): boolean {
    const endpoint = this.#wants && this.#shares.mayDial ? this.pool.next(now, this.#leave) : null;
    if (endpoint === null) return false;
    if (this.#isHere(endpoint)) this.pool.postpone(endpoint, now + HERE_MS as Millis);
    else void this.#dialler.dial(endpoint);
    return true;
  }

  /** Connections that are being made, their handshakes included. */
  get connecting(): number {
    return this.#dialler.size;
  }

  /** When the next address is due; Infinity while none may be dialled. */
  nextDeadline(): number {
    return this.#wants && this.#shares.mayDial ? this.pool.nextDeadline(this.#leave) : Infinity;
  }

  /** Our half of the handshake. */
  handshake(endpoint: Endpoint): Handshake {
    return this.#handshake(this.#hashes.dialled(this.#v2.has(formatEndpoint(endpoint))));
  }

  /** True for what the torrent is known by. */
  isAsked(infoHash: InfoHash): boolean {
    return this.#hashes.has(infoHash);
  }

  #handshake(infoHash: InfoHash): Handshake {
    const { peerId } = this.#context;
    const capabilities = { fast: true, extended: true, dht: this.#dht };
    return { infoHash, peerId, ...capabilities, v2: this.#hashes.speaksV2 };
  }

  /** A handshake for this torrent is here: takes the peer in, or null to refuse it. */
  accept(theirs: Handshake, connection: PeerConnection, from: Endpoint): Accepted | null {
    const outgoing = connection.ours !== null;
    // a quarter of the places is for peers we choose ourselves
    const { peerLimit } = this.#shares;
    const most = outgoing || this.#group.complete ? peerLimit : peerLimit * 0.75;
    const refused = this.#closed || (!outgoing && !this.#shares.connections.mayTake(1)) ||
      this.pool.banned(from) || this.#context.policy.filtered(from.host) ||
      this.#bannedId(theirs.peerId, from.host);
    const agreed = this.#hashes.agree(theirs, outgoing);
    if (refused || agreed === null) return null;
    if (equalBytes(theirs.peerId, this.#context.peerId)) {
      // over uTP we call from where we listen
      const ours = connection.link.utp === true ? from : this.#dialler.dialledFrom(from.port);
      this.#metOurselves(outgoing ? from : ours);
      return null;
    }
    const twin = this.#group.peers.find(({ connection: { remoteId } }) =>
      remoteId !== null && equalBytes(remoteId, theirs.peerId)
    );
    if (twin !== undefined) {
      if (!this.#yields(twin, outgoing, from)) return null;
      twin.connection.close("Connected twice");
    }
    const now = this.#context.now();
    if (this.#group.peers.length >= most) {
      const { peers } = this.#group;
      const { ranks } = this.#context;
      const least = outgoing ? null : outranked(peers, from, ranks, WORKED_MS, now);
      if (least === null) return null;
      least.connection.close("Makes room for a peer of higher rank");
    }
    const identity = { key: formatEndpoint(from), host: from.host, outgoing };
    const handler = this.#group.join(connection, identity, now);
    if (outgoing) {
      this.#dialled.set(connection, from);
      this.faults.works(from);
    }
    const { infoHash, v2 } = agreed;
    return { geometry: this.#group.geometry, handler, mine: this.#handshake(infoHash), v2 };
  }

  /** True for an address that turned out to be ours. */
  isOurselves(endpoint: Endpoint): boolean {
    return this.#ourselves.has(formatEndpoint(endpoint));
  }

  /**
   * A dial gave nothing: its address is tried again, later and later. Whoever told us of it may arrange a meeting, once,
   * as its router may let nobody in (BEP 55).
   */
  failed(endpoint: Endpoint, fault: DialFault, now: Millis): void {
    this.pool.failed(endpoint, now);
    // it may know the torrent by the other hash alone
    const key = formatEndpoint(endpoint);
    if (this.#hashes.other !== null && !this.#v2.delete(key)) this.#v2.add(key);
    if (!UNREACHED.has(fault) || this.#met.size >= MOST_MEETINGS || this.#closed) return;
    if (this.#met.has(key) || this.#group.arrangeMeeting?.(endpoint, now) !== true) return;
    this.#met.add(key);
  }

  /** A peer calls us now: it is called over uTP at the same time, which opens the routers of both. */
  punch({ identity: { host } }: PeerMember, endpoint: Endpoint): void {
    const now = this.#context.now();
    if (this.#context.options.utp === false || !this.#hasRoom || this.#isHere(endpoint)) return;
    if (this.admit([endpoint], peerInformant(host)).length === 0) return;
    this.pool.add(endpoint, "pex");
    this.pool.hurry(endpoint);
    if (this.pool.take(endpoint, now)) void this.#dialler.dial(endpoint, "utp");
  }

  /** A peer is gone: its address may be tried again. */
  left(peer: PeerMember): void {
    const endpoint = this.#dialled.get(peer.connection);
    if (endpoint === undefined) return;
    this.#dialled.delete(peer.connection);
    this.pool.noteSeed(endpoint, peer.seed === true || peer.uploadOnly === true);
    const now = this.#context.now();
    const worked = peer.down.total > 0 || peer.up.total > 0 || now - peer.joinedAt >= WORKED_MS;
    if (worked) this.pool.disconnected(endpoint, now);
    else {
      const { faulty, closeReason } = peer.connection;
      this.faults.note(endpoint, faulty ? "nonsense" : "left", closeReason ?? "closed");
      this.pool.failed(endpoint, now);
    }
    this.#context.wake();
  }

  /** The torrent turns out to be private: only its trackers and the user may have named its peers (BEP 27). */
  becomePrivate(): void {
    this.#dht = false;
    for (const source of this.pool.sources()) {
      if (source === "tracker" || source === "user") continue;
      this.pool.forgetAll(source);
    }
    for (const { connection, identity } of [...this.#group.peers]) {
      const endpoint = this.#dialled.get(connection);
      if (!identity.outgoing || (endpoint !== undefined && this.pool.knows(endpoint))) continue;
      connection.close("The torrent is private");
    }
  }

  /** A private torrent changed its tracker: its peers were the old one's (BEP 27). */
  leaveAll(reason: string): void {
    this.pool.forgetAll("tracker");
    this.faults.clear();
    this.#group.closePeers(reason);
  }

  /** The filter changed: whom it keeps away now goes, and is not dialled. */
  refilter(): void {
    const { policy } = this.#context;
    this.pool.forgetWhere(({ host }) => policy.filtered(host));
    for (const { identity: { host }, connection } of [...this.#group.peers]) {
      if (policy.filtered(host)) connection.close("The address filter keeps it away");
    }
  }

  /** A peer sent what it must not. */
  ban(peer: PeerMember): void {
    this.banned++;
    const { remoteId } = peer.connection;
    if (remoteId !== null) this.#bannedIds.add(`${peer.identity.host} ${remoteId}`);
    // it may have come back before it was known
    for (const other of [...this.#group.peers]) {
      if (other !== peer && this.#bannedId(other.connection.remoteId, other.identity.host)) {
        other.connection.close("Banned under the same id");
      }
    }
    // the address as connected, which is known after the peer left too
    const at = peer.identity.key.lastIndexOf(":");
    this.pool.ban({ host: peer.identity.host, port: Number(peer.identity.key.slice(at + 1)) });
  }

  #bannedId(id: PeerId | null, host: string): boolean {
    return id !== null && this.#bannedIds.has(`${host} ${id}`);
  }

  /** Ends dials and handshakes; the swarm closes the peers. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#dialler.close();
  }

  /**
   * There is use for one more connection. Who has everything dials as well: those who want it may be behind a router
   * that lets nobody in, as we may be. Half of its places are for those who come by themselves.
   */
  get #wants(): boolean {
    const { peerLimit } = this.#shares;
    return !this.#closed && this.#taken < (this.#group.complete ? peerLimit / 2 : peerLimit);
  }

  /** Seeds do not visit seeds. */
  get #leave(): "nobody" | "seeds" {
    return this.#group.complete ? "seeds" : "nobody";
  }

  /** One more can be dialled, whether there is use for it or not. */
  get #hasRoom(): boolean {
    return !this.#closed && this.#shares.mayDial && this.#taken < this.#shares.peerLimit;
  }

  /** Whoever listens there is connected. */
  #isHere(endpoint: Endpoint): boolean {
    const key = formatEndpoint(endpoint);
    return this.#group.peers.some(({ identity, listenPort }) =>
      identity.key === key || (identity.host === endpoint.host && listenPort === endpoint.port)
    );
  }

  /** Connections, those that are being made included. */
  get #taken(): number {
    return this.#group.peers.length + this.connecting;
  }

  /**
   * Two that dialled each other at the same moment must close the same one of their connections: the one that the
   * lower peer id made. Otherwise the first stays, so that a stranger with a borrowed id pushes nobody out.
   */
  #yields(twin: PeerMember, outgoing: boolean, from: Endpoint): boolean {
    const { identity: { host, outgoing: twinOutgoing }, joinedAt, connection } = twin;
    const crossed = outgoing !== twinOutgoing && host === from.host &&
      this.#context.now() - joinedAt < CROSSING_MS;
    const oursWins = compareBytes(this.#context.peerId, connection.remoteId!) > 0;
    return crossed && outgoing === oursWins;
  }

  /** A tracker gave our own address: `endpoint` is not to be dialled again. */
  #metOurselves(endpoint: Endpoint | undefined): void {
    if (endpoint === undefined) return;
    this.#ourselves.add(formatEndpoint(endpoint));
    this.pool.forget(endpoint);
  }

  /** A newcomer may ask for a few pieces while it is choked (BEP 6). */
  grantFast(peer: Peer): Promise<void> {
    return grantFast(peer, this.#hashes.known, this.#context.now);
  }
}
