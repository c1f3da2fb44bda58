/** What `tm verify` and `tm create` have in common: hashing with progress, and Ctrl-C. */
import type { HashProgress } from "../engine/mod.ts";
import type { Context } from "./command.ts";
import { CommandError, ExitCode } from "./exit_codes.ts";
import { jsonLine } from "./json_line.ts";
import { LineProgress } from "./line_progress.ts";
import { LiveProgress } from "./live_progress.ts";
import { loadWidths } from "./printable.ts";
import { newView, type TorrentView } from "./torrent_view.ts";

/** Between two events of one job, but for the last; a piece each would be a million lines a terabyte. */
const EVENT_MS = 1000;

/** What is hashed: `torrent` is null while there is no info hash. */
export interface HashSubject {
  readonly phase: "checking" | "hashing";
  readonly torrent: string | null;
  readonly name: string;
  readonly size: number;
}

/** Runs `job`, showing its progress; a request to stop aborts it and throws {@linkcode CommandError} (7). */
export async function runHashJob<T>(
  context: Context,
  subject: HashSubject,
  job: (onProgress: (progress: HashProgress) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { env, terminal } = context;
  await loadWidths([subject.name]);
  const abort = new AbortController();
  const stopped = Promise.withResolvers<never>();
  const stop = (error: unknown) => {
    stopped.reject(error);
    abort.abort();
  };
  const show = progressOf(context, subject);
  const unsubscribe = env.onStopSignal(() =>
    stop(new CommandError(ExitCode.unfinished, "Stopped before everything was hashed"))
  );
  const running = job((progress) => {
    if (abort.signal.aborted) return;
    try {
      show(progress);
    } catch (error) {
      stop(error); // the reader of our output is gone
    }
  }, abort.signal);
  running.catch(() => {}); // what an aborted job says is of no interest
  try {
    return await Promise.race([running, stopped.promise]);
  } finally {
    unsubscribe();
    terminal.status([]);
  }
}

function progressOf(context: Context, subject: HashSubject): (progress: HashProgress) => void {
  const { env, terminal, json, quiet } = context;
  if (json) {
    let last = -Infinity;
    return ({ checked, size }) => {
      const now = env.clock.now();
      if (now - last < EVENT_MS && checked < size) return;
      last = now;
      terminal.print(jsonLine({ type: "checking", torrent: subject.torrent, checked, size }));
    };
  }
  if (quiet) return () => {};
  const progress = terminal.isLive
    ? new LiveProgress(terminal, env.clock)
    : new LineProgress(terminal, env.clock);
  const start = newView(subject.torrent ?? "", subject.name, subject.size);
  return ({ checked, size }) => {
    const view: TorrentView = { ...start, size, activity: { phase: subject.phase, checked } };
    progress.update(view, [view]);
  };
}
