import { type Bitfield, type Millis, toHex, UsageError } from "../base/mod.ts";
import { type FileChoice, type Geometry, hashesOf, type Metainfo } from "../metainfo/mod.ts";
import type { DiskClient, StateDb, TorrentLock, TorrentStore } from "../storage/mod.ts";
import type { Store, Swarm } from "../swarm/mod.ts";
import type { AddOptions } from "./api.ts";
import type { FilePlacing } from "./file_placing.ts";
import { openData } from "./open_data.ts";
import { PieceRecord } from "./piece_record.ts";
import { PieceStore } from "./piece_store.ts";
import { takeLock } from "./take_lock.ts";
import type { Checking, OpenedData, TorrentData } from "./torrent_data.ts";
import { within } from "./within.ts";

/** Waiting for the disk at the end; what is not synced by then is hashed again at the next start. */
const MOST_SYNC_MS = 1000;

/** What the torrents in one folder share. */
export interface FolderContext {
  /** Absolute real path of the download folder. */
  readonly folder: string;
  /** A manager has all of the folder: torrents need no locks of their own. */
  readonly managed: boolean;
  /** Nothing is written, nothing is locked. */
  readonly readOnly: boolean;
  readonly disk: DiskClient;
  readonly state: StateDb;
  readonly now: () => Millis;
}

/** A torrent's files in the download folder, with its lock and its record. */
export class FolderData implements TorrentData {
  readonly picker = null;
  readonly lasting = true;
  readonly reader = "taking";
  readonly #context: FolderContext;
  readonly #metainfo: Metainfo;
  readonly #geometry: Geometry;
  readonly #choice: FileChoice;
  readonly #options: AddOptions;
  readonly #pending: (delta: number) => void;
  #lock: TorrentLock | null = null;
  #disk: TorrentStore | null = null;
  #found: { readonly have: Bitfield; readonly intent: Bitfield } | null = null;
  #placing: FilePlacing | null = null;
  #store: PieceStore | null = null;
  #record: PieceRecord | null = null;
  #failed: (error: unknown) => void = () => {};

  constructor(
    context: FolderContext,
    metainfo: Metainfo,
    geometry: Geometry,
    choice: FileChoice,
    options: AddOptions,
    pending: (delta: number) => void,
  ) {
    this.#context = context;
    this.#metainfo = metainfo;
    this.#geometry = geometry;
    this.#choice = choice;
    this.#options = options;
    this.#pending = pending;
  }

  async open(signal: AbortSignal, checking: Checking): Promise<OpenedData> {
    const { folder, readOnly, disk, state } = this.#context;
    if (!readOnly) {
      this.#lock = takeLock(folder, toHex(this.#metainfo.infoHash), {
        seedOnly: this.#options.seedOnly ?? false,
        managed: this.#context.managed,
      });
    }
    const { have, intent, before } = await openData({
      folder,
      disk,
      state,
      metainfo: this.#metainfo,
      options: this.#options,
      geometry: this.#geometry,
      choice: this.#choice,
      readOnly,
      signal,
      opened: (store, placing) => {
        this.#disk = store;
        this.#placing = placing;
      },
      checking,
    });
    this.#found = { have, intent };
    // who goes on saves it when it begins
    if (this.#options.checkOnly) this.#recordOf(have, intent);
    return { have, before };
  }

  start(swarm: () => Swarm, failed: (error: unknown) => void): Store {
    const { now } = this.#context;
    const geometry = this.#geometry;
    const disk = this.#disk!;
    const { have, intent } = this.#found!;
    this.#failed = failed;
    const record = this.#recordOf(have, intent);
    this.#record = record;
    this.#store = new PieceStore(disk, geometry, hashesOf(this.#metainfo), {
      verified: (piece, data) => swarm().pieceVerified(piece, data),
      corrupt: (piece, data, leaves) => swarm().pieceCorrupt(piece, data, now(), leaves),
      beforeWrite: (piece) => record.beforeWrite(piece, swarm().downloads.partials.keys()),
      written: (piece) => {
        record.written(piece, geometry.pieceSize(piece), now());
        swarm().pieceWritten(piece, now());
      },
      lost: (piece, error) => {
        swarm().pieceLost(piece);
        failed(error);
      },
      readable: (piece) => swarm().uploads.readable(piece, now()),
      readFailed: (piece, error) => {
        swarm().uploads.unreadable(piece, now());
        failed(error);
      },
      pending: this.#pending,
    });
    return this.#store;
  }

  /** The record of what is there, saved. */
  #recordOf(have: Bitfield, intent: Bitfield): PieceRecord {
    const { state } = this.#context;
    const { infoHash } = this.#metainfo;
    return new PieceRecord(have, {
      saveIntent: (intent) => state.saveIntent(infoHash, intent),
      saveGood: (good, intent) => state.saveGood(infoHash, good, intent),
      sync: () => this.#disk!.sync(),
    }, intent);
  }

  async choose(choice: FileChoice): Promise<void> {
    if (this.#disk === null || this.#placing === null || this.#options.seedOnly) {
      throw new UsageError("Expected a torrent that is downloaded, to choose files of");
    }
    await this.#placing.change(this.#disk, choice);
  }

  tick(now: Millis): void {
    this.#record?.tick(now, this.#failed);
  }

  async finish(): Promise<void> {
    await this.#disk!.finish();
    // the disk may have been given back meanwhile, and with it the session's record
    if (this.#disk !== null) this.#context.state.saveCompleted(this.#metainfo.infoHash);
  }

  async settle(
    deadline: number,
    { downloaded, uploaded }: { readonly downloaded: number; readonly uploaded: number },
  ): Promise<void> {
    if (this.#store === null || this.#record === null) return;
    const { now, state } = this.#context;
    await within(this.#store.idle(), deadline - now());
    await within(this.#record.flush(), Math.min(MOST_SYNC_MS, deadline - now()));
    this.#record.settle();
    state.saveCounters(this.#metainfo.infoHash, downloaded, uploaded);
  }

  async close(): Promise<void> {
    const disk = this.#disk;
    this.#disk = null;
    // the session remembers the torrent, not the memory it worked with
    this.#store = this.#record = this.#found = null;
    this.#failed = () => {};
    await disk?.close();
    this.#lock?.release();
    this.#lock = null;
  }
}
