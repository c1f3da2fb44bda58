import type { Millis } from "../base/mod.ts";

/** Rounds that count: what a peer gave and took in them is what it is worth. */
const ROUNDS = 2;
/** So many rounds with a slot and nothing in return, and the slot is another's: as long as a turn out of turn lasts. */
const PATIENCE = 3;
/** So many rounds with a slot in which nothing was taken, and others come first for a while. */
const IDLE_ROUNDS = 2;
const IDLE_MS = 120_000;
/** Who gave nothing in return is tried again after this time, and after twice as long each time it was in vain. */
const FIRST_REST_MS = 120_000;
const LONGEST_REST_MS = 16 * 60_000;

/** How a round was. */
export interface Round {
  /** All bytes the peer ever gave us, and took. */
  readonly given: number;
  readonly taken: number;
  /** It had a slot. */
  readonly unchoked: boolean;
  /** It has pieces that we want, and we would take them. */
  readonly wanted: boolean;
  /** Requests of it wait. */
  readonly asks: boolean;
}

/** What a peer gave us and took of us in the last two choke rounds, which is a moving rate over twenty seconds. */
export class Balance {
  /** Totals at the ends of the last rounds, oldest first. */
  readonly #given = new Array<number>(ROUNDS).fill(0);
  readonly #taken = new Array<number>(ROUNDS).fill(0);
  #lastGiven = 0;
  #lastTaken = 0;
  #barren = 0;
  #idleRounds = 0;
  #idleUntil = 0;
  #withholds = false;
  #restMs = FIRST_REST_MS;
  #restsUntil = 0;

  /** Bytes given. */
  get given(): number {
    return this.#lastGiven - this.#given[0]!;
  }

  /** Bytes taken. */
  get taken(): number {
    return this.#lastTaken - this.#taken[0]!;
  }

  /** We let it take, wanted something ourselves, and got nothing. Once it gives something that is forgotten. */
  get withholds(): boolean {
    return this.#withholds;
  }

  /** It had a slot lately and took nothing. */
  idle(now: Millis): boolean {
    return now < this.#idleUntil;
  }

  /** It gave nothing in return lately: no use in trying it out of turn. */
  rests(now: Millis): boolean {
    return this.#withholds && now < this.#restsUntil;
  }

  /** A round ends that was like this. */
  close({ given, taken, unchoked, wanted, asks }: Round, now: Millis): void {
    if (given > this.#lastGiven) this.#returned();
    else if (unchoked && wanted && ++this.#barren >= PATIENCE) this.#inVain(now);
    if (asks || taken > this.#lastTaken) this.#idleRounds = this.#idleUntil = 0;
    else if (unchoked && ++this.#idleRounds >= IDLE_ROUNDS) this.#idleUntil = now + IDLE_MS;
    this.#given.push(this.#lastGiven);
    this.#taken.push(this.#lastTaken);
    this.#given.shift();
    this.#taken.shift();
    this.#lastGiven = given;
    this.#lastTaken = taken;
  }

  #returned(): void {
    this.#barren = 0;
    this.#withholds = false;
    this.#restMs = FIRST_REST_MS;
  }

  #inVain(now: Millis): void {
    this.#barren = 0;
    this.#withholds = true;
    this.#restsUntil = now + this.#restMs;
    this.#restMs = Math.min(LONGEST_REST_MS, 2 * this.#restMs);
  }
}
