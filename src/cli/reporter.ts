/** Who tells the user what happens: as JSON, as a status that is redrawn, or as plain lines. */
import { join } from "@std/path";
import type { EngineEvent } from "../session/mod.ts";
import type { Context } from "./command.ts";
import {
  describeAdded,
  describeDht,
  describeDone,
  describeError,
  describeMapping,
  describePeer,
  describeStreamed,
  describeTracker,
  describeUnfinished,
  describeWebseed,
} from "./describe.ts";
import { describeCauses, describeWait, describeWaiting } from "./describe_waiting.ts";
import { jsonLine } from "./json_line.ts";
import { LineProgress } from "./line_progress.ts";
import { LiveProgress } from "./live_progress.ts";
import { printable } from "./printable.ts";
import { formatEta, formatSize } from "./units.ts";
import { advance, newView, type TorrentView } from "./torrent_view.ts";
import { WaitNotes } from "./wait_notes.ts";

/** Hears everything that happens to the torrents of a run. Every method may throw `Deno.errors.BrokenPipe`. */
export interface Reporter {
  /** A torrent takes part, before the engine has said anything of it. */
  expect(id: string, name: string, size: number): void;
  event(event: EngineEvent): void;
  /** A sentence of the program itself, on standard error. */
  note(text: string): void;
  /** Takes the status off the screen: nothing more will be said. */
  hush(): void;
  /** The run is over; `unfinished` torrents were stopped too early. */
  close(unfinished: readonly string[]): void;
}

/** How a run's progress is shown. */
export interface Progress {
  /** `view` changed; `running` are all torrents that have not ended. */
  update(view: TorrentView, running: readonly TorrentView[]): void;
  /** A torrent has ended. */
  remove(running: readonly TorrentView[]): void;
}

/** Hears every event first and says what is its own to say; true: nobody else need say it in words. */
export type Speaker = (event: EngineEvent) => boolean;

/** The reporter that the options of a command ask for; `folder` as the user wrote it, null for a stream. */
export function createReporter(
  context: Context,
  folder: string | null,
  speaker: Speaker = () => false,
): Reporter {
  return context.json
    ? new JsonReporter(context, speaker)
    : new HumanReporter(context, folder, speaker);
}

/** Every event as it is, a line each, on standard output. */
class JsonReporter implements Reporter {
  readonly #context: Context;
  readonly #speaker: Speaker;

  constructor(context: Context, speaker: Speaker) {
    this.#context = context;
    this.#speaker = speaker;
  }

  expect(): void {}

  event(event: EngineEvent): void {
    this.#context.terminal.print(jsonLine(event));
    this.#speaker(event);
  }

  note(text: string): void {
    if (!this.#context.quiet) this.#context.terminal.printError(text);
  }

  hush(): void {}

  close(): void {}
}

class HumanReporter implements Reporter {
  readonly #context: Context;
  readonly #folder: string | null;
  readonly #speaker: Speaker;
  readonly #progress: Progress | null;
  /** What goes as it should is worth words: in a pipeline only problems are, unless more was asked for. */
  readonly #chatty: boolean;
  readonly #views = new Map<string, TorrentView>();
  readonly #ended = new Set<string>();
  /** The last complaint of each tracker and web server: the same one again is not news. */
  readonly #complaints = new Map<string, string>();
  readonly #waits: WaitNotes;

