import { join } from "@std/path";
import type { Host } from "./host.ts";
import type { Program } from "./program.ts";
import type { Torrent } from "./torrent.ts";
import { until } from "./until.ts";

/** Seconds a download of a few tens of MiB may take, on a busy machine. */
const DOWNLOAD_SECONDS = 60;
/** Seconds until it listens. */
const START_SECONDS = 20;
/** Seconds a gentle stop may take. */
const STOP_SECONDS = 10;

/**
 * `tm get`: downloads into `folder` and ends. Throws unless it exits 0 and its JSON lines tell of
 * this torrent from `added` to `done`, which it answers. `report` adds the other side to a failure message.
 */
export async function tmGet(
  host: Host,
  tm: string,
  torrent: Torrent,
  folder: string,
  logs: string,
  report: () => Promise<string>,
  options: readonly string[] = [],
  seconds = DOWNLOAD_SECONDS,
): Promise<Record<string, unknown>[]> {
  await Deno.mkdir(folder, { recursive: true });
  const where = ["-d", folder, "--listen-port", "0"];
  const program = host.start({
    name: `tm-get-${torrent.name}`,
    command: [tm, "get", torrent.path, ...where, "--json", "-v", ...offline(options)],
    folder: logs,
    cwd: logs,
  });
  try {
    const code = await program.wait(seconds);
    if (code !== 0) {
      const what = code === null ? `no end after ${seconds} s` : `exit code ${code}`;
      throw new Error(`Expected tm get to exit 0, got ${what}`);
    }
    const events = program.events();
    for (const type of ["added", "done"]) {
      const event = events.find((one) => one.type === type);
      if (event?.torrent !== torrent.infoHash) {
        const got = JSON.stringify(event);
        throw new Error(`Expected an event ${type} of torrent ${torrent.infoHash}, got ${got}`);
      }
    }
    return events;
  } catch (error) {
    throw new Error(`${message(error)}\n${tail(program)}\n${await report()}`, { cause: error });
  } finally {
    await program.stop();
  }
}

/** A `tm` that stays. */
abstract class TmRunning implements AsyncDisposable {
  readonly #program: Program;

  constructor(
    host: Host,
    command: readonly [tm: string, verb: "get" | "seed"],
    torrent: Torrent,
    folder: string,
    logs: string,
    options: readonly string[],
  ) {
    const where = [torrent.path, "-d", folder, "--listen-port", "0", "--json", "-v"];
    this.#program = host.start({
      name: `tm-${command[1]}-${torrent.name}`,
      command: [...command, ...where, ...offline(options)],
      folder: logs,
      cwd: logs,
    });
  }

  /** Waits for the port it listens on. */
  async port(): Promise<number> {
    return await until("tm to listen", START_SECONDS, () => {
      this.assertRunning();
      const port = this.events().find(({ type }) => type === "listening")?.port;
      return typeof port === "number" ? port : null;
    }, () => this.tail());
  }

  /** True when it has been connected to a peer at this address. */
  hasMet(address: string): boolean {
    return this.events().some(({ type, action, peer }) =>
      type === "peer" && action === "connected" && String(peer).startsWith(`${address}:`)
    );
  }

  assertRunning(): void {
    this.#program.assertRunning();
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** What it has told so far. */
  events(): Record<string, unknown>[] {
    return this.#program.events();
  }

  tail(): string {
    return tail(this.#program);
  }

  /** Asks it to stop; throws when it does not go by itself. */
  async stop(): Promise<void> {
    if (await this.#program.stop(STOP_SECONDS)) return;
    throw new Error(`Expected tm to stop within ${STOP_SECONDS} s of SIGTERM\n${this.tail()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop();
  }
}

/** `tm seed`, running. */
export class TmSeed extends TmRunning {
  constructor(
    host: Host,
    tm: string,
    torrent: Torrent,
    folder: string,
    logs: string,
    options: readonly string[] = [],
  ) {
    super(host, [tm, "seed"], torrent, folder, logs, options);
  }
}

/** `tm get`, running, which goes on as a seed. */
export class TmGet extends TmRunning {
  constructor(
    host: Host,
    tm: string,
    torrent: Torrent,
    folder: string,
    logs: string,
    options: readonly string[] = [],
  ) {
    Deno.mkdirSync(folder, { recursive: true });
    super(host, [tm, "get"], torrent, folder, logs, ["--seed-time", "10", ...options]);
  }

  /** It has everything. */
  isDone(): boolean {
    this.assertRunning();
    return this.events().some(({ type }) => type === "done");
  }
}

/** An option for a test: others in its network are looked for (tm does so by itself). */
export const WITH_LSD = "--lsd";

/** Options for a test: the DHT of the world is not looked for, and nobody in the network unless the test says so. */
function offline(options: readonly string[]): readonly string[] {
  const dht = options.includes("--dht-node") ? [] : ["--no-dht"];
  const lsd = options.includes(WITH_LSD) ? [] : ["--no-lsd"];
  return [...options.filter((option) => option !== WITH_LSD), ...dht, ...lsd];
}

/** The binary under test: `--tm PATH`, or `dist/tm`. Throws when there is none. */
export function findTm(path: string | undefined): string {
  const project = join(import.meta.dirname ?? ".", "..", "..", "..");
  const tm = path ?? join(project, "dist", "tm");
  try {
    return Deno.realPathSync(tm);
  } catch {
    throw new Error(`Expected the binary at ${tm}: run \`deno task compile\`, or pass --tm PATH`);
  }
}

/** How many events, of those that tell a story, go into a failure message. */
const EVENTS = 25;

/** What tm printed, without the pieces and all but the last progress: they bury the cause. */
function tail(program: Program): string {
  const lines = program.stdout().split("\n").filter((line) => line !== "");
  const telling = lines.filter((line) => !/^\{"type":"(progress|piece)"/.test(line));
  const progress = lines.findLast((line) => line.startsWith('{"type":"progress"'));
  const errors = program.stderr().slice(-2500).trimEnd();
  const state = program.exitCode === null ? "running" : `exit code ${program.exitCode}`;
  return [`--- ${program.name} (${state})`, ...telling.slice(-EVENTS), progress ?? "", errors]
    .filter((line) => line !== "").join("\n");
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
