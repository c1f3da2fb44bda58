import { messageOf } from "../base/mod.ts";
import type { EngineEvent } from "../session/mod.ts";
import type { ManagedDisk, ManagerParts, OpenSession } from "./parts.ts";
import type { ManagedSession } from "./runner.ts";
import type { SessionSettings } from "./settings.ts";

/** A session that could not be opened is tried again. */
const RETRY_MS = 10_000;

/** Where the session sits: one that takes the place of another comes here. */
export class Seat {
  readonly #parts: Pick<ManagerParts, "open" | "clock">;
  readonly #settings: () => SessionSettings;
  readonly #hear: (event: EngineEvent) => void;
  #open: OpenSession | null = null;
  /** What the session before listened on. */
  #port: number | null = null;
  #changing: Promise<void> = Promise.resolve();
  /** Cancels the next try to open a session; null: none is to come. */
  #retry: (() => void) | null = null;
  #closed = false;

  /** `settings`: those of now; `hear` is told what sessions say. */
  constructor(
    parts: Pick<ManagerParts, "open" | "clock">,
    settings: () => SessionSettings,
    hear: (event: EngineEvent) => void,
  ) {
    this.#parts = parts;
    this.#settings = settings;
    this.#hear = hear;
  }

  /** Opens a session. Rejects as `ManagerParts.open`. */
  async open(): Promise<void> {
    this.#open = await this.#parts.open(this.#settings(), this.#hear, this.#port);
  }

  get session(): ManagedSession {
    return this.#taken.session;
  }

  get disk(): ManagedDisk {
    return this.#taken.disk;
  }

  /** Resolves when no session is taking the place of another; never rejects. */
  get ready(): Promise<void> {
    return this.#changing;
  }

  /**
   * Another session, with the settings of then: `before` is done first, `after` once it is open. What keeps it from
   * that, a port that was taken meanwhile, may pass: it is tried again, and `failed` hears why. Never rejects.
   */
  change(
    before: () => Promise<void>,
    after: () => void,
    failed: (message: string) => void,
  ): Promise<void> {
    return this.#changing = this.#changing.then(async () => {
      this.#port = this.session.control.totals().port;
      await before();
      await this.#take(after, failed);
    });
  }

  /** Takes no other session any more, and ends the one there is within `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    this.#retry?.();
    await this.#changing;
    await this.#open?.session.stop(graceMs);
  }

  get #taken(): OpenSession {
    if (this.#open === null) throw new Error("Expected a session");
    return this.#open;
  }

  async #take(after: () => void, failed: (message: string) => void): Promise<void> {
    this.#retry?.();
    this.#retry = null;
    if (this.#closed) return;
    try {
      await this.open();
    } catch (error) {
      failed(`Cannot go on, trying again in ten seconds: ${messageOf(error)}`);
      this.#retry = this.#parts.clock.after(RETRY_MS, () => {
        this.#changing = this.#changing.then(() => this.#take(after, failed));
      });
      return;
    }
    after();
  }
}
