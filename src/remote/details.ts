/** The long lists of a torrent, and everything else that is told of one alone. */
import { count, flag, has, type JsonObject, list, number, objects, text, texts } from "./json.ts";
import { knowsBudgets, speedUnitOf } from "./session.ts";
import { part, rate, readSummary, SUMMARY_FIELDS, type TorrentSummary } from "./torrent.ts";

/** Whether a file is wanted and how much. */
export type FileLevel = "off" | "low" | "normal" | "high";

/** One file. */
export interface RemoteFile {
  /** From 1. */
  readonly number: number;
  /** With the torrent's name in front, as a stranger wrote it. */
  readonly path: string;
  readonly size: number;
  /** Bytes that are here. */
  readonly done: number;
  readonly level: FileLevel;
}

/** One connected peer. */
export interface RemotePeer {
  readonly address: string;
  readonly port: number;
  readonly client: string;
  /** 0 to 1. */
  readonly progress: number;
  readonly downRate: number;
  readonly upRate: number;
  /** Letters as in Transmission: `D` downloading from, `U` uploading to, `E` encrypted, `I` incoming, … */
  readonly flags: string;
}

/** One tracker. */
export interface RemoteTracker {
  readonly id: number;
  readonly url: string;
  /** From 0. */
  readonly tier: number;
  /** It never answered, answered well, or its last answer was a failure. */
  readonly state: "unasked" | "ok" | "failed";
  readonly asking: boolean;
  /** What it said last. */
  readonly message: string;
  /** Null: not told. */
  readonly seeders: number | null;
  readonly leechers: number | null;
  readonly downloads: number | null;
  /** In its last answer. */
  readonly peers: number;
  /** Seconds since 1970, null: never, or not planned. */
  readonly last: number | null;
  readonly next: number | null;
}

/** Everything about a torrent but its lists. Limits are bytes a second, null: none of its own. */
export interface TorrentStatus extends TorrentSummary {
  readonly folder: string;
  readonly totalSize: number;
  readonly have: number;
  readonly corrupt: number;
  readonly downloaded: number;
  readonly uploaded: number;
  /** Bytes missing that connected peers have. */
  readonly available: number;
  readonly private: boolean;
  readonly comment: string;
  readonly creator: string;
  readonly created: number | null;
  readonly completed: number | null;
  readonly active: number | null;
  readonly secondsDownloading: number;
  readonly secondsSeeding: number;
  readonly pieces: number;
  readonly pieceLength: number;
  readonly magnet: string;
  readonly webseeds: readonly string[];
  readonly webseedsSending: number;
  readonly downLimit: number | null;
  readonly upLimit: number | null;
  readonly honorsSession: boolean;
  readonly bandwidth: "low" | "normal" | "high";
  readonly peerLimit: number;
  readonly ratioMode: "session" | "own" | "none";
  readonly ratioLimit: number;
  readonly idleMode: "session" | "own" | "none";
  readonly idleMinutes: number;
  /** Bytes to download at most, 0: no budget; null: the manager knows none. */
  readonly maxTotal: number | null;
  /** Pieces in order; null: the manager does not tell. */
  readonly sequential: boolean | null;
}

/** The RPC's fields of a {@linkcode TorrentStatus}. */
export const STATUS_FIELDS = [
  ...SUMMARY_FIELDS,
  "downloadDir",
  "totalSize",
  "haveValid",
  "haveUnchecked",
  "corruptEver",
  "downloadedEver",
  "uploadedEver",
  "desiredAvailable",
  "isPrivate",
  "comment",
  "creator",
  "dateCreated",
  "doneDate",
  "activityDate",
  "secondsDownloading",
  "secondsSeeding",
  "pieceCount",
  "pieceSize",
  "magnetLink",
  "webseeds",
  "webseedsSendingToUs",
  "downloadLimit",
  "downloadLimited",
  "uploadLimit",
  "uploadLimited",
  "honorsSessionLimits",
  "bandwidthPriority",
  "peer-limit",
  "seedRatioMode",
  "seedRatioLimit",
  "seedIdleMode",
  "seedIdleLimit",
  "maxTotal",
  "sequentialDownload",
] as const;

const GOALS = ["session", "own", "none"] as const;

/**
 * Reads {@linkcode STATUS_FIELDS}; `session` is the manager's, as only that tells what it knows: Transmission 3.00
 * answers any field that is asked for with 0.
 */
