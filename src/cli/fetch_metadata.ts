/** The torrent behind a magnet link, for commands that download nothing else. */
import { type Bytes, messageOf } from "../base/mod.ts";
import type { Engine, EngineEvent, EngineOptions } from "../session/mod.ts";
import type { Context } from "./command.ts";
import { describeError } from "./describe.ts";
import { describeCauses, describeWait } from "./describe_waiting.ts";
import { CommandError, ExitCode, exitCodeOfReason } from "./exit_codes.ts";
import { jsonLine } from "./json_line.ts";
import { printable } from "./printable.ts";
import type { MagnetSource } from "./source.ts";
import { type networkOptions, patience } from "./transfer_options.ts";

/** A failure that has been told to the user already. */
export class ToldError extends CommandError {
  constructor(code: ExitCode) {
    super(code, "The metadata did not come");
  }
}

/** For the engine's end: trackers are told that we leave. */
const GRACE_MS = 1000;

/** How to look for it. */
export interface MetadataRequest {
  /** `host:port` of peers named by the user. */
  readonly peers: readonly string[];
  /** Seconds until it must be there; 0: no end. */
  readonly timeout: number;
  /** For a connection and its handshake. */
  readonly connectTimeout: number;
  /** How to find others. */
  readonly network: ReturnType<typeof networkOptions>;
  readonly proxy: EngineOptions["proxy"];
}

/**
 * Fetches the torrent file from the swarm, with an engine that may touch no file. What goes wrong on the way is told on
 * standard error, or as JSON. Throws {@linkcode ToldError}, or {@linkcode CommandError} when it was stopped.
 */
export async function fetchMetadata(
  context: Context,
  source: MagnetSource,
  request: MetadataRequest,
): Promise<Bytes> {
  const { env } = context;
  let failure: Extract<EngineEvent, { type: "error" }> | null = null;
  const listener = new Teller(context, source.name);
  const permissions = { read: [], write: [], net: true, sys: [] };
  const engine = await env.startEngine(options(request), permissions, (event) => {
    if (event.type === "error") failure = event;
    else listener.event(event);
  }, null);
  const stopped = Promise.withResolvers<"stopped">();
  const unsubscribe = env.onStopSignal(() => stopped.resolve("stopped"));
  try {
    const fetching = engine.metadata(source.torrent, { peers: request.peers, typed: true });
    const result = await Promise.race([fetching, stopped.promise]);
    if (result !== "stopped") return result;
    fetching.catch(() => {}); // it ends with the engine
    throw new CommandError(ExitCode.unfinished, "Stopped before the metadata was there");
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw reported(context, source.name, failure, error);
  } finally {
    unsubscribe();
    await leave(engine);
  }
}

function options({ timeout, connectTimeout, network, proxy }: MetadataRequest): EngineOptions {
  return {
    ...network,
    ...(proxy ? { proxy } : {}),
    folder: null,
    // those who cannot be reached may reach us
    listenPort: 0,
    downloadLimit: 0,
    uploadLimit: 0,
    connectTimeout,
    stallTimeout: 0,
    metadataTimeout: timeout,
    waitPatience: patience(timeout),
    progressInterval: 1,
    verbose: false,
  };
}

/** Tells what the engine ended with, with all the reasons there may be. */
function reported(
  { terminal, quiet, json }: Context,
  name: string,
  failure: Extract<EngineEvent, { type: "error" }> | null,
  error: unknown,
): CommandError {
  if (failure === null) return new CommandError(ExitCode.unknown, messageOf(error));
  const code = exitCodeOfReason(failure.reason);
  if (json) terminal.print(jsonLine(failure));
  terminal.complain("Error", describeError(failure, name));
  if (failure.waiting !== undefined && !quiet && !json) {
    for (const line of describeCauses(failure.waiting, terminal.columns ?? 80)) {
      terminal.printError(line);
    }
  }
  return new ToldError(code);
}

async function leave(engine: Engine): Promise<void> {
  await engine.stop(GRACE_MS).catch(() => {});
}

/** Says why it takes long. */
class Teller {
  readonly #context: Context;
  readonly #name: string;

  constructor(context: Context, name: string) {
    this.#context = context;
    this.#name = printable(name);
  }

  event(event: EngineEvent): void {
    const { terminal, json, quiet, verbose } = this.#context;
    const isNews = event.type === "waiting" || event.type === "warning";
    if (json) {
      if (isNews || (verbose && event.type !== "progress")) terminal.print(jsonLine(event));
    } else if (!quiet && event.type === "waiting") {
      terminal.printError(`${this.#name}: ${describeWait(event, event.seconds)}`);
    } else if (!quiet && event.type === "warning") {
      terminal.complain("Warning", printable(event.message));
    }
  }
}
