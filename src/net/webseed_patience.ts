import { WebseedError } from "../swarm/mod.ts";

/**
 * How long a request to a web server may take: it is aborted when an answer, or a number of bytes, does not come in
 * time. While somebody else keeps it waiting no time passes.
 */
export class Patience {
  /** Why it was aborted here; null: it was not. */
  fault: WebseedError | null = null;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #stop = () => this.#controller.abort();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #missing = 0;

  /** Aborts with `outer` too. */
  constructor(outer: AbortSignal) {
    this.#outer = outer;
    outer.addEventListener("abort", this.#stop);
    if (outer.aborted) this.#stop();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something must come within `ms`; `message` is for people. */
  await(ms: number, message: string): void {
    this.pause();
    this.#timer = setTimeout(() => {
      this.fault = new WebseedError("silent", message);
      this.#stop();
    }, ms);
  }

  /** `bytes` must come within `ms`, unless they are expected already. */
  expect(ms: number, bytes: number, message: string): void {
    if (this.#timer !== null && this.#missing > 0) return;
    this.await(ms, message);
    this.#missing = bytes;
  }

  /** `bytes` came. */
  heard(bytes: number): void {
    this.#missing -= bytes;
    if (this.#missing <= 0) this.pause();
  }

  /** No time passes until something is expected again. */
  pause(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#missing = 0;
  }

  /** Ends the request, whatever is left of it. */
  close(): void {
    this.pause();
    this.#outer.removeEventListener("abort", this.#stop);
    this.#stop();
  }
}
