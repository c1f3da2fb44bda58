import type { EngineEvent } from "../session/mod.ts";
import type { Context } from "./command.ts";
import {
  describeAdded,
  describeDht,
  describeError,
  describeTracker,
  describeWebseed,
} from "./describe.ts";
import { jsonLine } from "./json_line.ts";
import { printable } from "./printable.ts";
import { formatSize } from "./units.ts";

/** What a manager says of what happens: a line each, with the time, as text or JSON. */
export class DaemonLog {
  /** The engine itself has failed. */
  failed = false;
  readonly #context: Context;
  readonly #names = new Map<string, string>();
  /** The last complaint of each tracker and web server: the same one again is not news. */
  readonly #complaints = new Map<string, string>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Something happened; `onFailure` is called when nothing more can. */
  event(event: EngineEvent, onFailure: () => void): void {
    if (event.type === "error" && event.torrent === null) {
      this.failed = true;
      onFailure();
    }
    const { json, terminal } = this.#context;
    if (json) return terminal.print(jsonLine({ time: this.#date().toISOString(), ...event }));
    const line = this.#words(event);
    if (line === null) return;
    if (event.type === "error" || event.type === "warning") this.#print(line, true);
    else this.#print(line, false);
  }

  /** It can be driven now. */
  ready(place: string, folder: string, guarded: boolean): void {
    const { json, terminal } = this.#context;
    if (json) {
      const time = this.#date().toISOString();
      return terminal.print(jsonLine({ time, type: "ready", place, folder, guarded }));
    }
    this.#print(`Ready: ${place}, folder ${printable(folder)}`, false);
    const open = /^http:\/\/(127\.|\[::1\]|localhost)/.test(place) || !place.startsWith("http");
    if (guarded || open) return;
    this.#print("No password: only this machine may use it (--rpc-auth-file lets others in)", true);
  }

  /** A sentence of the program itself, on standard error. */
  note(text: string): void {
    if (!this.#context.quiet) this.#context.terminal.printError(text);
  }

  #words(event: EngineEvent): string | null {
    const { verbose } = this.#context;
    const name = "torrent" in event && event.torrent !== null ? this.#name(event.torrent) : "";
    switch (event.type) {
      case "listening":
        return event.port === null ? "Not listening for peers" : `Listening on port ${event.port}`;
      case "added":
        this.#names.set(event.torrent, printable(event.name));
        return describeAdded(event);
      case "metadata":
        return `${name}: metadata is here, ${formatSize(event.size)}`;
      case "done":
        return `${name}: complete, ${formatSize(event.size)}`;
      case "finished":
        return `${name}: seeded enough`;
      case "checked":
        return `${name}: checked, ${formatSize(event.done)} of ${formatSize(event.size)} are right`;
      case "warning":
        return event.torrent === null
          ? printable(event.message)
          : `${name}: ${printable(event.message)}`;
      case "error":
        return describeError(event, event.torrent === null ? null : name);
      case "tracker":
        return this.#complaint(event.url, event.message, () => describeTracker(event));
      case "webseed":
        return this.#complaint(event.url, event.message, () => describeWebseed(event));
      case "dht":
        return verbose ? `${name}: ${describeDht(event)}` : null;
      case "waiting":
        return verbose ? `${name}: ${printable(event.text)}` : null;
      default:
        return null;
    }
  }

  /** The first time of a complaint; everything with `-v`. */
  #complaint(url: string, message: string | null, words: () => string): string | null {
    if (this.#context.verbose) return words();
    if (message === null) {
      this.#complaints.delete(url);
      return null;
    }
    if (this.#complaints.get(url) === message) return null;
    this.#complaints.set(url, message);
    return words();
  }

  #name(torrent: string): string {
    return this.#names.get(torrent) ?? torrent.slice(0, 8);
  }

  #print(line: string, problem: boolean): void {
    const { terminal, quiet } = this.#context;
    const text = `${clockTime(this.#date())} ${line}`;
    if (problem) terminal.printError(text);
    else if (!quiet) terminal.print(text);
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
