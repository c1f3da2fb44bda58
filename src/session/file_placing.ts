import { type InfoHash, StorageError } from "../base/mod.ts";
import type { FileChoice, TorrentFile } from "../metainfo/mod.ts";
import type { FilesRecord, StateDb, StoredFile, TorrentStore } from "../storage/mod.ts";

/**
 * Where the files of a torrent lie, on disk and in its record. Files that are the torrent's are remembered as such
 * before they are moved, or a crash in between would leave behind what is taken for a stranger's.
 */
export class FilePlacing {
  readonly #state: StateDb;
  readonly #infoHash: InfoHash;
  readonly #files: readonly StoredFile[];
  #choice: FileChoice;
  #apart: readonly boolean[];
  /** Nothing was ever said of its files, and need not be as long as all are wanted the same. */
  #unsaid: boolean;

  /** `record`: what an earlier run left; without it nothing that stands at the path of an unwanted file is ours. */
  constructor(
    state: StateDb,
    infoHash: InfoHash,
    files: readonly TorrentFile[],
    choice: FileChoice,
    record: FilesRecord | null,
  ) {
    this.#state = state;
    this.#infoHash = infoHash;
    this.#choice = choice;
    this.#unsaid = record === null;
    this.#files = files.map((file, i) => {
      const wanted = isWanted(choice, i);
      return { ...file, wanted, apart: !file.pad && (record?.apart[i] ?? !wanted) };
    });
    this.#apart = this.#files.map((file) => file.apart === true);
  }

  /** The files as a store is to keep them at first, before any is moved. */
  get files(): readonly StoredFile[] {
    return this.#files;
  }

  /**
   * Moves files to where they belong. Resolves with the numbers of those where something stood already;
   * {@linkcode accept} follows once that was looked at.
   */
  async begin(store: TorrentStore): Promise<readonly number[]> {
    const { met } = await this.#move(store, this.#choice, () => {});
    return met;
  }

  /** What was met is this torrent's from here on. */
  async accept(store: TorrentStore): Promise<void> {
    this.#remember(this.#choice, this.#apart);
    await store.tidy();
  }

  /**
   * Another choice while the torrent runs. Rejects with `StorageError`, and nothing has changed, when something stands
   * already where a file should move to.
   */
  async change(store: TorrentStore, choice: FileChoice): Promise<void> {
    await this.#move(store, choice, ([first]) => {
      if (first === undefined) return;
      const path = this.#files[first]!.path.join("/");
      throw new StorageError(
        "exists",
        path,
        `Refused to overwrite ${path}: move it away, or stop and start the torrent to have it checked`,
      );
    });
  }

  async #move(
    store: TorrentStore,
    choice: FileChoice,
    look: (met: readonly number[]) => void,
  ): Promise<{ readonly met: readonly number[] }> {
    const wanted = this.#files.map((_, i) => isWanted(choice, i));
    const to = { wanted, apart: this.#apart.map((lies, i) => lies && !wanted[i]) };
    const { apart, met } = await store.arrange({ ...to, look: true });
    look(met);
    const strange = new Set(met);
    this.#remember(choice, apart.map((lies, i) => lies || strange.has(i)));
    const arranged = await store.arrange(to);
    this.#choice = choice;
    this.#apart = arranged.apart;
    return arranged;
  }

  #remember(choice: FileChoice, apart: readonly boolean[]): void {
    const { priorities } = choice;
    const usual = this.#files.every(({ pad }, i) => pad || priorities[i] === "normal");
    if (usual && this.#unsaid) return;
    this.#unsaid = false;
    this.#state.saveFiles(this.#infoHash, { priorities, apart });
  }
}

function isWanted({ priorities }: FileChoice, index: number): boolean {
  return priorities[index] !== "off";
}
