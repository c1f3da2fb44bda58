import { type Bitfield, type Millis, type PieceIndex, toHex } from "../base/mod.ts";
import type { Geometry, Metainfo } from "../metainfo/mod.ts";
import { PriorityPicker, Swarm } from "../swarm/mod.ts";
import { type Announced, Contacts } from "./contacts.ts";
import { CLIENT, type SessionContext } from "./context.ts";
import type { TorrentDht } from "./dht/torrent_dht.ts";
import { tellPeer } from "./peer_news.ts";
import type { TorrentData } from "./torrent_data.ts";
import type { TorrentShares } from "./shares.ts";
import type { TorrentPeers } from "./torrent_peers.ts";
import { spokenHashes } from "./torrent_hashes.ts";
import type { TorrentTrackers } from "./torrent_trackers.ts";
import { TorrentWebseeds } from "./torrent_webseeds.ts";

/** What a running torrent is made of. */
export interface Running {
  readonly swarm: Swarm;
  readonly data: TorrentData;
  readonly peers: TorrentPeers;
  readonly trackers: TorrentTrackers;
  /** Null: the torrent is private, or there is no DHT. */
  readonly dht: TorrentDht | null;
  readonly webseeds: TorrentWebseeds;
  /** Looks for it in our own network no more. */
  readonly leaveLan: () => void;
}

/** What it is assembled from. */
export interface RunningParts {
  readonly context: SessionContext;
  readonly shares: TorrentShares;
  readonly metainfo: Metainfo;
  readonly geometry: Geometry;
  /** In order, when the data has no order of its own. */
  readonly sequential: boolean;
  /** Web servers that the user named. */
  readonly webseeds: readonly string[];
  /** Announce URLs in tiers (BEP 12). */
  readonly trackers: readonly (readonly string[])[];
  /** Shows peers one piece after another when complete. */
  readonly superSeed: boolean;
  /** Those it had before its metadata was here; null: none. */
  readonly contacts: Contacts | null;
  /** Opened already. */
  readonly data: TorrentData;
  /** Pieces that are there. */
  readonly have: Bitfield;
  /** The rank of each piece, 0: not wanted. */
  readonly ranks: Uint8Array;
  /** Bytes still missing. */
  readonly left: () => number;
  /** Our side failed. */
  readonly failed: (error: unknown) => void;
  /** A piece is verified and kept. */
  readonly pieceDone: (piece: PieceIndex) => void;
}

/** Peers asked of a tracker while downloading. */
export const PEERS_WANTED = 80;
/** Who has everything: fewer, as most peers come by themselves. */
const PEERS_WANTED_COMPLETE = 30;

/** Fewer connected peers than this, and trackers are asked before their time. */
const ENOUGH_PEERS = 20;
/** A complete torrent without peers is left alone for so long; somebody who comes ends that. */
const MOST_REST_MS = 5000;

/** Time passes. */
export function tickRunning({ swarm, data, peers, trackers, dht }: Running, now: Millis): void {
  swarm.tick(now);
  peers.tick(now);
  const lacking = !swarm.complete && swarm.peers.length < ENOUGH_PEERS &&
    peers.pool.nextDeadline() > now;
  trackers.tick(now, lacking);
  dht?.tick(now, !lacking ? "enough" : swarm.peers.length > 0 ? "few" : "none");
  data.tick(now);
}

/** When {@linkcode tickRunning} wants to be called. */
export function deadlineOf({ swarm, peers, trackers, dht }: Running): number {
  return Math.min(
    swarm.nextDeadline(),
    trackers.nextDeadline(),
    peers.nextDeadline(),
    dht?.nextDeadline() ?? Infinity,
  );
}

/** Until when it needs no tick, 0: it does. Those that rest are ticked together, so that a thousand of them cost next to nothing. */
export function restOf({ swarm, peers, trackers, dht }: Running, now: Millis): number {
  if (!swarm.complete || swarm.peers.length + peers.connecting > 0) return 0;
  const due = Math.min(trackers.nextDeadline(), dht?.nextDeadline() ?? Infinity);
  return Math.min(due, Math.ceil((now + MOST_REST_MS) / 1000) * 1000);
}

/** Ties swarm, data, peers and trackers of one torrent together. */
export function assemble(parts: RunningParts): Running {
  const { context, metainfo, geometry, data, have, shares } = parts;
  const { random, doorway } = context;
  const dhtNode = metainfo.isPrivate ? null : context.dht;
  const { infoHash } = metainfo;
  const hashes = spokenHashes(metainfo);
  const torrent = toHex(infoHash);
  const picker = data.picker ?? new PriorityPicker(geometry.pieceCount, random, parts.sequential);
  const swarm: Swarm = new Swarm({
    geometry,
    have,
    store: data.start(() => swarm, parts.failed),
    random,
    picker,
    sharing: data.lasting,
    superSeed: parts.superSeed,
    downloadLimit: { rate: (now) => shares.reads.rate(now), budget: shares.budget },
    memory: shares.memory,
    uploadLimit: shares.uploads,
    peerExchange: (context.options.peerExchange ?? true) && !metainfo.isPrivate,
    client: CLIENT,
    get port() {
      return doorway.port;
    },
    metadata: metainfo.infoBytes,
    merkle: metainfo.merkle,
    ranks: parts.ranks,
    observer: {
      pieceDone: parts.pieceDone,
      peerJoined: (peer) => {
        tellPeer(context, torrent, peer, "connected", null);
        dhtNode?.greet(peer.connection);
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
      peerNode: ({ identity: { host } }, port) => dhtNode?.addPeer({ host, port }),
      pieceDisputed: (piece) => {
        const message =
          `Piece ${piece} comes from several peers the same, and not as the torrent ` +
          "says: the torrent or something between us and them is damaged";
        context.emit({ type: "warning", torrent, message });
      },
      peersTold: (teller, told) => peers.addTold(teller, told),
      punch: (teller, endpoint) => peers.punch(teller, endpoint),
      addressTold: ({ identity: { host } }, ours) => context.ranks.told({ host, port: 0 }, ours),
    },
  });
  shares.uploads.serveHeld = (at) => swarm.uploads.serveHeld(at);
  const announced: Announced = {
    isPrivate: metainfo.isPrivate,
    stats: () => ({
      uploaded: swarm.uploads.rate.total,
      downloaded: swarm.downloads.rate.total,
      left: parts.left(),
      peersWanted: swarm.complete ? PEERS_WANTED_COMPLETE : PEERS_WANTED,
    }),
    complete: () => swarm.complete,
  };
  const contacts = parts.contacts ??
    new Contacts(context, shares, hashes, parts.trackers, swarm, announced);
  parts.contacts?.settle(swarm, announced, hashes);
  const { peers, trackers, dht }: Pick<Running, "peers" | "trackers" | "dht"> = contacts;
  const webseeds = new TorrentWebseeds(context, shares, metainfo, swarm, parts.webseeds);
  const leaveLan = () => contacts.leaveLan();
  return { swarm, data, peers, trackers, webseeds, dht, leaveLan };
}
