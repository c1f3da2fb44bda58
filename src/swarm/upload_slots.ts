/** Slots however slow we are. */
const LEAST = 4;
/** Slots however fast. */
const MOST = 50;
/** Slots as long as they suffice for all. */
const FIRST = 8;
/**
 * Bytes a second; there are as many slots as one of them gets times this. Twenty simulated leechers with lines of 100
 * KB/s, all from one seed with 200, had everything after 77 s on average; with 2,048 after 81 s, with 512 after 96 s.
 */
const GRAIN = 8192;
/** Rounds before it is tried again whether more slots move more. */
const REST = 6;

/**
 * Slots for a line of `rate` bytes a second: their number grows with its square root, and what one of them gets does
 * too. Few, because whole pieces that are soon there serve a swarm better than halves that many have.
 */
export function slotsFor(rate: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.ceil(Math.sqrt(rate / GRAIN))));
}

/**
 * How many peers are unchoked by rank. With an upload limit its square root decides. Without, and when peers wait,
 * what we really send does, and a quarter more slots are tried for a round: they stay as long as more is sent.
 */
export class UploadSlots {
  #count = FIRST;
  /** All slots were in use and somebody waited when the round began. */
  #crowded = false;
  /** The number that was worth it when it was last tried. */
  #proven = 0;
  #trial: { readonly count: number; readonly rate: number } | null = null;
  #rest = 0;

  /** Slots now. */
  get count(): number {
    return this.#count;
  }

  /**
   * A round ends. `limit` is in bytes a second, Infinity without; `rate` is what was sent in the round; `crowded` when
   * all slots are in use and somebody waits.
   */
  review(limit: number, rate: number, crowded: boolean): void {
    const wasCrowded = this.#crowded;
    this.#crowded = crowded && limit === Infinity;
    if (limit !== Infinity) this.#count = slotsFor(limit);
    else if (!crowded) {
      this.#count = Math.max(FIRST, this.#count);
      this.#trial = null;
      // what is sent in a round that began with free slots says nothing of how much could be
    } else if (wasCrowded) this.#follow(rate);
  }

  #follow(rate: number): void {
    const { count } = this;
    if (this.#trial !== null) {
      const { count: before, rate: rateBefore } = this.#trial;
      // half of what the new slots would have brought, had they brought as much as the others
      const worth = rate > rateBefore * (1 + (count - before) / before / 2);
      // in vain: a few fewer than before, so that what was worth it once has to prove it again
      this.#proven = worth ? count : before - Math.ceil(before / 8);
      this.#rest = worth ? 0 : REST;
      this.#trial = null;
    } else if (this.#rest > 0) this.#rest--;
    this.#count = Math.max(slotsFor(rate), this.#proven);
    if (this.#rest > 0 || this.#count >= MOST) return;
    this.#trial = { count: this.#count, rate };
    this.#count = Math.min(MOST, this.#count + Math.ceil(this.#count / 4));
  }
}
