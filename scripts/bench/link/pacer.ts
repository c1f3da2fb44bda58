/** A path in one direction. */
export interface Path {
  /** Milliseconds from one end to the other. */
  readonly delay: number;
  readonly bytesPerSecond: number;
}

/** Bytes that may queue before the path, beyond what is under way on it. */
const QUEUE = 1024 * 1024;

/** Bytes that arrived together. */
interface Batch {
  bytes: number;
  /** When the first of them goes onto the path. */
  start: number;
}

/**
 * When bytes come out of a long path: each waits until those before it are on their way, and then takes the
 * delay. It counts bytes only; who keeps them is another's business. Times are in milliseconds and only ever
 * grow.
 */
export class Pacer {
  /** The most it holds: what fits on the path and in the queue before it. */
  readonly capacity: number;
  readonly #delay: number;
  readonly #bytesPerMs: number;
  readonly #batches: Batch[] = [];
  /** When the path is free for the next byte. */
  #free = 0;
  #held = 0;

  constructor(path: Path) {
    this.#delay = path.delay;
    this.#bytesPerMs = path.bytesPerSecond / 1000;
    this.capacity = Math.ceil(path.delay * this.#bytesPerMs) + QUEUE;
  }

  /** Bytes that may come in now. */
  get room(): number {
    return this.capacity - this.#held;
  }

  /** Bytes come in, at most {@linkcode room}. */
  push(bytes: number, now: number): void {
    const start = Math.max(now, this.#free);
    this.#batches.push({ bytes, start });
    this.#free = start + bytes / this.#bytesPerMs;
    this.#held += bytes;
  }

  /** Bytes that are through. */
  due(now: number): number {
    let sum = 0;
    for (const { bytes, start } of this.#batches) {
      const through = Math.floor((now - this.#delay - start) * this.#bytesPerMs);
      if (through <= 0) break;
      sum += Math.min(through, bytes);
    }
    return sum;
  }

  /** Bytes go out, at most as many as are {@linkcode due}. */
  take(bytes: number): void {
    this.#held -= bytes;
    for (let left = bytes; left > 0;) {
      const first = this.#batches[0];
      if (first === undefined) throw new RangeError(`Expected ${left} bytes fewer to be taken`);
      const part = Math.min(left, first.bytes);
      first.bytes -= part;
      first.start += part / this.#bytesPerMs;
      left -= part;
      if (first.bytes === 0) this.#batches.shift();
    }
  }

  /** When the next whole byte is through; null while nothing is held. */
  next(): number | null {
    const first = this.#batches[0];
    return first === undefined ? null : first.start + this.#delay + 1 / this.#bytesPerMs;
  }
}
