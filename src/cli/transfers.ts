/** Torrents that run side by side until each has ended, or somebody says stop. */
import { messageOf } from "../base/mod.ts";
import type { WorkerPermissions } from "../engine/mod.ts";
import type { AddOptions, Engine, EngineEvent, EngineOptions } from "../session/mod.ts";
import type { Context } from "./command.ts";
import { ExitCode, exitCodeOfError, exitCodeOfReason } from "./exit_codes.ts";
import { reasonOf } from "./failure.ts";
import { receipt } from "./receipt.ts";
import { StdoutSink } from "./stdout_sink.ts";
import { createReporter, type Reporter, type Speaker } from "./reporter.ts";
import type { Source } from "./source.ts";

/** Time for a gentle stop: saving and telling trackers. */
const GRACE_MS = 3000;
/** Who reads our output waits for its end meanwhile. */
const STREAM_GRACE_MS = 1000;
/** An engine that does not even keep that is left behind. */
const MORE_PATIENCE_MS = 1000;

/** What to run. */
export interface Plan {
  /** The folder as the user wrote it; null: one torrent goes to standard output. */
  readonly folder: string | null;
  /** Has words of its own for some events. */
  readonly speaker?: Speaker;
  readonly engine: EngineOptions;
  readonly torrents: readonly { readonly source: Source; readonly options: AddOptions }[];
}

/** How a torrent stands. */
type Outcome =
  | { readonly phase: "running" }
  /** Complete, perhaps still seeding. */
  | { readonly phase: "complete" }
  | { readonly phase: "finished" }
  | { readonly phase: "failed"; readonly code: ExitCode };

/** Runs a plan to its end; the exit code of each torrent by its id, in the plan's order. Gives up file access once the engine runs. */
export async function runTransfers(
  context: Context,
  plan: Plan,
): Promise<ReadonlyMap<string, ExitCode>> {
  const run = new Run(context, plan);
  const unsubscribe = context.env.onStopSignal(() => run.interrupt());
  try {
    return await run.toEnd();
  } finally {
    unsubscribe();
  }
}

class Run {
  readonly #context: Context;
  readonly #plan: Plan;
  readonly #reporter: Reporter;
  readonly #outcomes = new Map<string, Outcome>();
  /** Resolves when the engine should stop, and when it should be left at once. */
  readonly #stop = Promise.withResolvers<void>();
  readonly #quit = Promise.withResolvers<void>();
  #interrupts = 0;
  /** Nobody reads our output any more. */
  #isMute = false;

  constructor(context: Context, plan: Plan) {
    this.#context = context;
    this.#plan = plan;
    this.#reporter = createReporter(context, plan.folder, plan.speaker);
    for (const { source: { id, name, size } } of plan.torrents) {
      this.#outcomes.set(id, { phase: "running" });
      this.#reporter.expect(id, name, size);
    }
  }

  /** Ctrl-C: gently the first time, at once the second. */
  interrupt(): void {
    if (++this.#interrupts > 1) return this.#quit.resolve();
    this.#tell(() => this.#reporter.note("Stopping… press Ctrl-C again to quit at once"));
    this.#stop.resolve();
  }

  async toEnd(): Promise<ReadonlyMap<string, ExitCode>> {
    const { env, verbose } = this.#context;
    const { folder } = this.#plan.engine;
    const permissions = permissionsFor(this.#plan.engine);
    const engine = await env.startEngine(
      this.#plan.engine,
      permissions,
      (event) => this.#hear(event),
      folder === null ? new StdoutSink(env.stdout, () => this.#readerLeft()) : null,
    );
    try {
      await env.permissions.revokeFiles();
      if (verbose) {
        for (const line of receipt(env, permissions)) {
          this.#tell(() => this.#reporter.note(line));
        }
      }
      for (const { source, options } of this.#plan.torrents) this.#add(engine, source, options);
      await this.#stop.promise;
    } finally {
      await this.#leave(engine);
    }
    const unfinished = [...this.#outcomes].filter(([, { phase }]) => phase === "running");
    this.#tell(() => this.#reporter.close(unfinished.map(([id]) => id)));
    return new Map([...this.#outcomes].map(([id, outcome]) => [id, exitCodeOf(outcome)]));
  }

  async #leave(engine: Engine): Promise<void> {
    const { clock } = this.#context.env;
    const grace = this.#plan.folder === null ? STREAM_GRACE_MS : GRACE_MS;
    const cancel = clock.after(grace + MORE_PATIENCE_MS, () => this.#quit.resolve());
    const stopped = engine.stop(grace).catch((error) =>
      this.#tell(() => this.#reporter.note(`Stopping failed: ${messageOf(error)}`))
    );
    await Promise.race([stopped, this.#quit.promise]);
    cancel();
  }

  #add(engine: Engine, source: Source, options: AddOptions): void {
    engine.add(source.torrent, options).catch((error: unknown) => {
      // An engine that also sent an error event has said it already.
      if (this.#outcomes.get(source.id)?.phase === "failed") return;
      const code = exitCodeOfError(error);
      this.#say({
        type: "error",
        torrent: source.id,
        reason: reasonOf(code),
        message: messageOf(error),
        path: null,
        missing: null,
      });
      this.#settle(source.id, { phase: "failed", code });
    });
  }

  /** Never throws: it is called from the engine's message handler. */
  #hear(event: EngineEvent): void {
    this.#say(event);
    switch (event.type) {
      case "done":
        return this.#settle(event.torrent, { phase: "complete" });
      case "finished":
        return this.#settle(event.torrent, { phase: "finished" });
      case "error": {
        const failed = { phase: "failed", code: exitCodeOfReason(event.reason) } as const;
        if (event.torrent !== null) return this.#settle(event.torrent, failed);
        // The engine itself has failed, and with it everything that was still running.
        for (const id of this.#outcomes.keys()) this.#settle(id, failed);
      }
    }
  }

  #settle(id: string, outcome: Outcome): void {
    const before = this.#outcomes.get(id);
    if (before === undefined || before.phase === "failed" || before.phase === "finished") return;
    this.#outcomes.set(id, outcome);
    const over = [...this.#outcomes.values()].every(({ phase }) =>
      phase === "finished" || phase === "failed"
    );
    if (over) this.#stop.resolve();
  }

  #say(event: EngineEvent): void {
    this.#tell(() => this.#reporter.event(event));
  }

  /** Prints, unless nobody reads: then everything stops, quietly. */
  #tell(print: () => void): void {
    if (this.#isMute) return;
    try {
      print();
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      this.#mute();
    }
  }

  /** Who reads the stream is gone: so is what we have to say. */
  #readerLeft(): void {
    this.#tell(() => this.#reporter.hush());
    this.#mute();
  }

  #mute(): void {
    this.#isMute = true;
    this.#stop.resolve();
  }
}

/** No file for a stream, what is served to read, otherwise the folder. */
function permissionsFor({ folder, served, portMapping }: EngineOptions): WorkerPermissions {
  // a router leads its port to an address of ours
  const own = portMapping ? ["networkInterfaces"] as const : [];
  if (folder === null) return { read: [], write: [], net: true, sys: own };
  if (served !== undefined) return { read: [served], write: [], net: true, sys: own };
  return { read: [folder], write: [folder], net: true, sys: ["statfs", ...own] };
}

function exitCodeOf(outcome: Outcome): ExitCode {
  if (outcome.phase === "failed") return outcome.code;
  return outcome.phase === "running" ? ExitCode.unfinished : ExitCode.ok;
}
