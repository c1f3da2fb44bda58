import { join } from "@std/path";
import { Hopeless } from "./until.ts";

/** Seconds from SIGTERM to SIGKILL. */
const GRACE_SECONDS = 5;
/** What of a log goes into a failure message. */
const TAIL_CHARACTERS = 2500;

/** How to start a {@linkcode Program}. */
export interface Launch {
  /** Short and unique within `folder`: names the two log files. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Where the logs go. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * A process whose output goes to files, so that nothing has to be pumped while it runs and the
 * tail is at hand when something fails. A shell opens the files and then becomes the program:
 * `pid` is the program's own.
 */
export class Program {
  readonly name: string;
  readonly stdoutPath: string;
  readonly stderrPath: string;
  #child: Deno.ChildProcess;
  #exit: Promise<number>;
  #exitCode: number | null = null;

  constructor(launch: Launch) {
    this.name = launch.name;
    this.stdoutPath = join(launch.folder, `${launch.name}.out`);
    this.stderrPath = join(launch.folder, `${launch.name}.err`);
    this.#child = new Deno.Command("/bin/sh", {
      args: [
        "-c",
        'out=$1; err=$2; shift 2; exec "$@" >"$out" 2>"$err" </dev/null',
        "sh",
        this.stdoutPath,
        this.stderrPath,
        ...launch.command,
      ],
      // Without a UTF-8 locale some clients write mangled file names.
      env: { LC_ALL: "C.UTF-8", ...launch.env },
      ...(launch.cwd === undefined ? {} : { cwd: launch.cwd }),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#exit = this.#child.status.then((status) => this.#exitCode = status.code);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Null while it runs. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** Everything printed to standard output so far. */
  stdout(): string {
    return read(this.stdoutPath);
  }

  /** Everything printed to standard error so far. */
  stderr(): string {
    return read(this.stderrPath);
  }

  /** Whole lines of standard output that are JSON objects; a line that is not is an error. */
  events(): Record<string, unknown>[] {
    const whole = this.stdout();
    return whole.slice(0, whole.lastIndexOf("\n") + 1).split("\n").filter((line) => line !== "")
      .map((line) => {
        try {
          return JSON.parse(line) as Record<string, unknown>;
        } catch {
          throw new Hopeless(`Expected a line of JSON from ${this.name}, got ${line}`);
        }
      });
  }

  /** Throws {@linkcode Hopeless} when the process has ended: for use inside a wait. */
  assertRunning(): void {
    if (this.#exitCode !== null) {
      throw new Hopeless(`${this.name} has ended with exit code ${this.#exitCode}`);
    }
  }

  /** The end of both logs, for failure messages. */
  tail(): string {
    const state = this.#exitCode === null ? "running" : `exit code ${this.#exitCode}`;
    return [this.stdoutPath, this.stderrPath].map((path) => {
      const text = read(path).slice(-TAIL_CHARACTERS).trimEnd();
      return text === "" ? "" : `--- ${path} (${state})\n${text}`;
    }).filter((part) => part !== "").join("\n") || `--- ${this.name} printed nothing (${state})`;
  }

  /** Waits for the exit code; null when it still runs after `seconds`. */
  async wait(seconds: number): Promise<number | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), seconds * 1000);
    });
    try {
      return await Promise.race([this.#exit, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks it to end, and after a while makes it. Answers whether it went by itself. */
  async stop(graceSeconds = GRACE_SECONDS): Promise<boolean> {
    this.#signal("SIGTERM");
    if (await this.wait(graceSeconds) !== null) return true;
    this.#signal("SIGKILL");
    await this.#exit;
    return false;
  }

  #signal(signal: Deno.Signal): void {
    if (this.#exitCode !== null) return;
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It ended between the look and the signal.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
