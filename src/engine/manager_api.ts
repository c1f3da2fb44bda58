/** What a manager's thread is started with, and what the thread that started it has. */
import type { ManagerApi, SessionPatch } from "../manager/mod.ts";
import type { EngineOptions } from "../session/mod.ts";

/** How a manager runs. */
export interface ManagerOptions {
  /** Its session, but for what the manager's settings decide. It has a folder. */
  readonly engine: EngineOptions & { readonly folder: string };
  /** Settings that were given anew at this start. */
  readonly settings: SessionPatch;
  /** Absolute real paths of folders whose torrent files are added. */
  readonly watch: readonly string[];
}

/** A manager in its thread. */
export interface RunningManager {
  readonly manager: ManagerApi;
  /** Stops gently: everything is saved and trackers are told, within `graceMs`. Safe to call twice. */
  stop(graceMs: number): Promise<void>;
}
