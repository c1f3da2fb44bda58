/** Which files of a watched folder have come to rest; whoever still writes one changes its size or time. */

/** A file that stands in a watched folder. */
export interface WatchedFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970, null: not told. */
  readonly mtimeMs: number | null;
}

/** A file to deal with now; `last`: it rested so long that what is wrong with it will stay so. */
export interface Settled {
  readonly file: WatchedFile;
  readonly last: boolean;
}

/** A file rests when it was seen unchanged for so long. */
export const SETTLE_MS = 3000;
/** An empty one may be a place that somebody reserved: browsers do, and fill it at the end of the download. */
export const EMPTY_MS = 60_000;
/** One that is no torrent may be half of one whose copy goes on: it must rest for longer to be called bad. */
export const DOUBT_MS = 12_000;
/** What kept a good file from being taken in may be over by then. */
export const AGAIN_MS = 60_000;

interface Seen {
  readonly size: number;
  readonly mtimeMs: number | null;
  readonly since: number;
  /** On the watch's clock; Infinity: not before it changes. */
  readonly due: number;
  readonly doubted: boolean;
}

/** What was seen of the files of one folder. Times are milliseconds on a clock that never goes back. */
export class Settling {
  #seen = new Map<string, Seen>();

  /** Takes in all files there are now; those to deal with, in the order given. What is gone is forgotten. */
  see(files: readonly WatchedFile[], now: number): Settled[] {
    const seen = new Map<string, Seen>();
    const settled: Settled[] = [];
    for (const file of files) {
      const { path, size, mtimeMs } = file;
      const before = this.#seen.get(path);
      const same = before !== undefined && before.size === size && before.mtimeMs === mtimeMs;
      const due = now + (size === 0 ? EMPTY_MS : SETTLE_MS);
      const state = same ? before : { size, mtimeMs, since: now, due, doubted: false };
      seen.set(path, state);
      if (state.due <= now) settled.push({ file, last: state.doubted || size === 0 });
    }
    this.#seen = seen;
    return settled;
  }

  /** It makes no sense yet: it is settled once more, for the last time, when it has rested for longer. */
  doubt(path: string): void {
    this.#change(path, (state) => ({ due: state.since + DOUBT_MS, doubted: true }));
  }

  /** It is settled again after a while. */
  postpone(path: string, now: number): void {
    this.#change(path, () => ({ due: now + AGAIN_MS, doubted: false }));
  }

  /** It is not settled again before it changes. */
  leave(path: string): void {
    this.#change(path, () => ({ due: Infinity, doubted: false }));
  }

  /** True while a file may be settled without a change of the folder. */
  get waiting(): boolean {
    return this.#seen.values().some(({ due }) => due !== Infinity);
  }

  #change(path: string, change: (state: Seen) => Pick<Seen, "due" | "doubted">): void {
    const state = this.#seen.get(path);
    if (state !== undefined) this.#seen.set(path, { ...state, ...change(state) });
  }
}
