import type { Check } from "./check.ts";
import type { Checker } from "./programs/checkers.ts";
import type { Creator } from "./programs/creators.ts";
import type { Downloader } from "./programs/downloaders.ts";
import type { MetadataFetcher } from "./programs/metadata_fetchers.ts";
import type { Program } from "./programs/program.ts";
import type { SeederProgram } from "./programs/seeders.ts";
import type { WebDownloader } from "./programs/web_downloaders.ts";

/** What a torrent holds: bytes that do not repeat. */
export type Payload =
  | { readonly kind: "file"; readonly bytes: number }
  /** A folder of files whose sizes lie between nothing and twice the mean, the same for the same seed. */
  | {
    readonly kind: "files";
    readonly count: number;
    readonly meanBytes: number;
    readonly seed: number;
  };

/** A way to the seeders on which each connection has `bytesPerSecond` to itself. */
export interface LongLink {
  readonly rttMilliseconds: number;
  readonly bytesPerSecond: number;
}

/** Over what peers speak: plainly over TCP, over uTP, over TCP encrypted to the last byte. */
export type Way = "tcp" | "utp" | "rc4";

/** Downloaders in turn from libtorrent seeders. */
export interface DownloadWork {
  readonly kind: "download";
  readonly payload: Payload;
  /** A power of two. */
  readonly pieceLength: number;
  /** A torrent of version 2 (BEP 52); by default of version 1. */
  readonly v2?: boolean;
  readonly seeders: number;
  /** What all speak, and nothing else. */
  readonly transport: Way;
  /** Null: loopback as it is. */
  readonly link: LongLink | null;
  /** A download is cut off then, and counts for what it got; null: it is to finish. */
  readonly cutSeconds: number | null;
  readonly programs: readonly Downloader[];
}

/** Downloaders in turn from one web server (BEP 19), which alone has the torrent. */
export interface WebseedWork {
  readonly kind: "webseed";
  readonly payload: Payload;
  readonly pieceLength: number;
  readonly programs: readonly WebDownloader[];
}

/** Seeders in turn, libtorrent downloads; with several leechers, each from the seeder only. */
export interface SeedWork {
  readonly kind: "seed";
  readonly payload: Payload;
  readonly pieceLength: number;
  readonly leechers: number;
  readonly programs: readonly SeederProgram[];
}

/** Hashing what is on disk against a torrent; beside it SHA-1 alone, in memory on all cores. */
export interface RecheckWork {
  readonly kind: "recheck";
  readonly payload: Payload;
  readonly pieceLength: number;
  readonly programs: readonly Checker[];
}

/** Making a torrent of a file. */
export interface CreateWork {
  readonly kind: "create";
  readonly payload: Payload;
  readonly pieceLength: number;
  readonly programs: readonly Creator[];
}

/** From the start of the command to the first `request` that a peer hears. */
export interface StartWork {
  readonly kind: "start";
  readonly programs: readonly Downloader[];
}

/** The metadata of a magnet link from one libtorrent seeder. */
export interface MetadataWork {
  readonly kind: "metadata";
  /** Of the info dictionary, at least. */
  readonly bytes: number;
  readonly programs: readonly MetadataFetcher[];
}

/** A large sparse file of which little is missing, from one libtorrent seeder. */
export interface SparseWork {
  readonly kind: "sparse";
  readonly bytes: number;
  /** Divides `bytes`. */
  readonly pieceLength: number;
  /** One piece of so many has data, the others are zeros. */
  readonly dataEvery: number;
  readonly programs: readonly Downloader[];
}

/** Many connections of which few send; then none does. */
export interface CrowdWork {
  readonly kind: "crowd";
  /** tm takes no more than 80 peers for one torrent. */
  readonly torrents: number;
  readonly peersPerTorrent: number;
  /** Of all torrents together, the same number for each. */
  readonly active: number;
  readonly programs: readonly Downloader[];
}

/** tm under a limit, with libtorrent at the other end. */
export interface LimitWork {
  readonly kind: "limit";
  readonly direction: "down" | "up";
  readonly bytesPerSecond: number;
  readonly peers: number;
  readonly payload: Payload;
  readonly pieceLength: number;
  readonly programs: readonly Program[];
}

/** tm from tm over uTP, on a line that a TCP connection of the system uses too. */
export interface ShareWork {
  readonly kind: "share";
  readonly bytesPerSecond: number;
  /** How long what waits at the line takes when its queue is full. */
  readonly queueMilliseconds: number;
  readonly programs: readonly Program[];
}

/** A manager with many small torrents that are complete, and some large ones that are downloaded in the end. */
export interface ManagerWork {
  readonly kind: "manager";
  readonly torrents: number;
  readonly programs: readonly Program[];
}

/** The web page of a manager of so many torrents that all move, and then of as many rows as it is filled up to. */
export interface PageWork {
  readonly kind: "page";
  readonly moving: number;
  readonly rows: number;
  readonly programs: readonly Program[];
}

/** What pages cost a manager of so many torrents, of which some move. */
export interface PageCostWork {
  readonly kind: "page-cost";
  readonly torrents: number;
  readonly moving: number;
  readonly programs: readonly Program[];
}

/** Kind, and what that kind needs to know. */
export type Work =
  | DownloadWork
  | WebseedWork
  | SeedWork
  | RecheckWork
  | CreateWork
  | StartWork
  | MetadataWork
  | SparseWork
  | CrowdWork
  | LimitWork
  | ShareWork
  | ManagerWork
  | PageWork
  | PageCostWork;

/** What a run of the bench does. */
export interface Scenario {
  readonly name: string;
  /** One line for the tables. */
  readonly title: string;
  /** The programs take turns in each round. */
  readonly rounds: number;
  readonly work: Work;
  /** The program that ratios compare with; null: none. */
  readonly baseline: string | null;
  /** What the project demands of itself here. */
  readonly checks: readonly Check[];
}
