import { type Bytes, concat } from "../../../src/base/mod.ts";
import { binary, offline, type Program } from "./binary.ts";

/** Seconds until a program that should have ended, or have said something, is killed. */
const PATIENCE = 30;

/** How a program is started. */
export interface Launch {
  readonly program?: Program;
  /** Another place of the program. */
  readonly path?: string;
  readonly cwd?: string;
  /** All of its environment: nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Bytes;
  /** Another user, by number: the tests run as root, who may do anything. */
  readonly user?: number;
}

/** How a program ended. */
export interface Result {
  /** Exit code; 128 + n after signal n. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of `--json`. */
export type JsonEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A running `tm`, with everything it has printed so far. */
export class Tm {
  readonly #child: Deno.ChildProcess;
  readonly #command: string;
  readonly #output: Promise<unknown>;
  readonly #text = { stdout: "", stderr: "" };
  #watchers: (() => void)[] = [];
  #status: Deno.CommandStatus | null = null;

  constructor(args: readonly string[], launch: Launch = {}) {
    const { program = "tm", path = binary(program), cwd, env, stdin, user } = launch;
    this.#command = [program, ...args].join(" ");
    this.#child = new Deno.Command(path, {
      args: offline(args),
      clearEnv: true,
      env: { LC_ALL: "C.UTF-8", ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(user === undefined ? {} : { uid: user, gid: user }),
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#output = Promise.all([
      this.#collect("stdout"),
      this.#collect("stderr"),
      stdin === undefined ? null : this.#feed(stdin),
      this.#child.status.then((status) => this.#status = status),
    ]).then(() => this.#tell());
  }

  get pid(): number {
    return this.#child.pid;
  }

  get stdout(): string {
    return this.#text.stdout;
  }

  get stderr(): string {
    return this.#text.stderr;
  }

  /** Whole lines of standard output, each of which must be a JSON object with a type. */
  events(): JsonEvent[] {
    const { stdout } = this.#text;
    const lines = stdout.slice(0, stdout.lastIndexOf("\n") + 1).split("\n").slice(0, -1);
    return lines.map((line) => {
      const value: unknown = JSON.parse(line);
      if (typeof value === "object" && value !== null && "type" in value) return value as JsonEvent;
      throw new Error(`Expected an object with a type, got ${line}`);
    });
  }

  /** The first event that `matches`, waited for. */
  async event(
    type: string,
    matches: (event: JsonEvent) => boolean = () => true,
  ): Promise<JsonEvent> {
    const find = () => this.events().find((event) => event.type === type && matches(event));
    await this.until(() => find() !== undefined, `the event ${type}`);
    return find()!;
  }

  /** The port of a `tm … --json` that listens. */
  async port(): Promise<number> {
    return Number((await this.event("listening"))["port"]);
  }

  /** Waits until `condition` holds; it is asked again at each output. Throws when the program ends before. */
  async until(condition: () => boolean, what: string): Promise<void> {
    await this.#within(PATIENCE, what, async () => {
      while (!condition()) {
        if (this.#status !== null) throw new Error(`Expected ${what}, got ${this.describe()}`);
        await new Promise<void>((resolve) => this.#watchers.push(resolve));
      }
    });
  }

  /** Sends a signal; a program that has ended does not mind. */
  signal(signal: Deno.Signal): void {
    try {
      if (this.#status === null) this.#child.kill(signal);
    } catch (error) {
      // It ended between the look and the signal.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Waits for the end; kills it and throws when that takes more than `seconds`. */
  async end(seconds = PATIENCE): Promise<Result> {
    await this.#within(seconds, `an end within ${seconds} s`, () => this.#output);
    return { code: this.#status!.code, ...this.#text };
  }

  /** Makes sure that it has ended. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#output;
  }

  /** The command line and everything printed, for failure messages. */
  describe(): string {
    const state = this.#status === null ? "running" : `exit code ${this.#status.code}`;
    const { stdout, stderr } = this.#text;
    return `${this.#command} (${state})\n--- stdout\n${stdout.slice(-4000)}--- stderr\n${stderr}`;
  }

  async #within(seconds: number, what: string, wait: () => Promise<unknown>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), seconds * 1000);
    });
    try {
      if (await Promise.race([wait(), late]) !== "late") return;
    } finally {
      clearTimeout(timer);
    }
    const description = this.describe();
    await this.kill();
    throw new Error(`Expected ${what}, got ${description}`);
  }

  async #collect(stream: "stdout" | "stderr"): Promise<void> {
    for await (const text of this.#child[stream].pipeThrough(new TextDecoderStream())) {
      this.#text[stream] += text;
      this.#tell();
    }
  }

  async #feed(stdin: Bytes): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    try {
      // one more copy: the stream may take the buffer away
      await writer.write(concat(stdin));
      await writer.close();
    } catch {
      // it had read enough
    }
  }

  #tell(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const resolve of watchers) resolve();
  }
}
