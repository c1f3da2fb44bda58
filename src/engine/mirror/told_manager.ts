import type { Manager, ManagerApi } from "../../manager/mod.ts";
import type { EngineEvent } from "../../session/mod.ts";
import type { Changes } from "./changes.ts";
import { Feed } from "./feed.ts";

/** Methods that change nothing. */
const READING: ReadonlySet<keyof ManagerApi> = new Set<keyof ManagerApi>([
  "torrents",
  "overview",
  "recent",
  "session",
  "stats",
  "freeSpace",
  "readTorrent",
  "testPort",
  "doctor",
]);

/** Events after which somebody who reads the log asks how it is now. */
const TELLING: ReadonlySet<EngineEvent["type"]> = new Set<EngineEvent["type"]>([
  "added",
  "metadata",
  "checked",
  "waiting",
  "moving",
  "done",
  "finished",
  "error",
]);
/** Milliseconds between two events after which all is looked through. */
const APART_MS = 50;

/** A manager in the engine's thread that is called by messages, and tells the mirror in another thread what changed. */
export class ToldManager {
  readonly #manager: Manager;
  readonly #feed: Feed;
  readonly #tell: (changes: Changes | null) => void;
  readonly #now: () => number;
  #followedAt = -Infinity;

  /**
   * What is given to `tell` is heard in that order, and before the answer of a call that is given later; null: what was
   * told is no good any more, and has to be looked at anew.
   */
  constructor(
    manager: Manager,
    tell: (changes: Changes | null) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#manager = manager;
    this.#now = now;
    this.#feed = new Feed(() => manager.shown());
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

  /** An event was told: what it changed follows it, or where they are many, that something did. */
  follow({ type }: EngineEvent): void {
    if (!this.#feed.begun || !TELLING.has(type)) return;
    const now = this.#now();
    if (now - this.#followedAt < APART_MS) return this.#tell(null);
    this.#followedAt = now;
    // the manager takes it in when all have heard of it
    queueMicrotask(() => {
      try {
        this.#changed();
      } catch {
        // who looks next hears what is wrong
        this.#tell(null);
      }
    });
  }

  #changed(): void {
    for (const changes of this.#feed.take()) this.#tell(changes);
  }
}
