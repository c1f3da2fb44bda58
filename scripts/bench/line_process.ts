/** Milliseconds between the end of its input, SIGTERM and SIGKILL. */
const GRACE_MS = 3000;

/** A process that is spoken to in lines; it ends with its input, or by SIGTERM. */
export class LineProcess implements AsyncDisposable {
  readonly #name: string;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";
  /** The last line that was passed over, for a message. */
  #passed = "";
  #draining: Promise<void> | null = null;

  /** `signal` ends it early. */
  constructor(
    command: readonly string[],
    signal: AbortSignal,
    stderr: "inherit" | "null" = "inherit",
  ) {
    const [program = "", ...args] = command;
    this.#name = command.slice(0, 3).join(" ");
    this.#child = new Deno.Command(program, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr,
      signal,
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  get pid(): number {
    return this.#child.pid;
  }

  async write(line: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(`${line}\n`));
  }

  /** The next line that `wanted` accepts; those before are lost. Kills it after `seconds` without. */
  async line(seconds: number, wanted: (line: string) => boolean): Promise<string> {
    const timer = setTimeout(() => this.#kill("SIGKILL"), seconds * 1000);
    try {
      for (;;) {
        const line = await this.#next();
        if (wanted(line)) return line;
        this.#passed = line;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads on for ever and forgets it. */
  drain(): void {
    this.#draining ??= (async () => {
      while (!(await this.#reader.read()).done);
    })();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    const gently = setTimeout(() => this.#kill("SIGTERM"), GRACE_MS / 10);
    const harshly = setTimeout(() => this.#kill("SIGKILL"), GRACE_MS);
    this.drain();
    await this.#draining;
    await this.#child.status;
    clearTimeout(gently);
    clearTimeout(harshly);
  }

  async #next(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const { value, done } = await this.#reader.read();
      if (done) throw new Error(`Expected a line from ${this.#name}, got its end\n${this.#passed}`);
      this.#rest += value;
    }
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }
}
