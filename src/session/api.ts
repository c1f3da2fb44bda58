/** What a front end says to the engine and hears from it. All of it can be posted between threads and printed as JSON. */
import type { AddressRanges, Bytes, InfoHash, TrackerFault } from "../base/mod.ts";
import type { EncryptionPolicy } from "./encryption_policy.ts";
import type { FilePriority, FileRules, Magnet } from "../metainfo/mod.ts";
import type { MappingEvent, WayOptions } from "./mapping_api.ts";
import type { Waiting } from "./why/waiting.ts";

export type { FilePriority, FilePriorityChange, FileRules, FileSelector } from "../metainfo/mod.ts";
export type { MappingEvent, PortMappingChoice, WayOptions } from "./mapping_api.ts";
export type { DialFault } from "./dial_faults.ts";
export type { EncryptionPolicy } from "./encryption_policy.ts";
export type { ExactSourceFault } from "./exact_sources.ts";
export type { ExactSourceFailure } from "./why/exact_source_causes.ts";
export type { WebseedFailure } from "./why/webseed_causes.ts";
export type { Cause, CauseCode, CauseOf, NoValues, Portion, TrackerFailure } from "./why/cause.ts";
export type {
  DhtNote,
  SourceNote,
  Stage,
  TrackerNote,
  Tried,
  Waiting,
  WebseedNote,
} from "./why/waiting.ts";

/** Bytes a second; 0 is no limit. */
export interface Limits {
  /** Of everything read from peers. */
  readonly downloadLimit: number;
  /** Of the blocks sent to peers. */
  readonly uploadLimit: number;
}

/** What all torrents together may use. */
export interface SessionLimits extends Limits {
  /** Connections, those that are being made included. */
  readonly peerLimit: number;
  /**
   * Bytes of payload that may still be downloaded, of use or not; Infinity by default. Torrents that are not complete
   * by then end with the reason `budget`.
   */
  readonly budget: number;
}

/** Who comes first where a limit of all torrents together is shared. */
export type Bandwidth = "low" | "normal" | "high";

/** What one torrent may use. */
export interface TorrentLimits extends SessionLimits {
  /** `normal` by default. */
  readonly bandwidth: Bandwidth;
  /** Speed limits of all torrents together hold for it too; by default true. */
  readonly honorsSession: boolean;
}

/** How the DHT is entered. */
export interface DhtChoice {
  /** `host:port` of nodes named by the user; they may be on private addresses. */
  readonly nodes: readonly string[];
  /** `host:port` of nodes that everybody knows, asked while nobody else answers; may be none. */
  readonly entryPoints: readonly string[];
}

/** How the engine runs; but for the limits, which are for all torrents together, fixed for its life. Times in seconds. */
export interface EngineOptions
  extends Limits, Partial<Pick<SessionLimits, "peerLimit" | "budget">>, WayOptions {
  /**
   * Absolute real path of the download folder, which exists. Null: nothing is kept, the one torrent leaves through a
   * {@linkcode StreamSink} as its pieces come.
   */
  readonly folder: string | null;
  /**
   * Absolute real path of the one file or folder in `folder` that is served and only read. Nothing is kept in the
   * folder then, nor locked. Not given: all of `folder` is used.
   */
  readonly served?: string;
  /** First port to listen on (0: any; null: do not listen). A busy one makes it try the next nine. */
  readonly listenPort: number | null;
  /** Seconds for a connection and its handshake. */
  readonly connectTimeout: number;
  /** Seconds without any data, peer or tracker before a download counts as stalled; 0 is never. */
  readonly stallTimeout: number;
  /** Seconds after which the metadata of a magnet link must be here, or it ends as stalled; 0 is never. */
  readonly metadataTimeout: number;
  /** Seconds without anything useful after which a download says why it waits, and looks again. */
  readonly waitPatience: number;
  /** Seconds between `progress` events of each torrent. */
  readonly progressInterval: number;
  /** How to take part in the DHT, for torrents that are not private; null: not at all. */
  readonly dht: DhtChoice | null;
  /** Learn peers from peers and tell them ours (BEP 11), but in private torrents; by default true. */
  readonly peerExchange?: boolean;
  /** Find peers in our own network and be found there, by multicast (BEP 14), but for private torrents; by default false. */
  readonly localDiscovery?: boolean;
  /** Connect and be connected to over TCP; by default true. One of it and uTP is needed. */
  readonly tcp?: boolean;
  /** The same over uTP (BEP 29); by default true. */
  readonly utp?: boolean;
  /** Whether connections are encrypted; by default `prefer`. */
  readonly encryption?: EncryptionPolicy;
  /** Use IPv6; by default true. */
  readonly ipv6?: boolean;
  /** Addresses of peers and DHT nodes to keep away; by default none. */
  readonly ipFilter?: AddressRanges | null;
  /** Send `piece` and `peer` events, of which there can be thousands a second. */
  readonly verbose: boolean;
  /** False: web servers that torrents name are not asked (those that the user names are). */
  readonly webseeds?: boolean;
}

