/** What can be set of a torrent and of the whole manager; kept between runs. Units as in `api.ts`. */
import type { EncryptionPolicy, FilePriority } from "../session/mod.ts";

/** Whether a torrent follows the session's goal, has its own, or none. */
export type GoalMode = "session" | "own" | "none";

/** Of one torrent. */
export interface TorrentSettings {
  readonly downloadLimit: number;
  readonly downloadLimited: boolean;
  readonly uploadLimit: number;
  readonly uploadLimited: boolean;
  /** The session's limits hold too. */
  readonly honorsSession: boolean;
  /** Who comes first when limits are shared. */
  readonly bandwidth: "low" | "normal" | "high";
  readonly peerLimit: number;
  readonly ratioMode: GoalMode;
  readonly ratio: number;
  /** Minutes of seeding without a byte sent. */
  readonly idleMode: GoalMode;
  readonly idleMinutes: number;
  /** Minutes of seeding in all. */
  readonly timeMode: GoalMode;
  readonly timeMinutes: number;
  readonly labels: readonly string[];
  readonly sequential: boolean;
  readonly firstLast: boolean;
  /** Bytes to download at most, all runs together; 0: no budget. */
  readonly maxTotal: number;
}

/** Changes to files: numbers from 0 without padding files; empty: all of them. */
export interface FilePatch {
  readonly files: readonly number[];
  readonly priority: FilePriority;
}

/** What may be changed of a torrent; everything else stays. */
export interface TorrentPatch extends Partial<TorrentSettings> {
  /** In order. */
  readonly filePriorities?: readonly FilePatch[];
  /** Announce URLs in tiers, instead of those it has. */
  readonly trackers?: readonly (readonly string[])[];
  readonly addTrackers?: readonly string[];
  /** Numbers of trackers, as in `TrackerView`. */
  readonly removeTrackers?: readonly number[];
  readonly replaceTrackers?: readonly { readonly id: number; readonly url: string }[];
  readonly position?: number;
}

/** When alternative limits hold by themselves. */
export interface Schedule {
  readonly enabled: boolean;
  /** Minutes after midnight, local time; an end before the beginning is on the next day. */
  readonly begin: number;
  readonly end: number;
  /** Bit 0 Sunday, bit 6 Saturday. */
  readonly days: number;
}

/** Of the manager as a whole. */
export interface SessionSettings {
  readonly downloadLimit: number;
  readonly downloadLimited: boolean;
  readonly uploadLimit: number;
  readonly uploadLimited: boolean;
  readonly altDownloadLimit: number;
  readonly altUploadLimit: number;
  readonly altEnabled: boolean;
  readonly schedule: Schedule;
  readonly downloadQueueEnabled: boolean;
  readonly downloadQueueSize: number;
  readonly seedQueueEnabled: boolean;
  readonly seedQueueSize: number;
  /** A torrent without a byte for so long does not hold a place. */
  readonly stalledEnabled: boolean;
  readonly stalledMinutes: number;
  readonly ratioEnabled: boolean;
  readonly ratio: number;
  readonly idleEnabled: boolean;
  readonly idleMinutes: number;
  readonly timeEnabled: boolean;
  readonly timeMinutes: number;
  readonly startAdded: boolean;
  /** Torrent files of the watch folder are deleted once added, not moved. */
  readonly trashTorrents: boolean;
  /** Below the download folder, with `/`: where new torrents go. */
  readonly location: string;
  readonly peerLimitGlobal: number;
  readonly peerLimitTorrent: number;
  readonly dht: boolean;
  readonly pex: boolean;
  readonly lsd: boolean;
  /** The router is asked to open our port. */
  readonly portMapping: boolean;
  readonly utp: boolean;
  readonly encryption: EncryptionPolicy;
  readonly filterEnabled: boolean;
  readonly filterUrl: string;
  /** Bytes to download at most: in all runs, per day, per month (local time); 0: no budget. */
  readonly maxTotal: number;
  readonly maxDay: number;
  readonly maxMonth: number;
  /** Bytes that must stay free. */
  readonly reserve: number;
}

/** What may be changed of the manager; everything else stays. */
export type SessionPatch = Partial<SessionSettings>;
