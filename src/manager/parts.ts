/** What a manager is made of: the session under it, the disk, time. */
import type { Bytes } from "../base/mod.ts";
import type { EngineEvent } from "../session/mod.ts";
import type {
  DiskProbe,
  DiskSpace,
  FileMove,
  ManagerState,
  ProbeRequest,
  StateDb,
} from "../storage/mod.ts";
import type { Lack } from "./api.ts";
import type { FilterSource } from "./filter.ts";
import type { ManagedSession } from "./runner.ts";
import type { SessionSettings } from "./settings.ts";

/** What of the settings a session is started with; a change of them takes a new one. */
export type SessionSwitches = Pick<
  SessionSettings,
  "dht" | "pex" | "lsd" | "encryption" | "utp" | "portMapping"
>;

/** Their names. */
export const SWITCHES: readonly (keyof SessionSwitches)[] = [
  "dht",
  "pex",
  "lsd",
  "encryption",
  "utp",
  "portMapping",
];

/** What of the disk the manager uses; files are named by components below the download folder. All reject with `StorageError`. */
export interface ManagedDisk {
  /** Room where a path lies, null: not known. */
  space(path: readonly string[]): Promise<DiskSpace | null>;
  /** Tries how fast it is, and where files can be made. */
  probe(request: ProbeRequest): Promise<DiskProbe>;
  /** Moves files that are there; one that lies at its new place already was moved before. Folders that become empty go. */
  moveFiles(moves: readonly FileMove[]): Promise<void>;
  /** Deletes files that are there, and folders that become empty. */
  deleteFiles(paths: readonly (readonly string[])[], parts?: string): Promise<void>;
}

/** A session that runs, and the disk behind it. */
export interface OpenSession {
  readonly session: ManagedSession;
  readonly disk: ManagedDisk;
}

/** What a manager is made of. */
export interface ManagerParts {
  /** Absolute real path of the download folder. */
  readonly folder: string;
  readonly state: StateDb;
  readonly kept: ManagerState;
  /** Starts a session; `emit` hears its events. `port`: what the one before listened on, null: nothing, or there was none. */
  readonly open: (
    switches: SessionSwitches,
    emit: (event: EngineEvent) => void,
    port: number | null,
  ) => Promise<OpenSession>;
  /** A torrent file in the download folder, by components. Rejects with `StorageError`. */
  readonly read: (components: readonly string[]) => Promise<Bytes>;
  /** Lists of addresses to keep away. */
  readonly lists: FilterSource;
  /** Everything that is worth a line in the log. */
  readonly emit: (event: EngineEvent) => void;
  readonly clock: ManagerClock;
  /** What sessions are opened without, whatever the settings are. */
  readonly lacks: readonly Lack[];
}

/** Time: one clock that never goes back, and the one on the wall. */
export interface ManagerClock {
  /** Milliseconds. */
  now(): number;
  /** The time on the wall. */
  date(): Date;
  /** Calls back after `ms`; the result cancels that. */
  after(ms: number, callback: () => void): () => void;
}
