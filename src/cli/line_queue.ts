import type { Output } from "./environment.ts";

/** Bytes that may wait for whoever reads; what comes beyond is not kept. */
const MOST_WAITING = 256 * 1024;

/**
 * Lines on their way to a stream that may not be read: nobody waits for them, so that a log nobody reads does not hold up
 * the program. What finds no room is left out, and how much that was is told.
 */
export class LineQueue {
  readonly #output: Pick<Output, "writeBytes">;
  #writing: Promise<void> | null = null;
  #lines: string[] = [];
  #waiting = 0;
  #lost = 0;

  constructor(output: Pick<Output, "writeBytes">) {
    this.#output = output;
  }

  /** Writes a line after all before, sooner or later. */
  push(line: string): void {
    if (this.#waiting + line.length > MOST_WAITING) {
      this.#lost++;
      return;
    }
    this.#waiting += line.length;
    this.#lines.push(line);
    this.#writing ??= this.#write().finally(() => this.#writing = null);
  }

  /** Resolves when all of it is written, or nothing more can be. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#lines.length > 0) {
      const text = this.#lines.join("\n");
      this.#lines = [];
      try {
        await this.#output.writeBytes(new TextEncoder().encode(`${text}\n`));
      } catch {
        // nobody is there to be told
      }
      this.#waiting = this.#lines.reduce((sum, { length }) => sum + length, 0);
      if (this.#lost === 0) continue;
      this.#lines.push(`… ${this.#lost} lines were left out: nobody read them in time`);
      this.#lost = 0;
    }
  }
}
