/** The rates of the last ten minutes, of all torrents together and of each that moves. */
import type { Row, Totals } from "../row.ts";

/** Seconds kept. */
export const HISTORY_SECONDS = 600;
/** Torrents kept; the one that has not moved for longest goes first. */
const MAX_TORRENTS = 200;

/** Rates at a second. */
export interface Sample {
  /** Whole seconds of the page's clock. */
  readonly at: number;
  readonly down: number;
  readonly up: number;
}

/** Keeps samples; what was still has none. */
export class RateHistory {
  #all: Sample[] = [];
  readonly #torrents = new Map<number, Sample[]>();

  /** Notes the rates of now; `at` in seconds. */
  note(at: number, totals: Totals, rows: Iterable<Row>): void {
    this.#all = added(this.#all, { at, down: totals.down, up: totals.up });
    for (const { id, down, up } of rows) {
      if (down === 0 && up === 0) continue;
      const before = this.#torrents.get(id) ?? [];
      this.#torrents.delete(id);
      this.#torrents.set(id, added(before, { at, down, up }));
    }
    for (const id of this.#torrents.keys()) {
      if (this.#torrents.size <= MAX_TORRENTS) break;
      this.#torrents.delete(id);
    }
  }

  /** Forgets all of it. */
  clear(): void {
    this.#all = [];
    this.#torrents.clear();
  }

  /** Samples of a torrent, null: of all together; in order of time. */
  of(id: number | null): readonly Sample[] {
    return id === null ? this.#all : this.#torrents.get(id) ?? [];
  }
}

/** A value for each of the last seconds, the oldest first; 0 where there is no sample. */
export function series(samples: readonly Sample[], now: number, key: "down" | "up"): number[] {
  const out = new Array<number>(HISTORY_SECONDS).fill(0);
  for (const sample of samples) {
    const place = HISTORY_SECONDS - 1 - (now - sample.at);
    if (place >= 0 && place < HISTORY_SECONDS) out[place] = sample[key];
  }
  return out;
}

function added(samples: Sample[], sample: Sample): Sample[] {
  samples.push(sample);
  const old = samples.findIndex(({ at }) => at > sample.at - HISTORY_SECONDS);
  // in one go each minute, not one by one
  return old > 60 ? samples.slice(old) : samples;
}
