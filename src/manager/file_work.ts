import type { Book } from "./book.ts";
import type { Entry } from "./entry.ts";
import type { Library } from "./library.ts";
import { parseLocation } from "./locations.ts";
import type { ManagerParts } from "./parts.ts";
import type { Relocation } from "./relocation.ts";
import type { Runner } from "./runner.ts";
import type { Seat } from "./seat.ts";

/** What work on files needs. */
export interface Workplace {
  readonly parts: Pick<ManagerParts, "clock" | "state">;
  readonly book: Book;
  readonly library: Library;
  readonly runner: Runner;
  readonly relocation: Relocation;
  readonly seat: Seat;
  /** What was decided about torrents is kept, and done. */
  readonly changed: (entries: readonly Entry[]) => void;
  /** Throws when the manager has ended. */
  readonly expectRunning: () => void;
}

/**
 * What is done to the files of torrents: each is out of the session meanwhile, and what is asked of it comes after what
 * is being done. One that fails keeps no other from it; the first failure is what is told.
 */
export class FileWork {
  readonly #place: Workplace;

  constructor(place: Workplace) {
    this.#place = place;
  }

  /** Forgets torrents, and (`data`) deletes their files. */
  async remove(entries: readonly Entry[], data: boolean): Promise<void> {
    const { relocation, book, library, parts: { clock, state }, expectRunning } = this.#place;
    // half of its files may be gone if this is cut short: that must not be downloaded again
    if (data) { for (const entry of entries) entry.set({ goal: "stop", check: false }); }
    const done = this.#hold(entries, async (entry) => {
      if (data) await relocation.delete(entry);
      await relocation.forgetParts(entry);
      expectRunning();
      book.remove(entry, clock.now());
      library.forget(entry.hash);
      state.remove(entry.infoHash);
    });
    for (const entry of entries) entry.leaving ??= { data, done };
    try {
      await done;
    } finally {
      for (const entry of entries) entry.leaving = null;
    }
  }

  /** As `ManagerApi.relocate`. */
  async relocate(entries: readonly Entry[], location: string, move: boolean): Promise<void> {
    const { relocation } = this.#place;
    const place = parseLocation(location).join("/");
    await this.#hold(entries, async (entry) => {
      await relocation.finish(entry);
      const { location, renames } = entry.record;
      if (location === place) return;
      if (move) await relocation.move(entry, { location: place, renames });
      else await relocation.point(entry, place);
    });
  }

  /** As `ManagerApi.rename`. */
  async rename(entry: Entry, path: string, name: string): Promise<void> {
    const { relocation } = this.#place;
    // a mistake stops nothing
    if (!entry.kept) await relocation.renamed(entry, path, name);
    await this.#hold([entry], async (entry) => {
      await relocation.finish(entry);
      await relocation.move(entry, await relocation.renamed(entry, path, name));
    });
  }

  /** Goes on with moves that a crash has cut short, where that failed at the start. */
  async finish(entries: readonly Entry[]): Promise<void> {
    const astray = entries.filter(({ record, held }) => record.target !== null && held === 0);
    if (astray.length > 0) {
      await this.#hold(astray, (entry) => this.#place.relocation.finish(entry));
    }
  }

  async #hold(entries: readonly Entry[], work: (entry: Entry) => Promise<void>): Promise<void> {
    const { runner, seat, changed } = this.#place;
    for (const entry of entries) entry.held++;
    changed(entries);
    await seat.ready;
    const results = await Promise.allSettled(entries.map(async (entry) => {
      try {
        await runner.stop(entry);
        await entry.after(() => entry.removed ? Promise.resolve() : work(entry));
      } finally {
        entry.held--;
      }
    }));
    changed(entries);
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
}
