/** `tm` from source as processes of its own: one that ends by itself, one that serves until the demo is over. */
import { PROXY_VARIABLES } from "../../src/cli/proxy_variables.ts";

/** The flags of `deno task tm`. */
const RUN = [
  "run",
  "--quiet",
  "--no-prompt",
  "--unstable-worker-options",
  "--unstable-net",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-sys=statfs",
  `--allow-env=${PROXY_VARIABLES.join(",")}`,
];

/** How long a process may take to end gently. */
const GRACE_MS = 5_000;

/** Starts and, whatever happens, ends the processes of a demo. */
export class Processes {
  readonly #entry: string;
  readonly #cwd: string;
  readonly #running = new Set<Deno.ChildProcess>();

  /** `entry` is the project's `mod.ts`, `cwd` the folder the processes work in. */
  constructor(entry: string, cwd: string) {
    this.#entry = entry;
    this.#cwd = cwd;
  }

  /** Runs `tm` with the terminal as its own, to its end. Throws `Error` when it fails, and `signal`'s reason. */
  async run(args: readonly string[], signal: AbortSignal): Promise<void> {
    const child = this.#spawn(args, "inherit");
    const { code } = await abortable(child.status, signal);
    if (code !== 0) throw new Error(`Expected tm ${args[0]} to succeed, got exit ${code}`);
  }

  /** Starts `tm … --json` and waits for the event that `wanted` accepts. Throws `Error` when it ends before, and `signal`'s reason. */
  async serve(
    args: readonly string[],
    wanted: (event: Record<string, unknown>) => boolean,
    signal: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const child = this.#spawn([...args, "--json"], "piped");
    const words = new Response(child.stderr).text();
    const found = Promise.withResolvers<Record<string, unknown>>();
    // Read to the end even after the event: a full pipe would stop the process.
    void readEvents(child.stdout, (event) => wanted(event) && found.resolve(event));
    const ended = child.status.then(async ({ code }) => {
      throw new Error(`Expected tm ${args[0]} to keep running, got exit ${code}\n${await words}`);
    });
    return await abortable(Promise.race([found.promise, ended]), signal);
  }

  /** Ends what still runs: gently, and after a few seconds by force. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map(async (child) => {
      kill(child, "SIGTERM");
      const timer = setTimeout(() => kill(child, "SIGKILL"), GRACE_MS);
      await child.status;
      clearTimeout(timer);
    }));
  }

  #spawn(args: readonly string[], output: "inherit" | "piped"): Deno.ChildProcess {
    const child = new Deno.Command(Deno.execPath(), {
      args: [...RUN, this.#entry, ...args],
      cwd: this.#cwd,
      stdin: "null",
      stdout: output,
      stderr: output,
    }).spawn();
    this.#running.add(child);
    void child.status.then(() => this.#running.delete(child));
    return child;
  }
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended by itself.
  }
}

/** `promise`, or `signal`'s reason when that comes first. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Hands each line of JSON to `hear`; other lines are left out. */
async function readEvents(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  hear: (event: Record<string, unknown>) => void,
): Promise<void> {
  let rest = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("{")) hear(JSON.parse(line));
    }
  }
}