  constructor(context: Context, folder: string | null, speaker: Speaker) {
    this.#context = context;
    this.#speaker = speaker;
    this.#waits = new WaitNotes(() => context.env.clock.now());
    this.#folder = folder;
    const { terminal, env, quiet, verbose } = context;
    this.#chatty = !quiet && (folder !== null || terminal.isLive || verbose);
    if (!this.#chatty) this.#progress = null;
    else if (terminal.isLive) this.#progress = new LiveProgress(terminal, env.clock);
    else this.#progress = new LineProgress(terminal, env.clock);
  }

  expect(id: string, name: string, size: number): void {
    this.#views.set(id, newView(id, name, size));
  }

  event(event: EngineEvent): void {
    const id = "torrent" in event ? event.torrent : null;
    const before = id === null ? undefined : this.#views.get(id);
    if (before !== undefined) {
      this.#views.set(before.id, advance(before, event, this.#context.env.clock.now()));
    }
    if (!this.#speaker(event)) this.#say(event, before?.name ?? null);
    if (before === undefined) return;
    const view = this.#views.get(before.id)!;
    if (event.type === "error" || event.type === "finished") {
      this.#ended.add(view.id);
      this.#progress?.remove(this.#running());
    } else if (view !== before && event.type !== "piece") {
      this.#progress?.update(view, this.#running());
    }
  }

  note(text: string): void {
    if (!this.#context.quiet) this.#context.terminal.printError(text);
  }

  hush(): void {
    this.#context.terminal.status([]);
  }

  close(unfinished: readonly string[]): void {
    const { terminal, quiet } = this.#context;
    terminal.status([]);
    if (quiet) return;
    for (const id of unfinished) {
      const view = this.#views.get(id);
      if (view === undefined) continue;
      terminal.printError(describeUnfinished(view, terminal.columns, this.#folder !== null));
    }
  }

  #running(): TorrentView[] {
    return [...this.#views.values()].filter(({ id }) => !this.#ended.has(id));
  }

  /** Prints what is worth a line of its own. */
  #say(event: EngineEvent, name: string | null): void {
    const { terminal, quiet, verbose } = this.#context;
    if (event.type === "error") {
      terminal.complain("Error", describeError(event, name));
      if (event.waiting === undefined || quiet) return;
      return this.#lines(describeCauses(event.waiting, this.#columns));
    }
    if (quiet) return;
    switch (event.type) {
      case "added":
        if (terminal.isLive || !this.#chatty) return;
        return terminal.print(describeAdded(event));
      case "warning":
        return this.#warn(name === null ? event.message : `${name}: ${event.message}`);
      case "tracker":
        return this.#tracker(event, this.#prefix(name));
      case "dht":
        if (verbose) this.note(this.#prefix(name) + describeDht(event));
        return;
      case "webseed":
        return this.#webseed(event, this.#prefix(name));
      case "peer":
        if (!verbose && event.action !== "banned") return;
        return this.note(this.#prefix(name) + describePeer(event));
      case "waiting":
        return this.#waiting(event, name ?? event.torrent);
      case "moving":
        if (!this.#waits.moves(event) || !verbose) return;
        return this.note(
          `${printable(name ?? event.torrent)}: goes on after ${formatEta(event.seconds)}`,
        );
      case "listening":
        if (!verbose) return;
        return this.note(event.port === null ? "Not listening" : `Listening on port ${event.port}`);
      case "mapping":
        if (!event.ok) return this.#warn(describeMapping(event));
        if (this.#chatty) terminal.print(describeMapping(event));
        return;
      case "done":
        if (!this.#chatty) return;
        return terminal.print(
          this.#folder === null
            ? describeStreamed(event, terminal.columns)
            : describeDone(event, join(this.#folder, event.name), terminal.columns),
        );
      case "finished":
        if (event.uploaded === 0 || name === null) return;
        return terminal.print(`${printable(name)}: ${formatSize(event.uploaded)} sent`);
      default:
        return;
    }
  }

  /** With -v everything there is to know; otherwise a line, which on a terminal the status has already. */
  #waiting(event: Extract<EngineEvent, { type: "waiting" }>, name: string): void {
    const { terminal, verbose } = this.#context;
    // a slow reader is a phase of the progress
    if (!verbose && (terminal.isLive || event.stage === "reader")) return;
    if (!this.#waits.waits(event)) return;
    if (verbose) return this.#lines(describeWaiting(event, name, this.#columns));
    terminal.print(`${printable(name)}: ${describeWait(event, event.seconds)}`);
  }

  #lines(lines: readonly string[]): void {
    for (const line of lines) this.#context.terminal.printError(line);
  }

  get #columns(): number {
    return this.#context.terminal.columns ?? 80;
  }

  /** Which torrent a line is about, where there are several. */
  #prefix(name: string | null): string {
    return name === null || this.#views.size < 2 ? "" : `${printable(name)}: `;
  }

  #tracker(event: Extract<EngineEvent, { type: "tracker" }>, prefix: string): void {
    const complaint = event.message ?? (event.ok ? "" : "no answer");
    const isNews = this.#isNews(event, complaint);
    if (complaint !== "" && isNews) this.#warn(prefix + describeTracker(event));
    else if (this.#context.verbose) this.note(prefix + describeTracker(event));
  }

  #webseed(event: Extract<EngineEvent, { type: "webseed" }>, prefix: string): void {
    const text = prefix + describeWebseed(event);
    if (event.message !== null && this.#isNews(event, event.message)) this.#warn(text);
    else if (this.#context.verbose) this.note(text);
  }

  /** True when a tracker or web server did not say the same the last time. */
  #isNews({ torrent, url }: { readonly torrent: string; readonly url: string }, said: string) {
    const key = `${torrent} ${url}`;
    const isNews = this.#complaints.get(key) !== said;
    this.#complaints.set(key, said);
    return isNews;
  }

  #warn(text: string): void {
    this.#context.terminal.complain("Warning", printable(text));
  }
}
