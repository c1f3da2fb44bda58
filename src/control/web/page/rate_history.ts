/** The rates of the last ten minutes, of all torrents together and of each that moves. */
import type { Row, Totals } from "../row.ts";

/** Seconds kept. */
export const HISTORY_SECONDS = 600;
/** Torrents kept, 5 KB each. */
export const MAX_HISTORIES = 1_000;
/** Seconds between two looks for torrents that have not moved in all that is kept. */
const SWEEP_SECONDS = 60;

/** Rates of ten minutes, a value a second; what was not noted is 0. Times are whole seconds of the page's clock. */
export class Rates {
  readonly #values = {
    down: new Float32Array(HISTORY_SECONDS),
    up: new Float32Array(HISTORY_SECONDS),
  };
  #last = -Infinity;

  /** The second noted last. */
  get last(): number {
    return this.#last;
  }

  /** Notes bytes a second of a second. */
  note(at: number, down: number, up: number): void {
    const { down: downs, up: ups } = this.#values;
    const isNear = at >= this.#last && at - this.#last < HISTORY_SECONDS;
    if (!isNear) {
      downs.fill(0);
      ups.fill(0);
    } else {
      // looks are a little more than a second apart: now and then a second has none of its own
      const isLate = at - this.#last === 2;
      for (let between = this.#last + 1; between < at; between++) {
        downs[between % HISTORY_SECONDS] = isLate ? down : 0;
        ups[between % HISTORY_SECONDS] = isLate ? up : 0;
      }
    }
    this.#last = at;
    downs[at % HISTORY_SECONDS] = down;
    ups[at % HISTORY_SECONDS] = up;
  }

  /** A value for each of the last seconds, the oldest first. */
  series(now: number, key: "down" | "up"): number[] {
    const values = this.#values[key];
    return Array.from({ length: HISTORY_SECONDS }, (_, place) => {
      const at = now - HISTORY_SECONDS + 1 + place;
      const isKept = at <= this.#last && at > this.#last - HISTORY_SECONDS;
      return isKept ? values[at % HISTORY_SECONDS] ?? 0 : 0;
    });
  }
}

/**
 * Keeps rates of all together and of each torrent that has moved in the last ten minutes. Where more move than can be
 * kept, those that came first stay whole, and one that is looked at takes the place of one that is not.
 */
export class RateHistory {
  readonly #torrents = new Map<number, Rates>();
  readonly #looked = new Set<number>();
  #all = new Rates();
  #sweptAt = -Infinity;

  /** Notes the rates of now; `at` in seconds. */
  note(at: number, totals: Totals, rows: Iterable<Row>): void {
    this.#all.note(at, totals.down, totals.up);
    if (Math.abs(at - this.#sweptAt) >= SWEEP_SECONDS) this.#sweep(at);
    for (const { id, down, up } of rows) {
      if (down === 0 && up === 0) continue;
      let rates = this.#torrents.get(id);
      if (rates === undefined) {
        if (this.#torrents.size >= MAX_HISTORIES) continue;
        this.#torrents.set(id, rates = new Rates());
      }
      rates.note(at, down, up);
    }
  }

  /** Forgets all of it. */
  clear(): void {
    this.#all = new Rates();
    this.#torrents.clear();
    this.#looked.clear();
  }

  /** Of all torrents together. */
  get all(): Rates {
    return this.#all;
  }

  /** Of a torrent that somebody looks at: it is kept from now on. */
  of(id: number): Rates {
    this.#looked.add(id);
    const before = this.#torrents.get(id);
    if (before !== undefined) return before;
    if (this.#torrents.size >= MAX_HISTORIES) this.#makeRoom();
    const rates = new Rates();
    this.#torrents.set(id, rates);
    return rates;
  }

  #sweep(at: number): void {
    this.#sweptAt = at;
    for (const [id, { last }] of this.#torrents) {
      if (last > at - HISTORY_SECONDS && last <= at) continue;
      this.#torrents.delete(id);
      this.#looked.delete(id);
    }
  }

  #makeRoom(): void {
    for (const id of this.#torrents.keys()) {
      if (this.#looked.has(id)) continue;
      this.#torrents.delete(id);
      return;
    }
    // somebody has looked at every one of them
    this.#torrents.clear();
    this.#looked.clear();
  }
}
