/** Bodies of requests, read up to a limit: of each, and of all that are read at a time. */
import { type Bytes, concat } from "../base/mod.ts";

/** A body is not taken: too long (413), too slow (408), or there are too many now (503). */
export class BodyRefused extends Error {
  override name = "BodyRefused";
  constructor(readonly status: 408 | 413 | 503, message: string) {
    super(message);
  }
}

/** Bounds of bodies. */
export interface BodyLimits {
  /** Bytes of one. */
  readonly each: number;
  /** Bytes of all that are being read or used. */
  readonly together: number;
  /** Milliseconds for one. */
  readonly timeoutMs: number;
  /** Bodies that pass at a time. */
  readonly passing: number;
}

/** Reads bodies within limits. What is too long by its own word is refused before a byte of it is read. */
export class Bodies {
  readonly #limits: BodyLimits;
  #held = 0;
  #passing = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** What `use` makes of the whole body. Rejects with {@linkcode BodyRefused}, or when the connection fails. */
  async with<T>(request: Request, use: (body: Bytes) => Promise<T>): Promise<T> {
    const counted = { length: 0 };
    try {
      return await use(await this.#read(request, counted));
    } finally {
      this.#held -= counted.length;
    }
  }

  /**
   * Lets a body pass that nobody wants, within the same length and time: a client hears no answer while it sends, and
   * takes a connection that is closed meanwhile for a failure. Nobody waits for those of more than so many. Never rejects.
   */
  async pass(request: Request): Promise<void> {
    if (this.#passing >= this.#limits.passing) return;
    this.#passing++;
    // one that is refused, or went away, has no other answer to wait for
    await this.#each(request, () => {}).catch(() => {});
    this.#passing--;
  }

  /** Counts what it has read in `counted` and in all that is held. */
  async #read(request: Request, counted: { length: number }): Promise<Bytes> {
    const parts: Uint8Array[] = [];
    await this.#each(request, (part) => {
      counted.length += part.length;
      this.#held += part.length;
      if (this.#held > this.#limits.together) {
        throw new BodyRefused(503, "Too much is being sent; try again");
      }
      parts.push(part);
    });
    return concat(...parts);
  }

  /** Reads a body part by part, within its length and time. Rejects with what `take` throws, too. */
  async #each(request: Request, take: (part: Uint8Array) => void): Promise<void> {
    const { each, timeoutMs } = this.#limits;
    if (Number(request.headers.get("content-length") ?? 0) > each) throw this.#tooLong();
    if (request.body === null) return;
    const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new BodyRefused(408, "The request took too long")),
      timeoutMs,
    );
    try {
      for (let length = 0;;) {
        const { done, value } = await Promise.race([reader.read(), late.promise]);
        if (done) return;
        length += value.length;
        if (length > each) throw this.#tooLong();
        take(value);
      }
    } catch (error) {
      // nobody waits for it: the connection may be what failed
      reader.cancel().catch(() => {});
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #tooLong(): BodyRefused {
    return new BodyRefused(413, `Expected at most ${this.#limits.each} bytes`);
  }
}
