/**
 * What a control server asks of the manager and is told. All of it can be posted between threads and printed as JSON.
 * Sizes are bytes, rates and limits bytes a second, times milliseconds since 1970 unless they say otherwise.
 */
import type { AddOptions, Cause, FailureReason, FilePriority, Stage } from "../session/mod.ts";
import type { Bytes, TrackerFault } from "../base/mod.ts";
import type { Magnet } from "../metainfo/mod.ts";
import type { OverBudget } from "./budget.ts";
import type { Finding } from "./finding.ts";
import type { Overview } from "./overview.ts";
import type { SessionPatch, SessionSettings, TorrentPatch, TorrentSettings } from "./settings.ts";

export type { OverBudget } from "./budget.ts";
export type {
  Examined,
  ExaminedOf,
  FailingValues,
  Finding,
  RoomValues,
  RouterValues,
  SpeedValues,
} from "./finding.ts";

/** What a torrent does; `…-wait`: its place in the queue has not come. */
export type Activity =
  | "stopped"
  | "check-wait"
  | "checking"
  | "download-wait"
  | "downloading"
  | "seed-wait"
  | "seeding";

/** What is wrong with a torrent; only `local` stops it. */
export type Trouble =
  | { readonly kind: "none" }
  /** In the tracker's own words. */
  | { readonly kind: "tracker-warning"; readonly message: string }
  /** `said`: its refusal in its own words, empty: it is none. */
  | {
    readonly kind: "tracker-error";
    readonly fault: TrackerFault;
    readonly said: string;
    readonly message: string;
  }
  | {
    readonly kind: "local";
    readonly reason: FailureReason;
    readonly message: string;
    /** What it is about, on the disk. */
    readonly path: string | null;
    /** Bytes that the disk lacks. */
    readonly missing: number | null;
  };

/** Where connected peers came from. */
export interface PeerOrigins {
  readonly cache: number;
  readonly dht: number;
  readonly incoming: number;
  readonly lsd: number;
  readonly pex: number;
  readonly tracker: number;
  /** Named by the user or a link. */
  readonly user: number;
}

/** A torrent as the manager knows it, without its long lists. */
export interface TorrentView {
  /** A number for this run of the manager, from 1; never used again. */
  readonly id: number;
  /** Info hash in hexadecimal. */
  readonly hash: string;
  readonly name: string;
  /** The folder its data lies in, below the download folder, with `/`; empty: that folder itself. */
  readonly location: string;
  readonly activity: Activity;
  /** Part of the metadata that is here, 0 to 1; 1 unless it came as a magnet link. */
  readonly metadata: number;
  readonly trouble: Trouble;
  /** Bytes of all files, of those wanted, and of the wanted ones what is verified. */
  readonly size: number;
  readonly wanted: number;
  readonly done: number;
  /** Verified bytes, wanted or not, and those in pieces that are not complete. */
  readonly valid: number;
  readonly unchecked: number;
  /** Bytes that failed their hash. */
  readonly corrupt: number;
  /** Of the bytes missing and wanted, those that connected peers or web servers have. */
  readonly available: number;
  /** Payload of all runs. */
  readonly downloaded: number;
  readonly uploaded: number;
  readonly downRate: number;
  readonly upRate: number;
  /** Peers connected; of them those that send to us, and those that get from us. */
  readonly peers: number;
  readonly peersSending: number;
  readonly peersGetting: number;
  readonly seeds: number;
  readonly known: number;
  readonly origins: PeerOrigins;
  readonly webseeds: readonly string[];
  readonly webseedsSending: number;
  /** Seconds left to completion or to the ratio wanted; null: cannot be told. */
  readonly eta: number | null;
  /** Seconds until it was idle long enough; null: it has no such goal, or is not idle. */
  readonly etaIdle: number | null;
  /** Part of the check that is done, 0 to 1; 0 when none runs. */
  readonly checked: number;
  readonly addedAt: number;
  readonly doneAt: number | null;
  readonly startedAt: number | null;
  readonly activeAt: number | null;
  readonly editedAt: number | null;
  /** Seconds of all runs. */
  readonly secondsDownloading: number;
  readonly secondsSeeding: number;
  /** Place in the queue, 0 first. */
  readonly position: number;
  /** Runs, and nothing has moved for as long as the session's `stalledMinutes` say. */
  readonly stalled: boolean;
  /** Stopped because its seeding goal was reached. */
  readonly finished: boolean;
  readonly private: boolean;
  readonly comment: string;
  readonly creator: string;
  /** Seconds since 1970, null: not told. */
  readonly createdAt: number | null;
  readonly pieces: number;
  readonly pieceLength: number;
  readonly magnet: string;
  readonly settings: TorrentSettings;
  /** Seconds until trackers may be asked by hand again; null: never, it has none. */
  readonly manualAnnounce: number | null;
}

