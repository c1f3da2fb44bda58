import type { GoneTorrent, Selection, TorrentRow, TorrentView } from "../../manager/mod.ts";
import { aged } from "./aged.ts";
import type { Changes } from "./changes.ts";

/** Torrents that went are remembered for so long, as the manager does. */
const GONE_MS = 60_000;

/** All torrents as they were told last. */
export class ShownRows {
  readonly #byId = new Map<number, TorrentRow>();
  readonly #byHash = new Map<string, number>();
  #gone: readonly GoneTorrent[] = [];

  /** Takes in what was told. */
  apply({ now, rows, gone }: Changes): void {
    for (const row of rows) {
      this.#byId.set(row.view.id, row);
      this.#byHash.set(row.view.hash, row.view.id);
    }
    for (const { id } of gone) {
      const hash = this.#byId.get(id)?.view.hash;
      this.#byId.delete(id);
      // the same torrent may be there anew, under another number
      if (hash !== undefined && this.#byHash.get(hash) === id) this.#byHash.delete(hash);
    }
    this.#gone = [...this.#gone, ...gone].filter(({ at }) => now - at < GONE_MS);
  }

  /** All of them, in the order of their numbers; one that is the same object as before has not changed. */
  get all(): TorrentRow[] {
    return [...this.#byId.values()];
  }

  /** Those that are meant, in their order there, each once, `now` on the manager's clock. */
  pick(selection: Selection, now: number): TorrentView[] {
    const ids = selection === null
      ? this.#byId.keys()
      : new Set(selection.map((key) => this.#idOf(key)));
    const views: TorrentView[] = [];
    for (const id of ids) {
      const row = this.#byId.get(id);
      if (row !== undefined) views.push(aged(row, now));
    }
    return views;
  }

  /** Numbers of those that changed since then, on the manager's clock. */
  changedSince(from: number): number[] {
    return [...this.#byId].filter(([, row]) => row.changedAt >= from).map(([id]) => id);
  }

  /** Those that went since then, a minute ago at most. */
  goneSince(from: number): GoneTorrent[] {
    return this.#gone.filter(({ at }) => at >= from);
  }

  /** -1: nobody's. */
  #idOf(key: number | string): number {
    return typeof key === "number" ? key : this.#byHash.get(key.toLowerCase()) ?? -1;
  }
}