/**
 * Another last component for a file or folder of a torrent; `path` is where it is by then, with `/`, the torrent's own
 * name first.
 */
export interface Rename {
  readonly path: string;
  /** One safe component. */
  readonly name: string;
}

/** How one torrent runs. Limits that are not given are none; those of the engine hold besides. */
export interface AddOptions extends Partial<TorrentLimits>, FileRules {
  /** Another name for the file or folder (`-o`); one safe component. */
  readonly name?: string;
  /** The folder the files lie in, as safe components below the download folder; by default that folder. */
  readonly location?: readonly string[];
  /** Other names for files and folders, one after another; see {@linkcode Rename}. */
  readonly renames?: readonly Rename[];
  /**
   * The torrent file is one that was kept here under this hash: a hybrid is known by it (by default by that of v1), and
   * may lack its piece layers (BEP 52).
   */
  readonly knownAs?: InfoHash;
  /** Announce URLs in tiers (BEP 12), instead of the torrent's. */
  readonly trackers?: readonly (readonly string[])[];
  /** Only finds out what is on disk: a `checked` event, and it is over. */
  readonly checkOnly?: boolean;
  /** `host:port` of peers named by the user; they may be on private addresses. */
  readonly peers?: readonly string[];
  /** The user typed the magnet link: its `xs` may be a torrent file on a private address; by default it may not. */
  readonly typed?: boolean;
  /** Web servers named by the user (BEP 19); they may be on private addresses. */
  readonly webseeds?: readonly string[];
  /** Hash everything that is on disk before anything else. */
  readonly check?: boolean;
  /** Existing files that hold something else may be overwritten. */
  readonly overwrite?: boolean;
  /** Bytes to be left free on the disk beside what is downloaded, or it does not start; by default none. */
  readonly reserve?: number;
  /** Write zeros over the whole length first, so that the space is ours. */
  readonly preallocate?: boolean;
  /** Pieces in their order, for a player that reads the file while it grows. */
  readonly sequential?: boolean;
  /** The first and the last pieces of each file before all others, for a player that looks at both. */
  readonly firstLast?: boolean;
  /** What to do when it is complete: `seed: null` stops at once; otherwise seeds until minutes or ratio are reached (both null: for ever). */
  readonly seed: null | { readonly minutes: number | null; readonly ratio: number | null };
  /** When complete, show peers one piece after another until the swarm has its own copies (BEP 16). */
  readonly superSeed?: boolean;
  /** Never download: only what is on disk is served (`tm seed`); an incomplete torrent is an error. */
  readonly seedOnly?: boolean;
  /** Where an earlier run left priorities of files, those hold in place of `select` and `exclude`. */
  readonly keepPriorities?: boolean;
  /** Keep the torrent file in the folder's state: it came from peers, and need not do so again. */
  readonly remember?: boolean;
  /** Write the torrent file into the folder, beside the data. */
  readonly saveTorrent?: boolean;
  /**
   * All files were hashed for this torrent since then, milliseconds since 1970: what was not changed after it is
   * believed without a record.
   */
  readonly hashedAt?: number;
}

