import {
  type Bytes,
  type Endpoint,
  equalBytes,
  type InfoHashV2,
  messageOf,
  MetainfoError,
  type Millis,
  toHex,
  truncated,
} from "../base/mod.ts";
import {
  type KnownTrees,
  type Magnet,
  type MerklePieces,
  type MerkleTrees,
  type Metainfo,
  parseTrees,
  torrentOf,
} from "../metainfo/mod.ts";
import { MetadataFetch, type Swarm } from "../swarm/mod.ts";
import type { Accepted, Handshake, PeerConnection } from "../wire/mod.ts";
import type { AddOptions, EngineEvent, FailureReason } from "./api.ts";
import { Contacts } from "./contacts.ts";
import { CLIENT, type SessionContext } from "./context.ts";
import { ExactSources } from "./exact_sources.ts";
import { metadataDigest } from "./metadata_digest.ts";
import { tellPeer } from "./peer_news.ts";
import { searchEvent } from "./progress.ts";
import { PEERS_WANTED } from "./running.ts";
import type { SessionTorrent } from "./session_torrent.ts";
import type { TorrentShares } from "./shares.ts";
import { otherIdOf, TorrentHashes } from "./torrent_hashes.ts";
import { SearchWaits } from "./search_waits.ts";
import type { TorrentSnapshot } from "./control_api.ts";
import { searchSnapshot } from "./snapshot.ts";
import { addUserPeers } from "./user_peers.ts";
import { explain } from "./why/explain.ts";
import { gatherSearch } from "./why/gather.ts";
import type { Waiting } from "./why/waiting.ts";

/** Fewer connected peers than this, and trackers are asked before their time. */
const ENOUGH_PEERS = 20;
/** What is left to download as trackers hear it while nobody knows: something, or they would take us for a seed. */
const UNKNOWN_LEFT = 16 * 1024;
/** How long the piece layers of a hybrid torrent are waited for, which can do without. */
const LAYERS_MS = 10_000;
/** What is said of metadata that is what the link names, and no good. */
export const UNUSABLE = "The link leads to a torrent that cannot be used";
/** For one that failed to tell its trackers. */
const END_GRACE_MS = 3000;

/** A torrent of which only a magnet link is known, until peers, or the torrent file that it names, have given its metadata. */
export class MagnetSearch implements SessionTorrent {
  readonly id: string;
  readonly otherId: string | null;
  readonly files = null;
  readonly shares: TorrentShares;
  readonly contacts: Contacts;
  /** The torrent files that the link names. */
  readonly exact: ExactSources;
  readonly #context: SessionContext;
  readonly #magnet: Magnet;
  readonly #fetch: MetadataFetch;
  readonly #waits: SearchWaits;
  readonly #addedAt: Millis;
  readonly #found: (torrent: Bytes) => void;
  readonly #failed: (message: string) => void;
  /** What is known of trackers and web seeds. */
  #trackers: readonly string[];
  #webseeds: readonly string[];
  /** What a torrent file that the link names has of Merkle trees. */
  #merkle: MerkleTrees | null = null;
  /** The link's hash is one of v2, or there is none of v1. */
  #byV2: boolean;
  #phase: "searching" | "found" | "ended" = "searching";
  #nextProgress = 0;
  #stopping: Promise<void> | null = null;

  readonly #hashing = new Set<Promise<void>>();

  /**
   * `found` hears the torrent file, whose info hash is right, once; `failed` that it ended without, after the event.
   */
  constructor(
    context: SessionContext,
    magnet: Magnet,
    options: Partial<AddOptions>,
    found: (torrent: Bytes) => void,
    failed: (message: string) => void = () => {},
  ) {
    this.id = toHex(magnet.infoHash);
    this.otherId = otherIdOf(magnet);
    this.#context = context;
    this.#magnet = magnet;
    this.#byV2 = magnet.infoHashV1 === null;
    this.#found = found;
    this.#failed = failed;
    this.#addedAt = context.now();
    this.shares = context.shares.torrent(options);
    this.#fetch = this.#fetching();
    const tiers = magnet.trackers.map((url) => [url]);
    this.contacts = new Contacts(context, this.shares, magnet, tiers, this.#fetch, {
      isPrivate: false,
      complete: () => false,
      stats: () => ({
        uploaded: 0,
        downloaded: 0,
        left: UNKNOWN_LEFT,
        peersWanted: PEERS_WANTED,
      }),
    });
    this.#trackers = magnet.trackers;
    this.#webseeds = magnet.webseeds;
    const origin = options.typed ? "typed" : "torrent";
    this.exact = new ExactSources(context, magnet, origin, (metainfo) => this.#supply(metainfo));
    this.#waits = new SearchWaits(context, this.shares, this.id);
  }

