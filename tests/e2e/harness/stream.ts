import { type Bytes, concat } from "../../../src/base/mod.ts";
import { binary, offline, type Program } from "./binary.ts";
import { system } from "./scene.ts";

/** A running `tm get -o -` whose standard output the test reads as bytes, as slowly as it likes. */
export class Stream implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #words: Promise<void>;
  #stderr = "";
  #rest: Bytes = new Uint8Array(0);
  #watchers: (() => void)[] = [];

  constructor(args: readonly string[], cwd: string, program: Program = "tm") {
    this.#child = new Deno.Command(binary(program), {
      args: offline(["get", "-o", "-", ...args]),
      cwd,
      clearEnv: true,
      env: { LC_ALL: "C.UTF-8" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#reader = this.#child.stdout.getReader();
    this.#words = this.#collect();
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The next `size` bytes, fewer at the end. */
  async read(size: number): Promise<Bytes> {
    const parts = [this.#rest];
    let length = this.#rest.length;
    while (length < size) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      parts.push(value.slice());
      length += value.length;
    }
    const all = concat(...parts);
    this.#rest = all.slice(size);
    return all.slice(0, size);
  }

  /** Closes the pipe. */
  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** The lines of `--json` so far. */
  events(): Record<string, unknown>[] {
    const lines = this.#stderr.split("\n").slice(0, -1);
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  /** Waits until `condition` holds; it is asked again whenever something is said. */
  async until(condition: () => boolean, what: string): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#tell();
    }, 30_000);
    while (!condition()) {
      if (late) throw new Error(`Expected ${what}, got ${this.#stderr.slice(-2000)}`);
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
    clearTimeout(timer);
  }

  /** The exit code, and all that was said. */
  async end(): Promise<{ readonly code: number; readonly stderr: string }> {
    const { code } = await this.#child.status;
    await this.#words;
    return { code, stderr: this.#stderr };
  }

  /** The most memory it ever had, in MiB. */
  async peak(): Promise<number> {
    // the runtime keeps /proc closed to us
    const status = await system("cat", `/proc/${this.#child.pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => {});
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.end();
  }

  async #collect(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#stderr += text;
      this.#tell();
    }
  }

  #tell(): void {
    for (const resolve of this.#watchers.splice(0)) resolve();
  }
}
