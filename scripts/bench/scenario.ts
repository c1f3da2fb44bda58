import type { Check } from "./check.ts";
import type { Downloader } from "./programs/downloaders.ts";
import type { SeederProgram } from "./programs/seeders.ts";

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

/** Downloaders in turn from libtorrent seeders. */
export interface DownloadWork {
  readonly kind: "download";
  readonly payload: Payload;
  /** A power of two. */
  readonly pieceLength: number;
  readonly seeders: number;
  readonly programs: readonly Downloader[];
}

/** Seeders in turn, libtorrent downloads; with several leechers, each from the seeder only. */
export interface SeedWork {
  readonly kind: "seed";
  readonly payload: Payload;
  readonly pieceLength: number;
  readonly leechers: number;
  readonly programs: readonly SeederProgram[];
}

/** From the start of the command to the first `request` that a peer hears. */
export interface StartWork {
  readonly kind: "start";
  readonly programs: readonly Downloader[];
}

/** Kind, and what that kind needs to know. */
export type Work = DownloadWork | SeedWork | StartWork;

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
