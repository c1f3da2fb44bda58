import { type Bitfield, type PieceIndex, toHex } from "../base/mod.ts";
import type { Geometry, Metainfo } from "../metainfo/mod.ts";
import type { TorrentStore } from "../storage/mod.ts";
import { Swarm } from "../swarm/mod.ts";
import { CLIENT, type SessionContext } from "./context.ts";
import { tellPeer } from "./peer_news.ts";
import { PieceRecord } from "./piece_record.ts";
import { PieceStore } from "./piece_store.ts";
import { TorrentPeers } from "./torrent_peers.ts";
import { TorrentTrackers } from "./torrent_trackers.ts";

/** What a running torrent is made of. */
export interface Running {
  readonly swarm: Swarm;
  readonly store: PieceStore;
  readonly record: PieceRecord;
  readonly peers: TorrentPeers;
  readonly trackers: TorrentTrackers;
}

/** What it is assembled from. */
export interface RunningParts {
  readonly context: SessionContext;
  readonly metainfo: Metainfo;
  readonly geometry: Geometry;
  readonly disk: TorrentStore;
  /** Pieces on disk. */
  readonly have: Bitfield;
  /** Pieces that an earlier run may have begun there. */
  readonly intent: Bitfield;
  /** Bytes still missing. */
  readonly left: () => number;
  /** The disk failed. */
  readonly failed: (error: unknown) => void;
  /** A piece is verified and on disk. */
  readonly pieceDone: (piece: PieceIndex) => void;
}

/** Peers asked of a tracker while downloading. */
const PEERS_WANTED = 80;

/** Ties swarm, store, record, peers and trackers of one torrent together. */
export function assemble(parts: RunningParts): Running {
  const { context, metainfo, geometry, disk, have, failed } = parts;
  const { state, now, random, uploadLimit, port } = context;
  const { infoHash } = metainfo;
  const torrent = toHex(infoHash);
  const record = new PieceRecord(have, {
    saveIntent: (intent) => state.saveIntent(infoHash, intent),
    saveGood: (good, intent) => state.saveGood(infoHash, good, intent),
    sync: () => disk.sync(),
  }, parts.intent);
  const store: PieceStore = new PieceStore(disk, geometry, metainfo.pieceHashes, {
    verified: (piece, data) => swarm.pieceVerified(piece, data),
    corrupt: (piece, data) => swarm.pieceCorrupt(piece, data, now()),
    beforeWrite: (piece) => record.beforeWrite(piece, swarm.downloads.partials.keys()),
    written: (piece) => {
      record.written(piece, geometry.pieceSize(piece), now());
      swarm.pieceWritten(piece, now());
    },
    lost: (piece, error) => {
      swarm.pieceLost(piece);
      failed(error);
    },
    readable: (piece) => swarm.uploads.readable(piece, now()),
    readFailed: (piece, error) => {
      swarm.uploads.unreadable(piece, now());
      failed(error);
    },
    pending: context.pending,
  });
  const swarm: Swarm = new Swarm({
    geometry,
    have,
    store,
    random,
    uploadLimit,
    client: CLIENT,
    port,
    observer: {
      pieceDone: parts.pieceDone,
      peerJoined: (peer) => {
        tellPeer(context, torrent, peer, "connected", null);
        void peers.grantFast(peer);
      },
      peerLeft: (peer, reason) => {
        tellPeer(context, torrent, peer, "disconnected", reason);
        peers.left(peer);
      },
      peerBanned: (peer, reason) => {
        tellPeer(context, torrent, peer, "banned", reason);
        peers.ban(peer);
      },
    },
  });
  const peers: TorrentPeers = new TorrentPeers(context, infoHash, swarm);
  const trackers = new TorrentTrackers(context, {
    infoHash,
    peerId: context.peerId,
    tiers: metainfo.trackers,
    isPrivate: metainfo.isPrivate,
    random,
    stats: () => ({
      port: port ?? 0,
      uploaded: swarm.uploads.rate.total,
      downloaded: swarm.downloads.rate.total,
      left: parts.left(),
      peersWanted: swarm.complete ? 0 : PEERS_WANTED,
    }),
  }, peers);
  return { swarm, store, record, peers, trackers };
}
