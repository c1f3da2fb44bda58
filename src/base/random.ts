/** Where the cores get their randomness: the system in a program, a seed in a test. */
export interface Random {
  /** A whole number from 0 to `limit` − 1; `limit` is at most 2³². */
  below(limit: number): number;
}

/** Cryptographic randomness in batches of 256 words. */
export class SystemRandom implements Random {
  readonly #words = new Uint32Array(256);
  #next = 256;

  below(limit: number): number {
    if (this.#next === 256) {
      crypto.getRandomValues(this.#words);
      this.#next = 0;
    }
    return Math.floor((this.#words[this.#next++]! / 0x1_0000_0000) * limit);
  }
}

/** Repeatable randomness (mulberry32) for tests and simulations. */
export class SeededRandom implements Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  }
}

/** Shuffles in place, every order equally likely (Fisher–Yates). */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  items: T,
  random: Random,
): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = items[i];
    items[i] = items[j];
    items[j] = held;
  }
  return items;
}

/** `length` random bytes. */
export function randomBytes(length: number, random: Random): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = random.below(256);
  return out;
}
