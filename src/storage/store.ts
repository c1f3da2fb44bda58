import type { Bitfield, Bytes } from "../base/mod.ts";
import type { Geometry, TorrentFile } from "../metainfo/mod.ts";
import type { PieceHashes } from "./piece_verifier.ts";

/** A file of a torrent as it is kept. */
export interface StoredFile extends TorrentFile {
  /** False: nobody wants it, only what its neighbours' pieces hold of it is kept. */
  readonly wanted?: boolean;
  /**
   * Nobody wants it, and what its neighbours' pieces hold of it lies below tm's own folder: it is made when there is
   * something to put into it, and only as long as it has to be. What stands at `path` is not ours.
   */
  readonly apart?: boolean;
}

/** Which files are wanted, and where the others lie; a value for each file of the layout. */
export interface Arrangement {
  readonly wanted: readonly boolean[];
  /** Only files that are not wanted. */
  readonly apart: readonly boolean[];
  /** Only says what would come of it. */
  readonly look?: boolean;
}

/** Where files lie now. */
export interface Arranged {
  readonly apart: readonly boolean[];
  /** Wanted files where something stood already, none of it put there by us as far as is known. */
  readonly met: readonly number[];
}

/** What a store has to know of a torrent; all of it comes from the metainfo. */
export interface TorrentLayout extends PieceHashes {
  /** In order, as their pieces lie. Paths begin with the torrent's name and are checked again here. */
  readonly files: readonly StoredFile[];
  readonly geometry: Geometry;
  /** Name of the folder, below tm's own, for what lies apart; not given: nothing does. */
  readonly parts?: string;
}

/** How a torrent's files are treated. */
export interface OpenOptions {
  /** Files that stand there and are too long are cut instead of refused (`exists`). */
  readonly overwrite: boolean;
  /** The first write fills every file with zeros to its full length, so that the space is ours. */
  readonly preallocate: boolean;
}

/** What stands where one file of the layout belongs; padding files never exist. */
export interface FileState {
  readonly exists: boolean;
  /** Bytes; 0 when missing. */
  readonly size: number;
  /** Milliseconds since 1970, null when missing or not told. */
  readonly mtimeMs: number | null;
}

/** One {@linkcode FileState} per file of the layout, in its order. */
export interface Inspection {
  readonly files: readonly FileState[];
}

/** Room on the disk, in bytes. */
export interface Space {
  /** Still to be taken from the disk until every file is whole; holes of sparse files count. */
  readonly needed: number;
  /** What the file system would give, null when the platform does not tell. */
  readonly free: number | null;
}

/** Hears how a check goes on: bytes gone through since it began, and pieces since the last call. */
export type CheckProgress = (checkedBytes: number, good: number[], bad: number[]) => void;

/** One torrent's data. Every method rejects with `StorageError`, after `close` too. */
export interface TorrentStore {
  /**
   * Writes a whole piece. The memory behind `buffer` is taken away until the promise settles: it
   * resolves with the same memory (same offset and length); a rejection is a `DiskError` that has
   * it as `buffer` (null when the worker died with it). Written is not yet safe from a power cut: see `sync`.
   */
  write(piece: number, buffer: Bytes): Promise<Bytes>;
  /**
   * `length` bytes of a piece from `offset` in it, not verified. `into` is memory to use when it is
   * large enough (it is taken away). A missing or short file rejects with `missing`.
   */
  read(piece: number, offset: number, length: number, into?: ArrayBuffer): Promise<Bytes>;
  /**
   * Hashes what is on disk and resolves with those of `pieces` that are good. What is missing or
   * cannot be read counts as bad. Rejects with the signal's reason when aborted. One check runs at a time; others wait.
   */
  check(
    pieces: "all" | Bitfield,
    onProgress?: CheckProgress,
    signal?: AbortSignal,
  ): Promise<Bitfield>;
  /** Resolves when everything written before the call is safe from a power cut (fdatasync). */
  sync(): Promise<void>;
  /**
   * Files are wanted, or no more: what lay apart of one that is wanted moves to its own path; one that is not lies apart
   * unless it stands at its path already. What is `met` is left there: the caller hashes it, then calls
   * {@linkcode tidy}.
   */
  arrange(to: Arrangement): Promise<Arranged>;
  /** What was met is taken for the torrent's: what lay apart of it is removed. */
  tidy(): Promise<void>;
  /** Call when every wanted piece is good: makes the empty files, and cuts files that are too long. */
  finish(): Promise<void>;
  /** What stands on the disk. Rejects when a link, a folder or something in between is in the way. */
  inspect(): Promise<Inspection>;
  /**
   * Paths of files that hold something else, which a download would destroy: too long, or neither
   * empty nor zeros and without one good piece that lies wholly inside (where none does: of another
   * size). Files that a piece of `known` (good or begun in an earlier run) touches are ours.
   */
  conflicts(good: Bitfield, known: Bitfield): Promise<string[]>;
  /** Room needed and free. */
  space(): Promise<Space>;
  /** Ends a check that runs and closes the files. Safe to call twice. */
  close(): Promise<void>;
}
