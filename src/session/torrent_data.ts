/** Where the bytes of torrents come from and go to, as a torrent and its session see it. */
import type { Bitfield, Bytes, InfoHash, Millis } from "../base/mod.ts";
import type { FileChoice, FilePriority, Geometry, Metainfo } from "../metainfo/mod.ts";
import type { Picker, Store, Swarm } from "../swarm/mod.ts";
import type { AddOptions } from "./api.ts";

/** What is there of a torrent when it starts. */
export interface OpenedData {
  /** Pieces that are there, verified in this run or recorded by an earlier one. */
  readonly have: Bitfield;
  /** Payload of earlier runs, in bytes. */
  readonly before: { readonly downloaded: number; readonly uploaded: number };
}

/** Hashing: bytes gone through, bytes known good so far, bytes to go through in all. */
export type Checking = (checked: number, done: number, size: number) => void;

/**
 * Whom the data goes to: `taking` it as it comes, `busy` with what it has, or so far `behind` that hardly anything is
 * asked of peers.
 */
export type Reader = "taking" | "busy" | "behind";

/** The data of one torrent. Its methods reject with `StorageError` unless they say otherwise. */
export interface TorrentData {
  /** The order pieces must come in, null for any. */
  readonly picker: Picker | null;
  /** Pieces that are here stay here, so they can be promised to peers. */
  readonly lasting: boolean;
  readonly reader: Reader;
  /** Takes hold of it and finds out what is there; also with `IncompleteError` when it should be whole and is not. */
  open(signal: AbortSignal, checking: Checking): Promise<OpenedData>;
  /**
   * The swarm's store, once, after {@linkcode open}. `swarm` gives the swarm that will hear of its pieces; `failed`
   * hears what ends the torrent.
   */
  start(swarm: () => Swarm, failed: (error: unknown) => void): Store;
  /**
   * Other files are wanted from here on, or some are no more. Rejects with `StorageError`, and nothing has changed, when
   * what is wanted now cannot be put where it belongs; with `UsageError` where the choice is made once.
   */
  choose(choice: FileChoice): Promise<void>;
  /** Time passes. */
  tick(now: Millis): void;
  /** Every piece is here: resolves when all of it is where it belongs. */
  finish(): Promise<void>;
  /** The swarm is closed: keeps what can be kept until `deadline`; never rejects. Bytes are those of all runs. */
  settle(
    deadline: number,
    counters: { readonly downloaded: number; readonly uploaded: number },
  ): Promise<void>;
  /** Gives everything back, whether it was opened or not. */
  close(): Promise<void>;
}

/** What the torrents of a session have in common: a folder, or one stream. */
export interface DataPlace {
  /**
   * The data of a torrent of which `choice` is wanted, not opened yet. `pending` is told how the bytes on their way through hash and disk change.
   * Throws `UsageError` when it cannot be had here.
   */
  of(
    metainfo: Metainfo,
    geometry: Geometry,
    choice: FileChoice,
    options: AddOptions,
    pending: (delta: number) => void,
  ): TorrentData;
  /** DHT nodes of an earlier run, as `host:port`. */
  loadNodes(): readonly string[];
  /** Keeps DHT nodes for the next run, where anything is kept. */
  saveNodes(endpoints: readonly string[]): void;
  /** How an earlier run left the priorities of a torrent's files; null: none did. */
  keptPriorities(infoHash: InfoHash, fileCount: number): readonly FilePriority[] | null;
  /** The torrent file that an earlier run kept, unchecked; null: none. */
  remembered(infoHash: InfoHash): Bytes | null;
  /** Writes a torrent's file beside its data, as `name`.torrent. Throws `StorageError`. */
  saveTorrent(name: string, torrent: Bytes): void;
  /** Ends it, waiting no longer than `ms`. */
  close(ms: number): Promise<void>;
}
