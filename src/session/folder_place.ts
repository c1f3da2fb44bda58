import { type Bytes, type InfoHash, type Millis, UsageError } from "../base/mod.ts";
import {
  type FileChoice,
  type FilePriority,
  type Geometry,
  type Metainfo,
  nameRules,
  safeComponent,
} from "../metainfo/mod.ts";
import { type DiskClient, saveNew, StateDb } from "../storage/mod.ts";
import type { AddOptions } from "./api.ts";
import { type FolderContext, FolderData } from "./folder_data.ts";
import type { DataPlace, TorrentData } from "./torrent_data.ts";
import { within } from "./within.ts";

/** The download folder of a session: its disk worker and its state. */
export class FolderPlace implements DataPlace {
  readonly #context: FolderContext;

  /**
   * Opens the state and waits for the disk worker, which stays the caller's when this fails. With `readOnly` nothing
   * is kept in the folder; `managed`: a manager has all of it. Rejects with `StorageError` when it cannot be used; `warn` hears what can be lived with.
   */
  static async open(
    folder: string,
    { readOnly, managed }: Pick<FolderContext, "readOnly" | "managed">,
    now: () => Millis,
    starting: Promise<DiskClient>,
    warn: (message: string) => void,
  ): Promise<FolderPlace> {
    const state = new StateDb(readOnly ? null : folder, warn);
    try {
      return new FolderPlace({ folder, readOnly, managed, disk: await starting, state, now });
    } catch (error) {
      state.close();
      throw error;
    }
  }

  private constructor(context: FolderContext) {
    this.#context = context;
  }

  of(
    metainfo: Metainfo,
    geometry: Geometry,
    choice: FileChoice,
    options: AddOptions,
    pending: (delta: number) => void,
  ): TorrentData {
    if (this.#context.readOnly && !options.seedOnly) {
      throw new UsageError("Expected nothing to download, the folder is only read");
    }
    return new FolderData(this.#context, metainfo, geometry, choice, options, pending);
  }

  loadNodes(): readonly string[] {
    return this.#context.state.loadNodes();
  }

  saveNodes(endpoints: readonly string[]): void {
    this.#context.state.saveNodes(endpoints);
  }

  keptPriorities(infoHash: InfoHash, fileCount: number): readonly FilePriority[] | null {
    return this.#context.state.loadFiles(infoHash, fileCount)?.priorities ?? null;
  }

  remembered(infoHash: InfoHash): Bytes | null {
    return this.#context.state.metainfo(infoHash);
  }

  saveTorrent(name: string, torrent: Bytes): void {
    const file = safeComponent(`${name}.torrent`, nameRules(Deno.build.os));
    saveNew(`${this.#context.folder}/${file}`, torrent);
  }

  async close(ms: number): Promise<void> {
    // a disk that hangs must not keep the program: the thread goes with it
    await within(this.#context.disk.close(), ms);
    this.#context.state.close();
  }
}
