import { Bitfield, type Bytes, type Millis, type PieceIndex, RateMeter } from "../base/mod.ts";
import type { ConnectionHandler, ExtensionName, PeerConnection, PeerEvent } from "../wire/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import { Balance } from "./balance.ts";
import { RequestDepth } from "./request_depth.ts";
import type { Source } from "./source.ts";
import type { Offers } from "./super_seed.ts";
import type { Swarm } from "./swarm.ts";

/** A part of a piece the peer asked for. */
export interface UploadRequest {
  readonly piece: PieceIndex;
  readonly begin: number;
  readonly length: number;
}

/** Who a peer is, known before its handshake is over. */
export interface PeerIdentity {
  /** `address:port` as connected. */
  readonly key: string;
  readonly host: string;
  readonly outgoing: boolean;
}

/** One connected peer of a swarm: what both sides said, what is under way, what it is worth. */
export class Peer implements ConnectionHandler, Source {
  pieces: Bitfield;
  /** Pieces it has and we lack. */
  useful = 0;
  /** Its word on us, ours on it (BEP 3: everyone starts choked and not interested). */
  choking = true;
  interested = false;
  amChoking = true;
  amInterested = false;
  /** It owes us blocks and sends none. */
  snubbed = false;
  /** When we last unchoked it, null: never. */
  unchokedAt: Millis | null = null;
  /** The same before that, for a turn that is cut short. */
  unchokedBefore: Millis | null = null;
  readonly balance = new Balance();
  /** Unchoked out of turn. */
  optimistic = false;
  /** Pieces it serves even when it chokes us (BEP 6). */
  readonly allowedFast = new Set<number>();
  /** Pieces we serve it even when we choke it. */
  readonly grantedFast = new Set<number>();
  /** Our requests: block number in the torrent → when asked, negative once we stopped counting on it. */
  readonly inFlight = new Map<number, number>();
  /** Of them, those we still count on. */
  outstanding = 0;
  readonly depth = new RequestDepth();
  readonly down = new RateMeter();
  readonly up = new RateMeter();
  lastBlockAt: Millis;
  /** Its requests, oldest first. */
  readonly uploads: UploadRequest[] = [];
  /** It waits for data of this piece from the disk. */
  awaiting: PieceIndex | null = null;
  /** Blocks we cancelled and may get all the same. */
  cancelled = 0;
  /** Its cancels that met no request. */
  idleCancels = 0;
  /** Blocks nobody asked for. */
  unasked = 0;
  /** Requests it refused since its last block although it does not choke us. */
  refused = 0;
  suspected = false;
  /** What we show it of our pieces, null: all (BEP 16). */
  offers: Offers | null = null;
  /** It was sent away for good. */
  banned = false;
  client: string | null = null;
  /** The numbers it gave the extensions it speaks (BEP 10). */
  readonly extensions = new Map<ExtensionName, number>();
  /** It will not download (BEP 21), complete or not. */
  uploadOnly = false;
  /** It says that it would rather have connections encrypted. */
  prefersEncryption = false;
  /** The port it says it listens on; null: not known. */
  listenPort: number | null = null;
  /** It takes the last block of each file of a v2 torrent for a whole one ({@linkcode noteTails}). */
  padsTails = false;
  /** How often it was a seed and then lacked a piece. */
  relapses = 0;
  readonly joinedAt: Millis;

  constructor(
    readonly swarm: Swarm,
    readonly connection: PeerConnection,
    readonly identity: PeerIdentity,
    pieceCount: number,
    now: Millis,
  ) {
    this.pieces = new Bitfield(pieceCount);
    this.joinedAt = this.lastBlockAt = now;
  }

  get seed(): boolean {
    return this.pieces.full;
  }

  /** It wants something of us. Who says that it will not download takes no slot, whatever else it says. */
  get wanting(): boolean {
    return this.interested && !this.uploadOnly;
  }

  /** True when it may be asked for `piece` now. */
  serves(piece: number): boolean {
    return !this.suspected && this.pieces.has(piece) &&
      (!this.choking || this.allowedFast.has(piece));
  }

  /** Bytes of a block as it is asked for there. */
  blockSize(geometry: Geometry, piece: number, block: number): number {
    return this.padsTails
      ? geometry.spokenBlockSize(piece, block)
      : geometry.blockSize(piece, block);
  }

  discount(): void {
    this.swarm.downloads.discountAll(this);
  }

  ban(reason: string): void {
    this.swarm.drop(this, reason);
  }

  opened(now: Millis): void {
    this.swarm.peerOpened(this, now);
  }

  block(piece: PieceIndex, begin: number, data: Bytes, now: Millis): void {
    this.swarm.downloads.block(this, piece, begin, data, now);
  }

  request(piece: PieceIndex, begin: number, length: number, now: Millis): void {
    this.swarm.uploads.request(this, { piece, begin, length }, now);
  }

  have(piece: PieceIndex, now: Millis): void {
    this.swarm.interest.has(this, piece, now);
  }

  event(event: PeerEvent, now: Millis): void {
    this.swarm.peerSaid(this, event, now);
  }

  batch(now: Millis): void {
    this.swarm.peerBatch(this, now);
  }

  drained(now: Millis): void {
    this.swarm.drained(this, now);
  }

  closed(reason: string): void {
    this.swarm.peerClosed(this, reason);
  }
}
