/** A torrent as a manager tells it. */
import { count, flag, has, type JsonObject, number, text, texts } from "./json.ts";
import { RemoteError } from "./errors.ts";

/** What a torrent does. */
export type RemoteState =
  | "stopped"
  | "check-queued"
  | "checking"
  | "download-queued"
  | "downloading"
  | "seed-queued"
  | "seeding";

/** The numbers of the RPC's `status`. */
const STATES: readonly RemoteState[] = [
  "stopped",
  "check-queued",
  "checking",
  "download-queued",
  "downloading",
  "seed-queued",
  "seeding",
];

/** Where a torrent's trouble lies: 1 and 2 are its trackers', 3 ours. */
const TROUBLES: readonly RemoteTrouble[] = ["none", "tracker-warning", "tracker-error", "local"];

/** Whose fault a torrent's trouble is. */
export type RemoteTrouble = "none" | "tracker-warning" | "tracker-error" | "local";

/** What every torrent is known by. */
export interface TorrentName {
  readonly id: number;
  /** Info hash in hexadecimal. */
  readonly hash: string;
  /** As a stranger wrote it. */
  readonly name: string;
}

/** What lists show of a torrent. Sizes are bytes, rates bytes a second, times seconds. */
export interface TorrentSummary extends TorrentName {
  readonly state: RemoteState;
  /** Stopped because its seeding goal was reached. */
  readonly finished: boolean;
  readonly trouble: RemoteTrouble;
  readonly message: string;
  /** Bytes of the files wanted, and what of them is missing. */
  readonly size: number;
  readonly left: number;
  /** Parts, 0 to 1, of the metadata that is here and of a check. */
  readonly metadata: number;
  readonly checked: number;
  readonly downRate: number;
  readonly upRate: number;
  /** Sent by received, null: nothing was received. */
  readonly ratio: number | null;
  /** Seconds left, null: cannot be told. */
  readonly eta: number | null;
  /** Peers connected; those that send to us; those that get from us. */
  readonly peers: number;
  readonly sending: number;
  readonly getting: number;
  readonly labels: readonly string[];
  /** Place in the queue, 0 first. */
  readonly position: number;
  /** Seconds since 1970. */
  readonly added: number;
  readonly stalled: boolean;
}

/** The RPC's fields of a {@linkcode TorrentName}. */
export const NAME_FIELDS = ["id", "hashString", "name"] as const;

/** The RPC's fields of a {@linkcode TorrentSummary}. */
export const SUMMARY_FIELDS = [
  ...NAME_FIELDS,
  "status",
  "isFinished",
  "error",
  "errorString",
  "sizeWhenDone",
  "leftUntilDone",
  "metadataPercentComplete",
  "recheckProgress",
  "rateDownload",
  "rateUpload",
  "uploadRatio",
  "eta",
  "peersConnected",
  "peersSendingToUs",
  "peersGettingFromUs",
  "labels",
  "queuePosition",
  "addedDate",
  "isStalled",
] as const;

/** Reads {@linkcode NAME_FIELDS}. Throws {@linkcode RemoteError}. */
export function readName(from: JsonObject): TorrentName {
  const id = count(from, "id");
  const hash = text(from, "hashString").toLowerCase();
  if (id === 0 || !/^[0-9a-f]{40}$/.test(hash)) {
    throw new RemoteError(
      "bad-answer",
      "The manager's answer has a torrent without number or hash",
    );
  }
  return { id, hash, name: text(from, "name") };
}

/** Reads {@linkcode SUMMARY_FIELDS}. Throws {@linkcode RemoteError}. */
export function readSummary(from: JsonObject): TorrentSummary {
  const ratio = number(from, "uploadRatio", -1);
  const eta = number(from, "eta", -1);
  return {
    ...readName(from),
    state: STATES[count(from, "status")] ?? "stopped",
    finished: flag(from, "isFinished"),
    trouble: TROUBLES[count(from, "error")] ?? "local",
    message: text(from, "errorString"),
    size: count(from, "sizeWhenDone"),
    left: count(from, "leftUntilDone"),
    metadata: has(from, "metadataPercentComplete") ? part(from, "metadataPercentComplete") : 1,
    checked: part(from, "recheckProgress"),
    downRate: rate(from, "rateDownload"),
    upRate: rate(from, "rateUpload"),
    ratio: ratio < 0 ? null : ratio,
    eta: eta < 0 ? null : eta,
    peers: count(from, "peersConnected"),
    sending: count(from, "peersSendingToUs"),
    getting: count(from, "peersGettingFromUs"),
    labels: texts(from, "labels"),
    position: count(from, "queuePosition"),
    added: count(from, "addedDate"),
    stalled: flag(from, "isStalled"),
  };
}

/** A share of a whole, 0 to 1, whatever is claimed. */
export function part(from: JsonObject, key: string): number {
  return Math.min(1, Math.max(0, number(from, key)));
}

/** Bytes a second, not below 0. */
export function rate(from: JsonObject, key: string): number {
  return Math.max(0, number(from, key));
}
