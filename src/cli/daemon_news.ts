/** What of everything that happens in a manager is worth a line in its log. */
import type { EngineEvent } from "../session/mod.ts";

/** The same again within this time is not news, in milliseconds. */
export const REPEAT_MS = 6 * 3_600_000;
/** Sayings remembered; the oldest go. */
const MOST = 2000;

/** Tells news from what was said already. Trackers and web servers fail and come back for months. */
export class DaemonNews {
  /** When it was said, by what it is. */
  readonly #said = new Map<string, number>();
  /** What is not well, so that its recovery is news. */
  readonly #failing = new Set<string>();

  /** True when an event should be told; `now` in milliseconds on a clock that never goes back. */
  isNews(event: EngineEvent, now: number): boolean {
    switch (event.type) {
      case "tracker":
        return this.#service(`tracker ${event.url}`, event.ok, event.message, now);
      case "webseed": {
        const { url, action, message } = event;
        return this.#service(`webseed ${url}`, action === "serves", message, now);
      }
      case "mapping":
        return this.#first(`mapping ${event.message} ${event.address} ${event.tcp}`, now);
      case "warning":
      case "error":
        return this.#first(`${event.type} ${event.torrent} ${event.message}`, now);
      case "added":
      case "metadata":
      case "listening":
      case "done":
      case "finished":
      case "checked":
      case "watched":
        return true;
      default:
        return false;
    }
  }

  /** Many torrents share a tracker: its trouble is told once, and its recovery when that was told. */
  #service(key: string, ok: boolean, message: string | null, now: number): boolean {
    if (!ok) {
      if (this.#failing.size < MOST) this.#failing.add(key);
      return this.#first(`${key} ${message}`, now);
    }
    // it may say something although it works
    if (message !== null) return this.#first(`${key} ${message}`, now);
    return this.#failing.delete(key) && this.#first(`${key} works`, now);
  }

  #first(key: string, now: number): boolean {
    const at = this.#said.get(key);
    if (at !== undefined && now - at < REPEAT_MS) return false;
    this.#said.delete(key);
    this.#said.set(key, now);
    if (this.#said.size > MOST) {
      for (const oldest of this.#said.keys()) {
        this.#said.delete(oldest);
        break;
      }
    }
    return true;
  }
}
