import { type Bytes, messageOf, StorageError } from "../base/mod.ts";
import type { StreamSink } from "../session/mod.ts";
import type { Output } from "./environment.ts";

/** A stream on standard output, one write after another. Rejects with `StorageError` when it is a file that takes no more. */
export class StdoutSink implements StreamSink {
  readonly #stdout: Output;
  readonly #closed: () => void;
  #last: Promise<unknown> = Promise.resolve();

  /** `closed` is called when nobody reads any more. */
  constructor(stdout: Output, closed: () => void) {
    this.#stdout = stdout;
    this.#closed = closed;
  }

  write(chunk: Bytes): Promise<Bytes> {
    const writing = this.#last.then(() => this.#write(chunk));
    this.#last = writing;
    return writing;
  }

  async #write(chunk: Bytes): Promise<Bytes> {
    try {
      await this.#stdout.writeBytes(chunk);
      return chunk;
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) {
        this.#closed();
        throw error;
      }
      const full = error instanceof Error && "code" in error && error.code === "ENOSPC";
      throw new StorageError(
        full ? "disk-full" : "other",
        "standard output",
        `Cannot write to standard output: ${messageOf(error)}`,
      );
    }
  }
}
