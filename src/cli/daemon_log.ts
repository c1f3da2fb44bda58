import type { EngineEvent } from "../session/mod.ts";
import type { Context } from "./command.ts";
import { DaemonNews } from "./daemon_news.ts";
import {
  describeAdded,
  describeDht,
  describeError,
  describeMapping,
  describeTracker,
  describeWatched,
  describeWebseed,
} from "./describe.ts";
import { jsonLine } from "./json_line.ts";
import { LineQueue } from "./line_queue.ts";
import { printable } from "./printable.ts";
import { formatSize } from "./units.ts";

/** Torrents whose names are remembered. */
const MOST_NAMES = 20_000;

/**
 * What a manager says of what happens: a line each, with the time, as text or JSON; with `-v` everything, otherwise
 * what is news. A log that cannot be written, on a full disk or to a pipe whose reader went or sleeps, ends nothing and
 * holds nothing up.
 */
export class DaemonLog {
  /** The engine itself has failed. */
  failed = false;
  readonly #context: Context;
  readonly #lines: LineQueue;
  readonly #errors: LineQueue;
  readonly #news = new DaemonNews();
  readonly #names = new Map<string, string>();

  constructor(context: Context) {
    this.#context = context;
    this.#lines = new LineQueue(context.env.stdout);
    this.#errors = new LineQueue(context.env.stderr);
  }

  /** Resolves when everything is written; a reader that does not read makes it last for ever. */
  async flush(): Promise<void> {
    await Promise.all([this.#lines.flush(), this.#errors.flush()]);
  }

  /** Something happened; `onFailure` is called when nothing more can. */
  event(event: EngineEvent, onFailure: () => void): void {
    if (event.type === "error" && event.torrent === null) {
      this.failed = true;
      onFailure();
    }
    if (event.type === "added" || event.type === "watched") {
      const { torrent, name } = event;
      if (torrent !== null && name !== null) this.#remember(torrent, printable(name));
    }
    const { verbose, env: { clock } } = this.#context;
    if (!this.#news.isNews(event, clock.now()) && !verbose) return;
    const isProblem = event.type === "error" || event.type === "warning" ||
      (event.type === "watched" && event.outcome === "failed");
    this.#tell(event, () => this.#words(event), isProblem);
  }

  /** It can be driven now. */
  ready(place: string, folder: string, guarded: boolean, watch: readonly string[]): void {
    const words = `Ready: ${place}, folder ${printable(folder)}`;
    this.#tell({ type: "ready", place, folder, guarded, watch }, () => words, false);
    if (this.#context.json) return;
    for (const path of watch) this.#print(`Watching ${printable(path)}`, false);
    const open = /^http:\/\/(127\.|\[::1\]|localhost)/.test(place) || !place.startsWith("http");
    if (guarded || open) return;
    this.#print("No password: only this machine may use it (--rpc-auth-file lets others in)", true);
  }

  /** It ends; everything is saved first. */
  stopping(): void {
    this.#tell({ type: "stopping" }, () => "Stopping…", false);
  }

  /** Lines that `-v` asks for. */
  receipt(lines: readonly string[]): void {
    if (this.#context.json) return this.#tell({ type: "receipt", lines }, () => null, false);
    for (const line of lines) this.#errors.push(line);
  }

  #tell(
    event: object,
    words: () => string | null,
    problem: boolean,
  ): void {
    const { json } = this.#context;
    if (!json) {
      const line = words();
      if (line !== null) this.#print(line, problem);
      return;
    }
    const time = this.#date().toISOString();
    this.#lines.push(jsonLine({ time, ...event }));
  }

  #words(event: EngineEvent): string | null {
    const name = "torrent" in event && event.torrent !== null ? this.#name(event.torrent) : "";
    switch (event.type) {
      case "listening":
        return event.port === null ? "Not listening for peers" : `Listening on port ${event.port}`;
      case "mapping":
        return describeMapping(event);
      case "added":
        return describeAdded(event);
      case "metadata":
        return `${name}: metadata is here, ${formatSize(event.size)}`;
      case "done":
        return `${name}: complete, ${formatSize(event.size)}`;
      case "finished":
        return `${name}: seeded enough`;
      case "checked":
        return `${name}: checked, ${formatSize(event.done)} of ${formatSize(event.size)} are right`;
      case "watched":
        return describeWatched(event);
      case "warning":
        return event.torrent === null
          ? printable(event.message)
          : `${name}: ${printable(event.message)}`;
      case "error":
        return describeError(event, event.torrent === null ? null : name);
      case "tracker":
        return describeTracker(event);
      case "webseed":
        return describeWebseed(event);
      case "dht":
        return `${name}: ${describeDht(event)}`;
      case "waiting":
        return `${name}: ${printable(event.text)}`;
      default:
        return null;
    }
  }

  #remember(torrent: string, name: string): void {
    this.#names.delete(torrent);
    this.#names.set(torrent, name);
    const [oldest] = this.#names.keys();
    if (this.#names.size > MOST_NAMES && oldest !== undefined) this.#names.delete(oldest);
  }

  #name(torrent: string): string {
    return this.#names.get(torrent) ?? torrent.slice(0, 8);
  }

  #print(line: string, problem: boolean): void {
    const text = `${clockTime(this.#date())} ${line}`;
    if (problem) this.#errors.push(text);
    else if (!this.#context.quiet) this.#lines.push(text);
  }

  #date(): Date {
    return new Date(this.#context.env.clock.date() * 1000);
  }
}

/** `2026-11-28 07:30:01`, local time. */
function clockTime(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