  start(): Promise<void> {
    this.#context.wake();
    return Promise.resolve();
  }

  accept(theirs: Handshake, connection: PeerConnection, from: Endpoint): Accepted | null {
    return this.contacts.peers.accept(theirs, connection, from);
  }

  addUserPeers(endpoints: readonly Endpoint[]): void {
    addUserPeers(this.#context, this.id, this.contacts.peers, endpoints);
  }

  tick(now: Millis): void {
    if (this.#phase === "ended") return;
    this.keep(now);
    if (this.#phase !== "searching") return;
    if (now >= this.#nextProgress) {
      this.#nextProgress = now + this.#context.options.progressInterval * 1000;
      this.#context.emit(searchEvent(this.id, this.#fetch, this.contacts));
    }
    this.exact.tick(now);
    const stalled = this.#waits.look(now, this.#fetch, this.contacts, this.exact.all);
    if (stalled !== null) this.#end({ reason: "stalled", ...stalled });
  }

  /** Keeps its peers, also when there is nothing more to search for. */
  keep(now: Millis): void {
    const { peers, trackers, dht } = this.contacts;
    const connected = this.#fetch.peers.length;
    this.#fetch.tick(now);
    peers.tick(now);
    const lacking = connected < ENOUGH_PEERS && peers.pool.nextDeadline() > now;
    trackers.tick(now, lacking);
    dht?.tick(now, !lacking ? "enough" : connected > 0 ? "few" : "none");
  }

  dialNext(now: Millis): boolean {
    return this.#phase !== "ended" && this.contacts.peers.dialNext(now);
  }

  nextDeadline(): number {
    if (this.#phase === "ended") return Infinity;
    const { peers, trackers, dht } = this.contacts;
    return Math.min(
      dht?.nextDeadline() ?? Infinity,
      this.#nextProgress,
      this.#fetch.nextDeadline(),
      trackers.nextDeadline(),
      peers.nextDeadline(),
      this.#phase === "searching" ? this.exact.nextDeadline() : Infinity,
    );
  }

  readonly restsUntil = 0;

  rouse(): void {}

  /** It has no swarm yet. */
  readonly running = null;

  get sources(): Contacts {
    return this.contacts;
  }

  snapshot(): TorrentSnapshot {
    return searchSnapshot(
      this.#phase === "ended" ? "ended" : "metadata",
      this.#fetch,
      this.contacts,
    );
  }

  why(now: Millis): Waiting {
    const { contacts, exact, shares } = this;
    return explain(gatherSearch(this.#context, shares, this.#fetch, contacts, exact.all, 0, now));
  }

  /** The torrent runs now: `swarm` takes over the peers that are connected. */
  handOver(swarm: Swarm): void {
    this.#phase = "ended";
    this.#fetch.handOver(swarm, this.#context.now());
  }

  /** It cannot go on; says so in an event. */
  fail(reason: FailureReason, message: string): void {
    this.#end({ reason, message });
  }

  stop(deadline: number): Promise<void> {
    return this.#stopping ??= this.#stop(deadline);
  }

  /** Closes peers and tells trackers; its parts stay whoever's they are. */
  async close(deadline: number): Promise<void> {
    this.#phase = "ended";
    const asked = this.exact.stop();
    const told = this.contacts.trackers.stop(deadline);
    this.contacts.dht?.close();
    this.contacts.leaveLan();
    const dialled = this.contacts.peers.close();
    this.#fetch.closePeers("The torrent stopped");
    await Promise.all([told, asked, dialled]);
    await Promise.all(this.#hashing);
  }

  async #stop(deadline: number): Promise<void> {
    await this.close(deadline);
    this.shares.leave();
    this.#failed("Stopped before the metadata was there");
  }

  /** What the link is of. */
  get magnet(): Magnet {
    return this.#magnet;
  }

  /** Hashes on another thread, which the end waits for. */
  #hash(metadata: Bytes, then: (digest: Bytes) => void): void {
    const hashing = metadataDigest(this.#magnet, metadata).then(({ digest, infoHashV2 }) => {
      this.#turnV2(infoHashV2);
      then(digest);
    }).then(() => {
      this.#hashing.delete(hashing);
      this.#context.wake();
    });
    this.#hashing.add(hashing);
  }

  /**
   * What the link has of a hash is the beginning of `hash`: everybody who goes by it speaks v2, whom we met before we
   * knew that and whom we meet from here on. Any other hash, and null, changes nothing.
   */
  #turnV2(hash: InfoHashV2 | null): void {
    const { infoHash } = this.#magnet;
    if (this.#byV2 || hash === null || !equalBytes(truncated(hash), infoHash)) return;
    this.#byV2 = true;
    this.contacts.peers.moveTo(
      this.#fetch,
      new TorrentHashes({ infoHash, infoHashV1: null, infoHashV2: hash }),
    );
    for (const { connection } of this.#fetch.peers) connection.v2 = true;
  }

  #fetching(): MetadataFetch {
    const context = this.#context;
    const { dht } = context;
    return new MetadataFetch({
      digest: this.#magnet.infoHashV1 ?? this.#magnet.infoHashV2 ?? this.#magnet.infoHash,
      client: CLIENT,
      get port() {
        return context.doorway.port;
      },
      peerExchange: context.options.peerExchange ?? true,
      observer: {
        hash: (metadata, then) => this.#hash(metadata, then),
        found: (metadata) => this.#complete(metadata),
        peerJoined: (peer) => {
          tellPeer(context, this.id, peer, "connected", null);
          dht?.greet(peer.connection);
        },
        peerLeft: (peer, reason) => {
          tellPeer(context, this.id, peer, "disconnected", reason);
          this.contacts.peers.left(peer);
        },
        peerBanned: (peer, reason) => {
          tellPeer(context, this.id, peer, "banned", reason);
          this.contacts.peers.ban(peer);
        },
        peerNode: ({ identity: { host } }, port) => dht?.addPeer({ host, port }),
        peersTold: (teller, told) => this.contacts.peers.addTold(teller, told),
      },
    });
  }

  /**
   * A torrent file that the link names is here. What it says besides the metadata no hash vouches for: its trackers and
   * web seeds are taken as the link's own are, after those, since who wrote the link could have put them there.
   */
  #supply({ infoBytes, infoHashV2, trackers, webseeds, merkle }: Metainfo): void {
    if (this.#phase !== "searching") return;
    this.#turnV2(infoHashV2);
    this.#merkle = merkle;
    this.#trackers = [...new Set([...this.#trackers, ...trackers.flat()])];
    this.#webseeds = [...new Set([...this.#webseeds, ...webseeds])];
    this.contacts.trackers.add(trackers);
    this.#fetch.supply(infoBytes);
  }

  /** The metadata is here; of a v2 torrent its piece layers come next (BEP 52). */
  #complete(metadata: Bytes): void {
    if (this.#phase !== "searching") return;
    let known: KnownTrees | null;
    try {
      known = this.#merkle === null ? parseTrees(metadata) : null;
    } catch (error) {
      return this.#unusable(error);
    }
    if (known === null && this.#merkle === null && this.#byV2) {
      return this.#unusable(new MetainfoError("info", "Expected a torrent of v2 for a hash of v2"));
    }
    if (known === null) return this.#finish(metadata, this.#merkle);
    const isNeeded = !known.hybrid || this.#byV2;
    // a hybrid is one of v1 too, for who knows that hash and meets nobody that speaks v2
    const isOffered = this.#fetch.peers.some(({ connection }) => connection.v2);
    if (!isNeeded && !isOffered) return this.#finish(metadata, null);
    const { trees, pieceLength } = known;
    const done = (pieces: MerklePieces | null) => {
      this.#finish(metadata, pieces === null ? null : { files: trees, pieces });
    };
    const patience = isNeeded ? Infinity : LAYERS_MS;
    const now = this.#context.now();
    const failed = (error: MetainfoError) => this.#unusable(error);
    this.#fetch.fetchLayers(trees, pieceLength, now + patience, now, { done, failed });
    this.#context.wake();
  }

  #unusable(error: unknown): void {
    this.fail("bad-torrent", `${UNUSABLE}: ${messageOf(error)}`);
  }

  #finish(metadata: Bytes, merkle: MerkleTrees | null): void {
    if (this.#phase !== "searching") return;
    this.#phase = "found";
    const { now, emit } = this.#context;
    this.#waits.over(now());
    const seconds = Math.round(now() - this.#addedAt) / 1000;
    emit({ type: "metadata", torrent: this.id, size: metadata.length, seconds });
    this.#found(torrentOf(metadata, this.#trackers, this.#webseeds, merkle));
  }

  #end(
    failure: Pick<Extract<EngineEvent, { type: "error" }>, "reason" | "message" | "waiting">,
  ): void {
    if (this.#phase === "ended") return;
    const { emit, now } = this.#context;
    emit({ type: "error", torrent: this.id, path: null, missing: null, ...failure });
    this.#failed(failure.message);
    this.stop(now() + END_GRACE_MS).catch((error) => {
      emit({ type: "warning", torrent: this.id, message: messageOf(error) });
    });
  }
}
