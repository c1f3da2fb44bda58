import { Bitfield, type Millis, UsageError } from "../base/mod.ts";
import {
  type FileChoice,
  type Geometry,
  hashesOf,
  type Metainfo,
  streamForm,
} from "../metainfo/mod.ts";
import { type Picker, type Store, StreamWindow, type Swarm } from "../swarm/mod.ts";
import type { AddOptions, StreamSink } from "./api.ts";
import { StreamOutput } from "./stream_output.ts";
import { StreamStore } from "./stream_store.ts";
import type { DataPlace, OpenedData, Reader, TorrentData } from "./torrent_data.ts";
import { within } from "./within.ts";

/** Memory for pieces between the swarm and the reader. */
const WINDOW_BYTES = 48 * 1024 * 1024;

/** What a stream needs of its session. */
export interface StreamContext {
  readonly sink: StreamSink;
  readonly now: () => Millis;
}

/** A torrent that leaves as it comes and is kept nowhere. */
export class StreamData implements TorrentData {
  readonly lasting = false;
  readonly #context: StreamContext;
  readonly #metainfo: Metainfo;
  readonly #geometry: Geometry;
  readonly #choice: FileChoice;
  /** Bytes on their way through the hash changed. */
  readonly #pending: (delta: number) => void;
  readonly #window: StreamWindow;
  readonly #finished = Promise.withResolvers<void>();
  #store: StreamStore | null = null;
  #output: StreamOutput | null = null;

  constructor(
    context: StreamContext,
    metainfo: Metainfo,
    geometry: Geometry,
    choice: FileChoice,
    pending: (delta: number) => void,
  ) {
    this.#context = context;
    this.#metainfo = metainfo;
    this.#geometry = geometry;
    this.#choice = choice;
    this.#pending = pending;
    this.#window = new StreamWindow(geometry, choice.pieces, WINDOW_BYTES);
  }

  get picker(): Picker {
    return this.#window.picker;
  }

  get reader(): Reader {
    if (this.#output?.busy !== true) return "taking";
    return this.#window.behind ? "behind" : "busy";
  }

  open(): Promise<OpenedData> {
    const have = new Bitfield(this.#geometry.pieceCount);
    return Promise.resolve({ have, before: { downloaded: 0, uploaded: 0 } });
  }

  start(swarm: () => Swarm, failed: (error: unknown) => void): Store {
    const { now, sink } = this.#context;
    const window = this.#window;
    const store = new StreamStore(this.#geometry, hashesOf(this.#metainfo), {
      verified: (piece, data) => swarm().pieceVerified(piece, data),
      corrupt: (piece, data, leaves) => swarm().pieceCorrupt(piece, data, now(), leaves),
      kept: (piece, buffer) => {
        window.keep(piece, buffer);
        swarm().pieceWritten(piece, now());
        output.pump();
      },
      lost: (piece, error) => {
        swarm().pieceLost(piece);
        failed(error);
      },
      pending: this.#pending,
    });
    const output = new StreamOutput(
      {
        next: () => {
          const data = window.peek();
          return data === null ? null : { at: this.#geometry.pieceOffset(window.next), data };
        },
        used: () => {
          store.release(window.take()!);
          swarm().askAll(now());
        },
        get over() {
          return window.over;
        },
        finished: () => this.#finished.resolve(),
        failed,
      },
      streamForm(this.#metainfo, this.#choice),
      sink,
    );
    this.#store = store;
    this.#output = output;
    return store;
  }

  /** A reader that waits has the first piece hurried. */
  tick(): void {
    this.#window.picker.hurried = !this.#output!.busy;
  }

  choose(): Promise<void> {
    return Promise.reject(new UsageError("Expected the files of a stream to be chosen once"));
  }

  finish(): Promise<void> {
    return this.#finished.promise;
  }

  async settle(deadline: number): Promise<void> {
    this.#output?.close();
    if (this.#store !== null) await within(this.#store.idle(), deadline - this.#context.now());
  }

  close(): Promise<void> {
    this.#output?.close();
    return Promise.resolve();
  }
}

/** One stream, and so one torrent. */
export class StreamPlace implements DataPlace {
  readonly #context: StreamContext;
  #taken = false;

  constructor(context: StreamContext) {
    this.#context = context;
  }

  of(
    metainfo: Metainfo,
    geometry: Geometry,
    choice: FileChoice,
    options: AddOptions,
    pending: (delta: number) => void,
  ): TorrentData {
    if (this.#taken) throw new UsageError("Expected one torrent for a stream, got another");
    if (options.seedOnly || options.seed !== null) {
      throw new UsageError("Expected nothing to seed, a stream keeps nothing");
    }
    this.#taken = true;
    return new StreamData(this.#context, metainfo, geometry, choice, pending);
  }

  loadNodes(): readonly string[] {
    return [];
  }

  saveNodes(): void {}

  keptPriorities(): null {
    return null;
  }

  remembered(): null {
    return null;
  }

  saveTorrent(): void {
    throw new UsageError("Expected no torrent file to be saved, a stream leaves nothing on disk");
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