/** One file; padding files are left out. */
export interface FileView {
  /** Below the torrent's location, with `/`. */
  readonly path: string;
  readonly length: number;
  /** Verified bytes. */
  readonly done: number;
  readonly priority: FilePriority;
}

/** One connected peer. */
export interface PeerView {
  readonly address: string;
  readonly port: number;
  readonly client: string;
  /** 0 to 1. */
  readonly progress: number;
  readonly downRate: number;
  readonly upRate: number;
  /** It chokes us; we choke it; who is interested. */
  readonly choking: boolean;
  readonly choked: boolean;
  readonly interested: boolean;
  readonly interesting: boolean;
  readonly incoming: boolean;
  readonly encrypted: boolean;
  readonly utp: boolean;
  readonly optimistic: boolean;
  readonly snubbed: boolean;
  readonly origin: keyof PeerOrigins;
}

/** One tracker of a torrent. */
export interface TrackerView {
  /** Stays the same while the torrent has this tracker. */
  readonly id: number;
  readonly url: string;
  /** Where it is scraped, empty: not known. */
  readonly scrape: string;
  /** 0 first. */
  readonly tier: number;
  readonly state: "idle" | "asked" | "ok" | "failed" | "unsupported";
  /** Its last error or warning, empty: none. */
  readonly message: string;
  /** What is wrong with it, null: nothing. */
  readonly fault: TrackerFault | "unsupported" | null;
  /** Its refusal or warning in its own words, empty: none. */
  readonly said: string;
  /** Peers in its last answer. */
  readonly peers: number;
  /** -1: not known. */
  readonly seeders: number;
  readonly leechers: number;
  readonly downloads: number;
  readonly lastAt: number | null;
  readonly nextAt: number | null;
}

/** Lists of a torrent that are asked for by name. */
export interface TorrentDetails {
  readonly files?: readonly FileView[];
  readonly connected?: readonly PeerView[];
  /** In order of their tiers. */
  readonly trackers?: readonly TrackerView[];
  /** One bit a piece, the first in the highest bit of the first byte. */
  readonly have?: Bytes;
  readonly why?: Why;
}

/** Why a torrent does not move. */
export interface Why {
  /** What it waits for; empty: for nothing. */
  readonly code: "" | "trouble" | "stopped" | "queue" | OverBudget["code"] | Stage;
  /** Of a budget that is used up, how large it is. */
  readonly values: { readonly bytes?: number };
  /** The same in English; of trouble, what it is. */
  readonly text: string;
  /** The likeliest first; empty: there is no more to say. */
  readonly causes: readonly Cause[];
}

/** Which of {@linkcode TorrentDetails}. */
export type Detail = keyof TorrentDetails;

/** Torrents to act on: by number or info hash; null: all. Unknown ones are passed over. */
export type Selection = readonly (number | string)[] | null;

/** A torrent to take in. */
export interface NewTorrent extends Pick<AddOptions, "peers"> {
  readonly torrent: Bytes | Magnet;
  /** Below the download folder, with `/`; not given: the session's. */
  readonly location?: string;
  readonly paused?: boolean;
  readonly settings?: TorrentPatch;
}

/** What became of it; `duplicate`: it was there, and stays as it is. */
export interface Added {
  readonly id: number;
  readonly hash: string;
  readonly name: string;
  readonly duplicate: boolean;
}

/** Transfers of one run or of all. */
export interface TransferStats {
  readonly downloaded: number;
  readonly uploaded: number;
  readonly filesAdded: number;
  readonly sessions: number;
  /** Seconds. */
  readonly active: number;
}