/**
 * What a torrent is doing; `metadata`: of a magnet link only that is known, and peers are asked for the rest;
 * `slow-reader`: a stream whose reader has not taken what is there.
 */
export type TorrentState =
  | "metadata"
  | "checking"
  | "downloading"
  | "slow-reader"
  | "seeding"
  | "stopped";

/** Why a torrent ended without being complete; each has an exit code of its own (`cli/exit_codes.ts`). */
export type FailureReason =
  | "stalled"
  | "disk-full"
  | "file-exists"
  | "cannot-create"
  | "cannot-open"
  | "locked"
  | "incomplete"
  | "bad-torrent"
  | "denied"
  | "budget"
  | "reader-gone"
  | "other";

/** In which order pieces come; what is not given stays. */
export interface PieceOrder {
  readonly sequential?: boolean;
  readonly firstLast?: boolean;
}

/** One file of a torrent, and how far it is. */
export interface FileProgress {
  /** In the torrent's order from 0, padding counted (BEP 53). */
  readonly index: number;
  /** As the torrent has it, its own name first, with `/`. */
  readonly path: string;
  /** Bytes, and how many of them are verified. */
  readonly length: number;
  readonly done: number;
  readonly priority: FilePriority;
}

/** Everything the engine reports. `torrent` is the info hash in hexadecimal; sizes are bytes, times seconds. */
export type EngineEvent =
  /** The engine listens (`port` null: not at all). */
  | { readonly type: "listening"; readonly port: number | null }
  | {
    readonly type: "added";
    readonly torrent: string;
    readonly name: string;
    readonly size: number;
    readonly files: number;
    readonly pieces: number;
    readonly pieceLength: number;
    readonly private: boolean;
  }
  /** The metadata of a magnet link is here, `size` bytes, after `seconds`; `added` follows. */
  | {
    readonly type: "metadata";
    readonly torrent: string;
    readonly size: number;
    readonly seconds: number;
  }
  /** Hashing what is on disk: `checked` of `size` bytes read, `done` of them good. */
  | {
    readonly type: "checking";
    readonly torrent: string;
    readonly checked: number;
    readonly done: number;
    readonly size: number;
  }
  /** What is on disk is known, `done` of the `size` bytes that are wanted; of a torrent that does nothing more. */
  | {
    readonly type: "checked";
    readonly torrent: string;
    readonly done: number;
    readonly size: number;
  }
  | {
    readonly type: "progress";
    readonly torrent: string;
    readonly state: TorrentState;
    /** Bytes verified, and on disk unless it is a stream; in the state `metadata` those of the metadata that came. */
    readonly done: number;
    readonly size: number;
    /** Bytes a second of payload, of late. */
    readonly downRate: number;
    readonly upRate: number;
    /** Payload bytes in this run. */
    readonly downloaded: number;
    readonly uploaded: number;
    /** Peers connected, of them seeds, and peers known of. */
    readonly peers: number;
    readonly seeds: number;
    readonly known: number;
    /** Web servers that serve us. */
    readonly webseeds: number;
    /** Seconds left at the present speed, null when it cannot be told. */
    readonly eta: number | null;
  }
  | {
    readonly type: "piece";
    readonly torrent: string;
    readonly piece: number;
    readonly done: number;
  }
  | {
    readonly type: "peer";
    readonly torrent: string;
    readonly peer: string;
    readonly action: "connected" | "disconnected" | "banned";
    readonly client: string | null;
    readonly reason: string | null;
  }
  | {
    readonly type: "tracker";
    readonly torrent: string;
    readonly url: string;
    readonly ok: boolean;
    readonly peers: number;
    readonly seeders: number | null;
    readonly leechers: number | null;
    /** Failure reason, warning message or transport error. */
    readonly message: string | null;
    /** Null: it answered. */
    readonly fault: TrackerFault | null;
    /** Seconds until the next announce. */
    readonly next: number;
  }
  | MappingEvent
  /** A search by the DHT is over. */
  | {
    readonly type: "dht";
    readonly torrent: string;
    /** Nodes we know, and of those asked how many answered. */
    readonly nodes: number;
    readonly answered: number;
    /** Peers that they named. */
    readonly peers: number;
    /** Nodes that were told of us. */
    readonly announced: number;
    /** Seconds until the next search. */
    readonly next: number;
  }
  /**
   * A file in a folder that a manager watches was dealt with; `duplicate`: its torrent was there, `failed`: it is none,
   * `left`: it stays as it is, for the reason in `message`.
   */
  | {
    readonly type: "watched";
    /** Null when it was not added. */
    readonly torrent: string | null;
    readonly path: string;
    /** Of the torrent. */
    readonly name: string | null;
    readonly outcome: "added" | "duplicate" | "failed" | "left";
    readonly message: string | null;
  }
  /** A web server began to serve, failed, or was sent away for wrong data. */
  | {
    readonly type: "webseed";
    readonly torrent: string;
    readonly url: string;
    readonly action: "serves" | "failed" | "banned";
    readonly message: string | null;
    /** Seconds until it is asked again, for what it has; null: never. */
    readonly next: number | null;
  }
  | { readonly type: "warning"; readonly torrent: string | null; readonly message: string }
  /** The torrent ended without its goal; what was verified is kept. `missing`: bytes of disk space. */
  | {
    readonly type: "error";
    readonly torrent: string | null;
    readonly reason: FailureReason;
    readonly message: string;
    readonly path: string | null;
    readonly missing: number | null;
    /** Why it waited, where the reason is `stalled`. */
    readonly waiting?: Waiting;
  }
  /** Nothing useful has moved for a while, and this is why; again when the stage or the first cause changes, and every minute. */
  | { readonly type: "waiting"; readonly torrent: string } & Waiting
  /** Something moves again, after a `waiting`; it had waited for `seconds`. */
  | { readonly type: "moving"; readonly torrent: string; readonly seconds: number }
  /** Every byte is verified and on disk, or taken by the stream's reader; seeding may follow. `seconds` since it was added, `downloaded` in this run. */
  | {
    readonly type: "done";
    readonly torrent: string;
    readonly name: string;
    readonly size: number;
    readonly downloaded: number;
    readonly seconds: number;
  }
  /** Nothing more to do for this torrent: complete and the seeding goal reached. */
  | { readonly type: "finished"; readonly torrent: string; readonly uploaded: number };

/** Where a stream goes. */
export interface StreamSink {
  /**
   * Writes a chunk after all earlier ones. Its memory is taken away until the promise settles: it resolves with the
   * same memory once the reader has taken all of it. Rejects with `Deno.errors.BrokenPipe`, or an error of that name,
   * when nobody reads any more.
   */
  write(chunk: Bytes): Promise<Bytes>;
}

/** The engine as a front end sees it: in this thread, or behind a worker. */
export interface Engine {
  /**
   * Starts a torrent given as the bytes of its file, or as a magnet link, whose metadata comes from peers; resolves
   * with its info hash in hexadecimal. Rejects with `MetainfoError`, `BencodeError`.
   */
  add(torrent: Bytes | Magnet, options: AddOptions): Promise<string>;
  /**
   * Fetches the metadata of a magnet link and nothing else; resolves with the bytes of the torrent file. Events as of
   * any torrent; rejects when it ends without, after its `error`, and when the session stops.
   */
  metadata(magnet: Magnet, options: Pick<AddOptions, "peers" | "typed">): Promise<Bytes>;
  /** Stops gently: state is saved and trackers are told, within `graceMs`. Safe to call twice. */
  stop(graceMs: number): Promise<void>;
}
