/** What a swarm needs from the world, and what it tells it. */
import type {
  Bitfield,
  Budget,
  Bytes,
  Endpoint,
  Millis,
  PieceIndex,
  RateMeter,
} from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import type { ConnectionHandler, PeerConnection, PexPeer } from "../wire/mod.ts";
import type { Peer, PeerIdentity } from "./peer.ts";
import type { Webseed, WebseedNews } from "./webseed.ts";
import type { WebseedRun } from "./webseed_run.ts";

/**
 * The data of one torrent. Nothing here answers at once: a commit ends in one of the swarm's
 * `pieceVerified`, `pieceCorrupt`, `pieceWritten` or `pieceLost`, a read in `readable` or `readFailed`.
 */
export interface Store {
  /** A buffer of the torrent's piece length, its content left over from whoever used it last. */
  buffer(): Bytes;
  /** Takes a buffer back that was not committed. */
  release(buffer: Bytes): void;
  /**
   * Hashes a whole piece and, when it is good, writes it. `data` belongs to the store from here on.
   * Then: `pieceCorrupt`, or `pieceVerified` followed by `pieceWritten` or `pieceLost`.
   */
  commit(piece: PieceIndex, data: Bytes): void;
  /** A part of a piece we have, valid until the next call; null when it is still on disk: `readable` follows. */
  read(piece: PieceIndex, begin: number, length: number): Bytes | null;
  /** A part of a piece will be read soon. */
  expect(piece: PieceIndex, begin: number, length: number): void;
  /** SHA-256 of `data`, whose memory is the caller's again at once (BEP 52); a store that verifies no trees has none. */
  digest?(data: Bytes, then: (digest: Bytes) => void): void;
  /** SHA-256 of each block of the first `size` bytes of a piece we have; null: it cannot be read. */
  leaves?(piece: PieceIndex, size: number, then: (leaves: Bytes | null) => void): void;
}

/** Decides which piece is begun next. All pieces wait at first, those that begin are taken out. */
export interface Picker {
  /** Pieces waiting to be begun. */
  readonly waiting: number;
  /** Pieces are to be finished in their order, so the first one begun goes before all others. */
  readonly ordered: boolean;
  /** Somebody waits for the first piece: what is owed of it for long is asked of others too. */
  readonly hurried: boolean;
  /** One more peer, and no seed, has `piece`. */
  gained(piece: number): void;
  /** One peer fewer has `piece`. */
  lost(piece: number): void;
  /** Takes `piece` out: it is being downloaded, or here, or not wanted. */
  remove(piece: number): void;
  /** Peers, seeds not counted, that have `piece`. */
  availability(piece: number): number;
  /** Puts `piece` back to wait. */
  restore(piece: number): void;
  /** The piece to begin at a peer that has `has`, or null; it goes on waiting until removed. */
  pick(has: Bitfield): PieceIndex | null;
  /** True when `piece` waits to be begun. */
  waits(piece: number): boolean;
  /** Pieces of a higher rank are begun first; 0: nobody wants it. */
  rank(piece: number): number;
  /** False while it is too early for `piece`. */
  mayBegin(piece: number): boolean;
}

/** Who wants to know what happens in a swarm. */
export interface SwarmObserver {
  /** Verified and on disk. */
  pieceDone(piece: PieceIndex): void;
  /** Its handshake is over. */
  peerJoined(peer: Peer): void;
  /** Its connection is over; `reason` is for people. */
  peerLeft(peer: Peer, reason: string): void;
  /** The peer sent what it must not; it is closed and must not come back. */
  peerBanned(peer: Peer, reason: string): void;
  /** The peer has a node of the DHT at this UDP port (BEP 5). */
  peerNode(peer: Peer, port: number): void;
  /** Several peers sent the same for this piece, and it is not what the torrent says. */
  pieceDisputed(piece: PieceIndex): void;
  /** A peer tells of others (BEP 11), a hundred of each family at most; whether to believe it is decided there. */
  peersTold(teller: Peer, peers: readonly PexPeer[]): void;
  /** A peer that `teller` and we know calls us now, and is to be called at once over uTP (BEP 55); whether to is decided there. */
  punch(teller: Peer, endpoint: Endpoint): void;
  /** A peer says where it sees us. */
  addressTold(teller: Peer, host: string): void;
}

/** Carries out what web servers are asked for. */
export interface WebseedLink {
  /** One more connection may be made. */
  readonly room: boolean;
  /**
   * Fetches the bytes of `run` from its cursor to its end, over one connection: each part goes to `run.receive`, the
   * end to `finished` or `failed` of the swarm's webseeds. Nothing is called before this returns.
   */
  begin(run: WebseedRun): void;
  /** Something happened to a webseed that people may want to know. */
  told(webseed: Webseed, news: WebseedNews): void;
}

/** A connected peer, as those who find and dial peers see it. */
export interface PeerMember {
  readonly connection: PeerConnection;
  readonly identity: PeerIdentity;
  readonly joinedAt: Millis;
  /** Client and version as it says; null: not yet. */
  readonly client: string | null;
  /** The port it says it listens on; null or missing: not known. */
  readonly listenPort?: number | null;
  /** It has everything, it will not download (BEP 21); missing: not known. */
  readonly seed?: boolean;
  readonly uploadOnly?: boolean;
  /** What moved of use. */
  readonly down: RateMeter;
  readonly up: RateMeter;
}

/** Who takes in the peers of a torrent: its swarm, or before there is one who fetches its metadata. */
export interface PeerGroup {
  /** Null: not known yet. */
  readonly geometry: Geometry | null;
  readonly peers: readonly PeerMember[];
  /** Everything that is wanted is here: of use are only those who lack something. */
  readonly complete: boolean;
  /** Takes in a peer whose handshake is here; the connection calls on from there. */
  join(connection: PeerConnection, identity: PeerIdentity, now: Millis): ConnectionHandler;
  /** Asks a peer that told us of `endpoint` to arrange a meeting (BEP 55); false, or missing: there is none. */
  arrangeMeeting?(endpoint: Endpoint, now: Millis): boolean;
  /** Closes all peers; new ones may come. */
  closePeers(reason: string): void;
}

/** What a swarm may read; whoever reads keeps it, the swarm asks for no more than it lets through. */
export interface DownloadLimit {
  /** Payload bytes that may still come; not given: there is no end. */
  readonly budget?: Budget;
  /** Bytes a second that can be hoped for; Infinity without a limit. */
  rate(now: Millis): number;
}

/** What a swarm may send; bytes are those of blocks. */
export interface UploadLimit {
  /** False while there is no limit, and nothing to ask for or to count. */
  readonly limited: boolean;
  /** Bytes that may be sent now. */
  available(now: Millis): number;
  /** `bytes` were sent; a debt is paid later. */
  take(bytes: number): void;
  /** Peers wait: `serveHeld` of the swarm's uploads is called once there is something. */
  wait(): void;
  /** Bytes a second that can be hoped for; Infinity without a limit. */
  rate(now: Millis): number;
}
