/** How a session and its torrents are at a moment, and how they are steered, for a manager in the session's thread. */
import type { FilePriorityChange } from "../metainfo/mod.ts";
import type { MappingStatus } from "../net/mod.ts";
import type { PeerSource } from "../swarm/mod.ts";
import type { TrackerStatus } from "../tracker/mod.ts";
import type { FileProgress, PieceOrder } from "./api.ts";
import type { Waiting } from "./why/waiting.ts";

/** Where connected peers came from; `incoming`: they dialled us. */
export type Origins = Readonly<Record<PeerSource, number>>;

/** A torrent that runs; bytes, and bytes a second. */
export interface TorrentSnapshot {
  readonly phase: "metadata" | "opening" | "checking" | "running" | "ended";
  /** Everything wanted is here. */
  readonly complete: boolean;
  /** Part of the metadata that is here, and of the check that is done, 0 to 1. */
  readonly metadata: number;
  readonly checked: number;
  /** Bytes of what is wanted, verified ones of it, and verified ones besides. */
  readonly size: number;
  readonly done: number;
  readonly rest: number;
  /** Bytes of blocks in pieces that are not complete. */
  readonly unchecked: number;
  /** Bytes that failed their hash or came twice, in this run. */
  readonly wasted: number;
  /** Payload of this run. */
  readonly downloaded: number;
  readonly uploaded: number;
  readonly downRate: number;
  readonly upRate: number;
  /** Peers connected; of them those that send to us, get from us, and have everything. */
  readonly peers: number;
  readonly sending: number;
  readonly getting: number;
  readonly seeds: number;
  readonly known: number;
  readonly origins: Origins;
  readonly webseedsSending: number;
}

/** One connected peer. */
export interface PeerReport {
  /** `host:port` as connected. */
  readonly endpoint: string;
  readonly client: string;
  /** Part of the torrent that it has, 0 to 1. */
  readonly progress: number;
  readonly downRate: number;
  readonly upRate: number;
  readonly choking: boolean;
  readonly amChoking: boolean;
  readonly interested: boolean;
  readonly amInterested: boolean;
  readonly optimistic: boolean;
  readonly snubbed: boolean;
  readonly outgoing: boolean;
  readonly utp: boolean;
  /** To the last byte. */
  readonly encrypted: boolean;
  readonly origin: PeerSource;
}

/** Figures of a whole session. */
export interface SessionTotals {
  /** Connected peers whose torrent is known. */
  readonly peers: number;
  /** It takes part in the DHT. */
  readonly dht: boolean;
  /** Nodes of the DHT, 0 without one. */
  readonly dhtNodes: number;
  /** Bytes of pieces on their way through hash and disk. */
  readonly diskQueue: number;
  readonly port: number | null;
  /** Everything goes through it, without its password; null: none. */
  readonly proxy: string | null;
  /** How port mapping stands; null: it is off. */
  readonly mapping: MappingStatus | null;
  /** Peers that connected to us in this run: from public addresses, and from near us. */
  readonly arrivals: { readonly outside: number; readonly near: number };
}

/** Looks at the torrents of a session and steers them, for a manager in the same thread. Unknown ids give null or nothing. */
export interface SessionControl {
  /** How a torrent is. */
  snapshot(id: string): TorrentSnapshot | null;
  /** Its connected peers. */
  peers(id: string): readonly PeerReport[];
  /** Its trackers; times are on the session's clock, see {@linkcode now}. */
  trackers(id: string): readonly TrackerStatus[];
  /** The session's clock, in milliseconds. */
  now(): number;
  /** Why it waits, whether it does or not. */
  why(id: string): Waiting | null;
  /** Seconds until {@linkcode reannounce} asks trackers again; null: it has none. */
  manualAnnounce(id: string): number | null;
  /** Asks trackers and the DHT for peers now; at most once a minute. */
  reannounce(id: string): void;
  /** Other trackers from here on, in tiers (BEP 12). */
  setTrackers(id: string, tiers: readonly (readonly string[])[]): void;
  /** Its files but padding, and how far each is; null: not known yet. */
  files(id: string): readonly FileProgress[] | null;
  /**
   * Files get other priorities from the moment it resolves, whether it downloads or seeds; remembered, for the next start
   * with `keepPriorities`. Rejects with `StorageError`, and nothing has changed, when something stands where a file
   * would go; with `UsageError` for a torrent that is not downloaded here or whose files are not known yet.
   */
  setFilePriorities(id: string, changes: readonly FilePriorityChange[]): Promise<void>;
  /** Another order of pieces from here on. */
  setOrder(id: string, order: PieceOrder): void;
  /** Pieces that are here, in wire form; null: not known. */
  pieces(id: string): Uint8Array<ArrayBuffer> | null;
  /** Of the bytes that are missing and wanted, those that connected peers or web servers have. */
  available(id: string): number;
  /** Ends a torrent within `graceMs` and forgets it; what it has stays on disk. */
  remove(id: string, graceMs: number): Promise<void>;
  /** Figures of all torrents together. */
  totals(): SessionTotals;
}
