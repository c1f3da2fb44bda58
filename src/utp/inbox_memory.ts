/** Bytes that are kept for the reader, before and after a gap. */
export const RECEIVE_WINDOW = 1024 * 1024;
/** Bytes that may be kept in order whatever there is of others and after a gap, so that there is always a next step. */
export const ALWAYS = 64 * 1024;
/** Of what is left for all connections, one takes this part at most. */
const PART = 1 / 8;

/** Bytes that the inboxes of all connections keep together. */
export class InboxMemory {
  #held = 0;
  readonly #waiting = new Set<() => void>();

  /** Beyond `most` each connection has little more. */
  constructor(readonly most: number) {}

  /** Bytes that are kept. */
  get held(): number {
    return this.#held;
  }

  /** Bytes that one may keep now that keeps `kept`: a mebibyte, and less when all together keep much. */
  mostOf(kept: number): number {
    return Math.max(ALWAYS, Math.min(RECEIVE_WINDOW, this.#left * PART + kept));
  }

  /** So many more are kept. */
  take(bytes: number): void {
    this.#held += bytes;
  }

  /** So many are kept no longer. */
  give(bytes: number): void {
    this.#held -= bytes;
    if (this.#waiting.size === 0 || this.#isShort) return;
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const roomier of all) roomier();
  }

  /** Calls `roomier` once there is as much for each as there can be, if there is not now. */
  wait(roomier: () => void): void {
    if (this.#isShort) this.#waiting.add(roomier);
  }

  /** Who has waited is gone. */
  forget(roomier: () => void): void {
    this.#waiting.delete(roomier);
  }

  get #left(): number {
    return this.most - this.#held;
  }

  /** Some have less than a mebibyte only because others keep much. */
  get #isShort(): boolean {
    return this.#left * PART < RECEIVE_WINDOW;
  }
}
