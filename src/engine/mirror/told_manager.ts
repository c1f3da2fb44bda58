import type { Manager, ManagerApi } from "../../manager/mod.ts";
import type { Changes } from "./changes.ts";
import { Feed } from "./feed.ts";

/** Methods that change nothing. */
const READING: ReadonlySet<keyof ManagerApi> = new Set<keyof ManagerApi>([
  "torrents",
  "recent",
  "session",
  "stats",
  "freeSpace",
  "readTorrent",
  "testPort",
  "doctor",
]);

/** A manager in the engine's thread that is called by messages, and tells the mirror in another thread what changed. */
export class ToldManager {
  readonly #manager: Manager;
  readonly #feed: Feed;
  readonly #tell: (changes: Changes) => void;

  /** What is given to `tell` is heard in that order, and before the answer of a call that is given later. */
  constructor(manager: Manager, tell: (changes: Changes) => void) {
    this.#manager = manager;
    this.#feed = new Feed(() => manager.overview());
    this.#tell = tell;
  }

  /** Calls a method; what it changed is told before this resolves or rejects. */
  async call(method: keyof ManagerApi, args: readonly unknown[]): Promise<unknown> {
    // the other thread is ours, and names no method but those of the interface
    const call = this.#manager[method] as (...args: readonly unknown[]) => Promise<unknown>;
    try {
      return await call.apply(this.#manager, [...args]);
    } finally {
      // also when it failed: part of it may be done
      if (this.#feed.begun && !READING.has(method)) this.#changed();
    }
  }

  /** Tells everything that changed since the last time. */
  async look(): Promise<void> {
    // the first look waits for what only the disk knows
    await this.#manager.session();
    this.#changed();
  }

  #changed(): void {
    for (const changes of this.#feed.take()) this.#tell(changes);
  }
}
