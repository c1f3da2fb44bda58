import { type Millis, TokenBucket } from "../base/mod.ts";

/** The least a link reads under a limit: whatever is granted byte by byte is read byte by byte. */
const BITE = 16 * 1024;
/** Between one link that goes on and the next. */
const NEXT_MS = 5;

/**
 * Decides whether links may read: not while too much waits for the disk (two watermarks, so that it does not
 * flutter), and no faster than the download limit. One gate serves all links of a session; TCP's own flow control
 * then slows the peers down.
 */
export class ReadGate {
  readonly #bucket: TokenBucket;
  readonly #high: number;
  readonly #low: number;
  readonly #bite: number;
  readonly #waiting: (() => void)[] = [];
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `rate` in bytes a second (0: no limit); `high` and `low` in bytes on their way to the disk. */
  constructor(rate: number, high: number, low: number, readonly now: () => Millis) {
    this.#bucket = new TokenBucket(rate, now());
    // what is granted is taken only once it was read, so a read that waits for its peer must not hold much
    this.#bite = Math.max(BITE, Math.floor(rate / 100));
    this.#high = high;
    this.#low = low;
  }

  /** Bytes are on their way to the disk, `pending` in all. */
  pending(pending: number): void {
    if (!this.#closed && pending > this.#high) this.#closed = true;
    else if (this.#closed && pending <= this.#low) {
      this.#closed = false;
      this.#wake();
    }
  }

  /** How many bytes a link may read now: 0 while it has to {@linkcode wait}. */
  allowance(): number {
    if (this.#closed) return 0;
    const tokens = this.#bucket.available(this.now());
    if (tokens === Infinity) return Infinity;
    return tokens < BITE ? 0 : Math.min(this.#bite, Math.floor(tokens));
  }

  /** True while links that could read are kept waiting: what does not come is not the peers' fault. */
  get holding(): boolean {
    return this.#waiting.length > 0;
  }

  /** True while links wait because too much is on its way to the disk. */
  get full(): boolean {
    return this.#closed;
  }

  /** A link read `bytes`. */
  took(bytes: number): void {
    this.#bucket.take(bytes);
  }

  /** Resolves when it is worth asking again. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#arm();
    });
  }

  /** Lets everybody go (the session ends). */
  close(): void {
    this.#wake();
  }

  /** Under a limit, those that wait go on one after another, as many as there is something for. */
  #arm(): void {
    if (this.#closed || this.#timer !== null || this.#waiting.length === 0) return;
    const ms = Math.max(NEXT_MS, this.#bucket.wait(BITE, this.now()));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const tokens = this.#bucket.available(this.now());
      const many = Math.max(1, Math.floor(Math.min(tokens, Number.MAX_SAFE_INTEGER) / this.#bite));
      for (const resolve of this.#waiting.splice(0, many)) resolve();
      this.#arm();
    }, ms);
  }

  #wake(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
