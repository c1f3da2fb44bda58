/** What a client says to a tracker and hears from it, whatever the transport (BEP 3, BEP 15). */
import type { Bytes, Endpoint, InfoHash, PeerId } from "../base/mod.ts";

/** What happened to the download, told once each; a regular announce has none. */
export type AnnounceEvent = "started" | "completed" | "stopped";

/** One announce. Sizes are bytes of payload since `started`. */
export interface AnnounceRequest {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Where we accept peers, 0 to 65535 (0: nowhere). */
  readonly port: number;
  readonly uploaded: number;
  readonly downloaded: number;
  /** Bytes still missing; 0 makes us a seed. */
  readonly left: number;
  readonly event: AnnounceEvent | null;
  /** Peers asked for, 0 or more. */
  readonly numwant: number;
  /** Whether we take encrypted connections, or those alone; nothing is said of it by default. */
  readonly encryption?: "supported" | "required";
  /** 32 bits that let a tracker know us again when our address changes. */
  readonly key: number;
  /** What the tracker gave us to send back, if anything. */
  readonly trackerId: Bytes | null;
}

/** How many take part in a swarm; null where the tracker does not say. */
export interface SwarmCounts {
  readonly seeders: number | null;
  readonly leechers: number | null;
  /** How often the torrent was downloaded completely. */
  readonly downloads: number | null;
}

/** A tracker's answer; a `failure reason` is thrown as `TrackerError` instead. */
export interface AnnounceReply extends SwarmCounts {
  /** Seconds until the next regular announce, as sent (not yet bounded). */
  readonly interval: number;
  /** Seconds that must pass before any announce without event, or null. */
  readonly minInterval: number | null;
  /** At most {@linkcode MAX_PEERS}; never port 0. Addresses of any range: the caller applies its policy. */
  readonly peers: readonly Endpoint[];
  /** Printable text from the tracker's owner, or null. */
  readonly warning: string | null;
  readonly trackerId: Bytes | null;
}

/** Peers taken from one answer; the rest is left unread. */
export const MAX_PEERS = 2_000;
/** Seconds between announces where the tracker names none (the usual half hour). */
export const DEFAULT_INTERVAL = 1_800;
