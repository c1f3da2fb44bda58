/** Of a connection that has not heard anything yet. */
const FIRST_MS = 1_000;
/** BEP 29; less would take an answer that waited in a queue for a loss. */
const LEAST_MS = 500;
const MOST_MS = 15_000;

/** How long answers take, and how long they are waited for (RFC 6298 with BEP 29's numbers). All in milliseconds. */
export class RoundTrip {
  /** Smoothed; 0 while nothing is known. */
  mean = 0;
  #deviation = 0;
  #timeout = FIRST_MS;
  #doubled = 0;

  /** A packet that was sent once was answered after `ms`. */
  sample(ms: number): void {
    if (this.mean === 0) {
      this.mean = Math.max(ms, 0.001);
      this.#deviation = ms / 2;
    } else {
      const off = Math.abs(ms - this.mean);
      this.#deviation += (off - this.#deviation) / 4;
      this.mean = Math.max(0.001, this.mean + (ms - this.mean) / 8);
    }
    this.#timeout = Math.max(LEAST_MS, this.mean + 4 * this.#deviation);
  }

  /** So long an answer is waited for. */
  get timeout(): number {
    return Math.min(MOST_MS, this.#timeout * 2 ** this.#doubled);
  }

  /** Nothing came in time: the next is waited for twice as long. */
  late(): void {
    if (this.timeout < MOST_MS) this.#doubled++;
  }

  /** Something came. */
  heard(): void {
    this.#doubled = 0;
  }
}
