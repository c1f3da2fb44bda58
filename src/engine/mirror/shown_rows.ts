import type { GoneTorrent, Selection, TorrentRow, TorrentView } from "../../manager/mod.ts";
import { aged } from "./aged.ts";
import type { Changes } from "./changes.ts";

/** Torrents that went are remembered for so long, as the manager does. */
const GONE_MS = 60_000;

/** All torrents as they were told last. */
export class ShownRows {
  readonly #byId = new Map<number, { readonly row: TorrentRow; readonly at: number }>();
  readonly #byHash = new Map<string, number>();
  #gone: readonly GoneTorrent[] = [];

  /** Takes in what was told. */
  apply({ now, rows, gone }: Changes): void {
    for (const row of rows) {
      this.#byId.set(row.view.id, { row, at: now });
      this.#byHash.set(row.view.hash, row.view.id);
    }
    for (const { id } of gone) {
      const hash = this.#byId.get(id)?.row.view.hash;
      this.#byId.delete(id);
      // the same torrent may be there anew, under another number
      if (hash !== undefined && this.#byHash.get(hash) === id) this.#byHash.delete(hash);
    }
    this.#gone = [...this.#gone, ...gone].filter(({ at }) => now - at < GONE_MS);
  }

  /** Those that are meant, in their order there, each once, `now` on the manager's clock. */
  pick(selection: Selection, now: number): TorrentView[] {
    const ids = selection === null
      ? this.#byId.keys()
      : new Set(selection.map((key) => this.#idOf(key)));
    const views: TorrentView[] = [];
    for (const id of ids) {
      const found = this.#byId.get(id);
      if (found !== undefined) views.push(aged(found.row, now - found.at));
    }
    return views;
  }

  /** Numbers of those that changed since then, on the manager's clock. */
  changedSince(from: number): number[] {
    return [...this.#byId].filter(([, { row }]) => row.changedAt >= from).map(([id]) => id);
  }

  /** Numbers of those that went since then. */
  goneSince(from: number): number[] {
    return this.#gone.filter(({ at }) => at >= from).map(({ id }) => id);
  }

  /** -1: nobody's. */
  #idOf(key: number | string): number {
    return typeof key === "number" ? key : this.#byHash.get(key.toLowerCase()) ?? -1;
  }
}
