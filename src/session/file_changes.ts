import type { Bitfield, Millis } from "../base/mod.ts";
import { changePriorities, type FilePriorityChange, type TorrentFile } from "../metainfo/mod.ts";
import { PriorityPicker, type Swarm } from "../swarm/mod.ts";
import type { FileProgress, PieceOrder } from "./api.ts";
import type { TorrentChoice } from "./torrent_choice.ts";
import type { TorrentData } from "./torrent_data.ts";

/** The torrent whose files are chosen. */
export interface FileHost {
  readonly files: readonly TorrentFile[];
  readonly choice: TorrentChoice;
  readonly data: TorrentData;
  /** Resolves when its files are open, or will not be. */
  readonly opened: Promise<void>;
  /** Null: it does not run. */
  swarm(): Swarm | null;
  now(): Millis;
  /** Other files are wanted now. */
  changed(swarm: Swarm): void;
}

/** Steers which files of a torrent come, and in which order, while it runs. */
export class FileChanges {
  readonly #host: FileHost;
  #sequential: boolean;
  /** The last of the changes, which are carried out one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: FileHost, sequential: boolean) {
    this.#host = host;
    this.#sequential = sequential;
  }

  /** Pieces in their order. */
  get sequential(): boolean {
    return this.#sequential;
  }

  /** How far each file is. */
  progress(): readonly FileProgress[] {
    const have: Bitfield | null = this.#host.swarm()?.have ?? null;
    return this.#host.choice.files(have);
  }

  /**
   * Files get other priorities, from the moment it resolves; remembered. Rejects with `StorageError`, and nothing has
   * changed, when something stands where a file would go, with `UsageError` for a glob that makes no sense or a torrent
   * that does not run.
   */
  setPriorities(changes: readonly FilePriorityChange[]): Promise<void> {
    const change = this.#last.then(() => this.#setPriorities(changes));
    this.#last = change.catch(() => {});
    return change;
  }

  /** Another order of pieces, at once. Nothing happens where data has one of its own. */
  setOrder({ sequential, firstLast }: PieceOrder): void {
    const { choice, now } = this.#host;
    this.#sequential = sequential ?? this.#sequential;
    if (firstLast !== undefined) choice.setFirstLast(firstLast);
    const swarm = this.#host.swarm();
    if (!(swarm?.picker instanceof PriorityPicker)) return;
    swarm.picker.setSequential(this.#sequential);
    swarm.wanted.change(choice.ranks, now());
  }

  async #setPriorities(changes: readonly FilePriorityChange[]): Promise<void> {
    const { files, choice, data, opened, now, changed } = this.#host;
    const priorities = [...choice.current.priorities];
    changePriorities(files, changes, priorities);
    const next = choice.of(priorities);
    await opened;
    await data.choose(next);
    const swarm = this.#host.swarm();
    // it ended meanwhile: what was chosen is remembered
    if (swarm === null) return;
    choice.set(next, swarm.have);
    swarm.wanted.change(choice.ranks, now());
    changed(swarm);
  }
}
