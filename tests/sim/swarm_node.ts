import { type Bitfield, type Random, splitHostPort } from "../../src/base/mod.ts";
import { type Peer, SequentialPicker, Swarm, type TorrentReads } from "../../src/swarm/mod.ts";
import type { Accepted, Handshake, PeerConnection, PexPeer } from "../../src/wire/mod.ts";
import { handshake } from "../wire/talk.ts";
import type { Clock } from "./clock.ts";
import type { Content } from "./content.ts";
import { type Disk, SimStore } from "./disk.ts";
import { type Node, Uplink } from "./network.ts";
import { SimShares } from "./shares.ts";
import { type Reader, SimStream } from "./stream.ts";

/** What a node with a real swarm is like. */
export interface Setup {
  readonly have: Bitfield;
  readonly disk: Disk;
  /** Bytes a second of its line. */
  readonly rate: number;
  /** Bytes a second it chooses to upload; 0: no limit. */
  readonly uploadLimit: number;
  /** Nothing is kept: a reader takes it in order. */
  readonly reader?: Reader;
  /** Shows peers one piece after another (BEP 16). */
  readonly superSeed?: boolean;
  /** Pieces in order, to disk. */
  readonly sequential?: boolean;
  /** The same for downloads. */
  readonly downloadLimit?: number;
  /** Peers are exchanged; this hears whom it is told of. */
  readonly told?: (node: SwarmNode, peers: readonly PexPeer[]) => void;
  /** It is of a v2 torrent (BEP 52). */
  readonly v2?: boolean;
  /** The session it is a torrent of; one of its own when none is given. */
  readonly shares?: SimShares;
}

let ids = 0;

/** A node with a real swarm; who was banned never comes back. */
export class SwarmNode implements Node {
  readonly uplink: Uplink;
  readonly reads: TorrentReads;
  received = 0;
  readonly swarm: Swarm;
  readonly store: SimStore;
  readonly banned = new Set<string>();
  /** Takes in nobody while it is not. */
  open = true;
  /** Pieces that came the same from several peers and are wrong. */
  readonly disputed = new Set<number>();
  /** Why peers left. */
  readonly left: string[] = [];
  readonly #id = 1 + (ids++ % 99);
  readonly #peers = new Map<PeerConnection, Peer>();
  readonly #timers: (() => void)[] = [];

  constructor(
    readonly clock: Clock,
    random: Random,
    readonly name: string,
    readonly content: Content,
    readonly setup: Setup,
  ) {
    this.uplink = new Uplink(clock, setup.rate);
    const stream = setup.reader === undefined
      ? null
      : new SimStream(clock, content, setup.disk, setup.reader);
    this.store = stream ?? new SimStore(clock, content, setup.disk, setup.have);
    const picker = stream?.window.picker ??
      (setup.sequential ? new SequentialPicker(content.geometry.pieceCount) : null);
    const shares = setup.shares ?? new SimShares(clock);
    this.reads = shares.reads.torrent(setup.downloadLimit ?? 0, clock.now);
    const uploads = shares.uploads.torrent(setup.uploadLimit, clock.now);
    this.swarm = new Swarm({
      geometry: content.geometry,
      have: setup.have.clone(),
      store: this.store,
      random,
      ...(picker === null ? {} : { picker }),
      sharing: stream === null,
      superSeed: setup.superSeed ?? false,
      merkle: setup.v2 ? content.merkle : null,
      peerExchange: setup.told !== undefined,
      client: name,
      port: splitHostPort(name)?.port ?? null,
      downloadLimit: this.reads,
      memory: shares.memory.member(),
      uploadLimit: uploads,
      observer: {
        pieceDone: () => {},
        peerJoined: () => {},
        peerLeft: (peer, reason) => {
          this.#peers.delete(peer.connection);
          this.left.push(reason);
        },
        peerNode: () => {},
        pieceDisputed: (piece) => this.disputed.add(piece),
        peersTold: (_, peers) => setup.told?.(this, peers),
        punch: () => {},
        addressTold: () => {},
        peerBanned: (peer) => this.banned.add(peer.identity.key),
      },
    });
    this.store.swarm = this.swarm;
    this.store.v2 = setup.v2 ?? false;
    this.#timers.push(clock.every(1_000, () => this.swarm.tick(clock.now)));
    uploads.serveHeld = (now) => this.swarm.uploads.serveHeld(now);
  }

  /** Time passes here no more. */
  stop(): void {
    for (const stop of this.#timers) stop();
  }

  get complete(): boolean {
    return this.swarm.complete;
  }

  /** Connections whose handshake is over, as its network sees them. */
  get connected(): number {
    return this.#peers.size;
  }

  /** Pieces on the disk. */
  get pieces(): number {
    return this.swarm.have.count;
  }

  handshake(): Handshake {
    return handshake(this.#id, { v2: this.setup.v2 ?? false });
  }

  meet(theirs: Handshake, connection: PeerConnection, from: Node): Accepted | null {
    if (!this.open || this.banned.has(from.name)) return null;
    const host = splitHostPort(from.name)?.host ?? "8.8.8.8";
    const identity = { key: from.name, host, outgoing: connection.ours !== null };
    const peer = this.swarm.join(connection, identity, this.clock.now);
    this.#peers.set(connection, peer);
    const v2 = (this.setup.v2 ?? false) && (theirs.v2 ?? false);
    return { geometry: this.content.geometry, handler: peer, mine: this.handshake(), v2 };
  }
}
