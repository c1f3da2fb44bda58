/** Hashing jobs that need no swarm: what a front end asks and what it is told. */
import type { Bytes } from "../base/mod.ts";
import type { TorrentVersion } from "../metainfo/mod.ts";

/** How far hashing has come, in bytes. */
export interface HashProgress {
  readonly checked: number;
  readonly size: number;
}

/** Which files to hash against which torrent. */
export interface VerifyRequest {
  /** Absolute real path of the download folder. */
  readonly folder: string;
  readonly torrent: Bytes;
  /** Another name of the torrent's file or folder (`-o`). */
  readonly name?: string;
}

/** One file of a torrent compared with the disk; sizes are bytes. Padding files are left out. */
export interface VerifiedFile {
  /** Below the download folder, with `/`. */
  readonly path: string;
  readonly length: number;
  /** Length on disk, null when there is no such file. */
  readonly size: number | null;
  /** Bytes that lie in pieces whose hash is right. */
  readonly good: number;
  /** A download that is remembered here wants it; true when none is. */
  readonly chosen: boolean;
}

/** The result of hashing a torrent's files. */
export interface VerifyReport {
  readonly files: readonly VerifiedFile[];
  readonly pieces: number;
  readonly goodPieces: number;
}

/** The torrent to make. */
export interface CreateRequest {
  /** Absolute real path of a file or folder. */
  readonly path: string;
  /** The torrent's name; not given: the last component of the path. */
  readonly name?: string;
  /** Files whose names tm would write in another way are left out: under those names they are not here to be served. */
  readonly safeNames?: boolean;
  /** By default v1. */
  readonly version?: TorrentVersion;
  /** Bytes of a piece, a power of two; null to choose by size. */
  readonly pieceLength: number | null;
  /** Announce URLs in tiers (BEP 12). */
  readonly trackers: readonly (readonly string[])[];
  readonly webseeds: readonly string[];
  readonly isPrivate: boolean;
  readonly comment: string | null;
  readonly createdBy: string;
  /** Seconds since 1970. */
  readonly creationDate: number;
}

/** The bytes of the new torrent file, and the paths that were left out with why. */
export interface CreateReport {
  readonly torrent: Bytes;
  readonly skipped: readonly string[];
  /** When the first file was looked at, milliseconds since 1970. */
  readonly hashedAt: number;
}