export function readStatus(from: JsonObject, session: JsonObject): TorrentStatus {
  const speedUnit = speedUnitOf(session);
  const ours = knowsBudgets(session);
  const limit = (key: "download" | "upload") =>
    flag(from, `${key}Limited`) ? count(from, `${key}Limit`) * speedUnit : null;
  const bandwidth = number(from, "bandwidthPriority");
  return {
    ...readSummary(from),
    folder: text(from, "downloadDir"),
    totalSize: count(from, "totalSize"),
    have: count(from, "haveValid") + count(from, "haveUnchecked"),
    corrupt: count(from, "corruptEver"),
    downloaded: count(from, "downloadedEver"),
    uploaded: count(from, "uploadedEver"),
    available: count(from, "desiredAvailable"),
    private: flag(from, "isPrivate"),
    comment: text(from, "comment"),
    creator: text(from, "creator"),
    created: time(from, "dateCreated"),
    completed: time(from, "doneDate"),
    active: time(from, "activityDate"),
    secondsDownloading: count(from, "secondsDownloading"),
    secondsSeeding: count(from, "secondsSeeding"),
    pieces: count(from, "pieceCount"),
    pieceLength: count(from, "pieceSize"),
    magnet: text(from, "magnetLink"),
    webseeds: texts(from, "webseeds"),
    webseedsSending: count(from, "webseedsSendingToUs"),
    downLimit: limit("download"),
    upLimit: limit("upload"),
    honorsSession: flag(from, "honorsSessionLimits", true),
    bandwidth: bandwidth < 0 ? "low" : bandwidth > 0 ? "high" : "normal",
    peerLimit: count(from, "peer-limit"),
    ratioMode: GOALS[count(from, "seedRatioMode")] ?? "session",
    ratioLimit: number(from, "seedRatioLimit"),
    idleMode: GOALS[count(from, "seedIdleMode")] ?? "session",
    idleMinutes: count(from, "seedIdleLimit"),
    maxTotal: ours ? count(from, "maxTotal") : null,
    sequential: ours ? flag(from, "sequentialDownload") : null,
  };
}

/** The RPC's fields of a list of {@linkcode RemoteFile}. */
export const FILE_FIELDS = ["files", "wanted", "priorities"] as const;

/** Reads {@linkcode FILE_FIELDS}. */
export function readFiles(from: JsonObject): RemoteFile[] {
  const wanted = list(from, "wanted", (value) => flag({ wanted: value }, "wanted", true));
  const levels = list(from, "priorities", (value) => number({ priority: value }, "priority"));
  return objects(from, "files", (file) => file).map((file, i) => {
    const level = levels[i] ?? 0;
    return {
      number: i + 1,
      path: text(file, "name"),
      size: count(file, "length"),
      done: count(file, "bytesCompleted"),
      level: wanted[i] === false ? "off" : level < 0 ? "low" : level > 0 ? "high" : "normal",
    };
  });
}

/** Reads the field `peers`. */
export function readPeers(from: JsonObject): RemotePeer[] {
  return objects(from, "peers", (peer) => ({
    address: text(peer, "address"),
    port: count(peer, "port"),
    client: text(peer, "clientName"),
    progress: part(peer, "progress"),
    downRate: rate(peer, "rateToClient"),
    upRate: rate(peer, "rateToPeer"),
    flags: text(peer, "flagStr"),
  }));
}

/** Reads the field `trackerStats`. */
export function readTrackers(from: JsonObject): RemoteTracker[] {
  return objects(from, "trackerStats", (tracker) => {
    const message = text(tracker, "lastAnnounceResult");
    // one that never answered has a message when it was asked in vain
    const asked = flag(tracker, "hasAnnounced") || message !== "";
    const told = (key: string) => number(tracker, key, -1) < 0 ? null : count(tracker, key);
    return {
      id: count(tracker, "id"),
      url: text(tracker, "announce"),
      tier: count(tracker, "tier"),
      state: !asked ? "unasked" : flag(tracker, "lastAnnounceSucceeded") ? "ok" : "failed",
      asking: count(tracker, "announceState") === 3,
      message,
      seeders: told("seederCount"),
      leechers: told("leecherCount"),
      downloads: told("downloadCount"),
      peers: count(tracker, "lastAnnouncePeerCount"),
      last: time(tracker, "lastAnnounceTime"),
      next: time(tracker, "nextAnnounceTime"),
    };
  });
}

/** Seconds since 1970; managers write 0 or -1 for never. */
function time(from: JsonObject, key: string): number | null {
  const value = number(from, key);
  return has(from, key) && value > 0 ? value : null;
}