/** Figures of the whole manager. */
export interface ManagerStats {
  readonly torrents: number;
  readonly active: number;
  readonly paused: number;
  readonly downRate: number;
  readonly upRate: number;
  readonly current: TransferStats;
  readonly total: TransferStats;
  /** Peers connected and nodes of the DHT known. */
  readonly peers: number;
  readonly dhtNodes: number;
  /** Bytes on their way to the disk. */
  readonly diskQueue: number;
  /** Torrents by what they do. */
  readonly activities: Readonly<Record<Activity, number>>;
  /** The port peers can reach us at, null: none. */
  readonly port: number | null;
}

/** What the manager is and has. */
export interface SessionView {
  readonly settings: SessionSettings;
  readonly folder: string;
  /** Free bytes in the download folder, null: not known. */
  readonly free: number | null;
  readonly port: number | null;
  /** Rules of the address filter's list, as far as it was read. */
  readonly filterRules: number;
  /** Alternative limits hold now, by hand or by schedule. */
  readonly alternative: boolean;
  /** It was started without these, and no setting brings them back. */
  readonly lacks: readonly Lack[];
}

/** What a manager may be started without. */
export type Lack = "dht" | "pex" | "lsd" | "portMapping" | "tcp" | "utp";

/** What changed of late. */
export interface Recent {
  readonly torrents: readonly (TorrentView & TorrentDetails)[];
  /** Numbers of torrents that went. */
  readonly removed: readonly number[];
}

/** Room where a path lies; -1: not known. */
export interface FreeSpace {
  readonly path: string;
  readonly free: number;
  readonly total: number;
}

/**
 * Many torrents that stay, in one folder. Methods reject with `UsageError` for what cannot be (a path outside of the
 * folder, a number out of range), `MetainfoError`, `BencodeError` and `StorageError`.
 */
export interface ManagerApi {
  /** Takes a torrent in. */
  add(torrent: NewTorrent): Promise<Added>;
  /** Forgets torrents; `data`: and deletes their files, nothing else. */
  remove(torrents: Selection, data: boolean): Promise<void>;
  /** `now`: past the queue. */
  start(torrents: Selection, now: boolean): Promise<void>;
  /** Stops torrents until they are started again. */
  stop(torrents: Selection): Promise<void>;
  /** Hashes what is on disk; resolves when that has begun. */
  verify(torrents: Selection): Promise<void>;
  /** Asks trackers and the DHT for peers now. */
  reannounce(torrents: Selection): Promise<void>;
  /** Changes what can be set of torrents: all of it or, when something is wrong, nothing. */
  set(torrents: Selection, patch: TorrentPatch): Promise<void>;
  /** `location` as in {@linkcode NewTorrent}; `move`: with the data that is there, else it is looked for at the new place. */
  relocate(torrents: Selection, location: string, move: boolean): Promise<void>;
  /** Another last component for a file or folder of the torrent; `path` as in {@linkcode FileView}, or the torrent's name. */
  rename(torrent: number | string, path: string, name: string): Promise<void>;
  /** Changes places in the queue; those that move keep their order. */
  queue(torrents: Selection, to: "top" | "up" | "down" | "bottom"): Promise<void>;
  /** In order of their numbers. */
  torrents(
    torrents: Selection,
    details: readonly Detail[],
  ): Promise<readonly (TorrentView & TorrentDetails)[]>;
  /** All of them without details, and what the manager is, for whoever shows that again and again. */
  overview(): Promise<Overview>;
  /** What changed since `since` milliseconds ago, and numbers of torrents that went. */
  recent(since: number, details: readonly Detail[]): Promise<Recent>;
  /** What the manager is and has. */
  session(): Promise<SessionView>;
  /** Changes settings of the manager: all of them or, when something is wrong, none. */
  setSession(patch: SessionPatch): Promise<void>;
  /** Figures of the whole manager. */
  stats(): Promise<ManagerStats>;
  /** Free and all bytes where `path` (absolute, or below the folder) lies. */
  freeSpace(path: string): Promise<FreeSpace>;
  /** The torrent file at a path in the download folder. */
  readTorrent(path: string): Promise<Bytes>;
  /** Whether somebody outside can connect to us; null: nobody has so far, which proves nothing. */
  testPort(): Promise<boolean | null>;
  /** Fetches the session's `filterUrl` again, from a private address only for a `local` caller; resolves with the number of rules. */
  updateFilter(local: boolean): Promise<number>;
  /** Looks at everything a manager depends on. */
  doctor(): Promise<readonly Finding[]>;
}
