import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { messageOf, StorageError } from "../base/mod.ts";
import { STATE_FOLDER, stateFile } from "./state_folder.ts";

/** A database in `<folder>/.tm`: its file, what losing it costs, and the statements that lead from each version to the next. */
export interface Tables {
  readonly file: string;
  /** For the warning when it is damaged. */
  readonly loss: string;
  /** `PRAGMA user_version` counts them. */
  readonly steps: readonly string[];
}

const FILE = "state.db";
/** What SQLite calls a database that is in no file. */
const MEMORY = ":memory:";
/** Pages of the log after which a commit empties it itself, for want of {@linkcode checkpointState}. */
const LOG_PAGES = 8192;

const SCHEMA = `
  CREATE TABLE torrents (
    info_hash BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    metainfo BLOB,
    good BLOB NOT NULL,
    intent BLOB NOT NULL,
    touched_at INTEGER NOT NULL,
    downloaded INTEGER NOT NULL DEFAULT 0,
    uploaded INTEGER NOT NULL DEFAULT 0,
    added_at INTEGER NOT NULL,
    completed_at INTEGER
  ) STRICT;
  CREATE TABLE peers (
    info_hash BLOB NOT NULL,
    endpoint TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (info_hash, endpoint)
  ) STRICT, WITHOUT ROWID;
`;
/** Came with version 2. */
const NODES = `
  CREATE TABLE dht_nodes (
    endpoint TEXT PRIMARY KEY,
    seen INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
/** Came with version 3; a byte for each file, padding included. */
const FILES = `
  CREATE TABLE files (
    info_hash BLOB PRIMARY KEY,
    priorities BLOB NOT NULL,
    apart BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Torrents, their pieces and peers, and nodes of the DHT. */
const STATE: Tables = {
  file: FILE,
  loss: "downloads are checked again",
  steps: [SCHEMA, NODES, FILES],
};

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The open database. No call throws: a failure is told once through `onWarning` and costs what was
 * to be saved. A file that turns out to be damaged is moved aside and begun anew.
 */
export class StateDatabase {
  /** A damaged file was moved aside and begun anew. */
  lost = false;
  readonly #folder: string | null;
  readonly #tables: Tables;
  readonly #onWarning: (message: string) => void;
  readonly #warned = new Set<string>();
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync;
  #closed = false;

  /** Without a folder it is in memory only. Throws `StorageError` only when something in `<folder>/.tm` is a link. */
  constructor(
    folder: string | null,
    onWarning: (message: string) => void,
    tables: Tables = STATE,
  ) {
    this.#folder = folder;
    this.#tables = tables;
    this.#onWarning = onWarning;
    this.#database = this.#open();
  }

  /** Carries out a statement that gives no rows; false when it failed. */
  run(sql: string, ...values: SQLInputValue[]): boolean {
    return this.#try(() => this.#statement(sql).run(...values)) !== null;
  }

  /** The rows of a query, none when it failed. */
  rows(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#try(() => this.#statement(sql).all(...values)) ?? [];
  }

  /** Several statements in one commit, all of them or (false) none. `action` returns false where one of its own failed. */
  together(action: () => boolean | void): boolean {
    if (!this.run("BEGIN IMMEDIATE")) return false;
    if (action() !== false && this.run("COMMIT")) return true;
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // a full disk ended it already
    }
    return false;
  }

  /** Closes the file. Not to be used again; safe to call twice. */
  close(): void {
    this.#statements.clear();
    if (!this.#closed) this.#database.close();
    this.#closed = true;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #try<T>(action: () => T): T | null {
    try {
      return action();
    } catch (error) {
      if (isDamage(error)) {
        this.close();
        this.#database = this.#open(true);
        this.#closed = false;
      } else {
        this.#warn(`Cannot save the state of downloads: ${messageOf(error)}`);
      }
      return null;
    }
  }

  /** `damaged`: the file was opened before and turned out to be unreadable further in. */
  #open(damaged = false): DatabaseSync {
    const folder = this.#folder;
    const { file, loss, steps } = this.#tables;
    if (folder === null) return prepare(MEMORY, steps);
    try {
      const path = stateFile(folder, file);
      // SQLite opens these by itself; a link there would lead it out of the folder.
      for (const suffix of ["-wal", "-shm", "-journal"]) stateFile(folder, file + suffix);
      if (!damaged) {
        try {
          return prepare(path, steps);
        } catch (error) {
          if (!isDamage(error)) throw error;
        }
      }
      const aside = moveAside(path);
      this.#warn(`Cannot read ${path}, moved it to ${aside}; ${loss}`);
      this.lost = true;
      return prepare(path, steps);
    } catch (error) {
      if (error instanceof StorageError && error.reason === "link") throw error;
      this.#warn(`Cannot keep the state of downloads: ${messageOf(error)}`);
      return prepare(MEMORY, steps);
    }
  }

  #warn(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#onWarning(message);
  }
}

/**
 * Moves the log of `<folder>/.tm/state.db`, if there is one, into the database. This waits for the
 * disk, so the disk worker does it; no save waits for it, and whatever fails is left for later.
 */
export function checkpointState(folder: string): void {
  try {
    if (!Deno.lstatSync(`${folder}/${STATE_FOLDER}/${FILE}`).isFile) return;
    const database = new DatabaseSync(stateFile(folder, FILE));
    try {
      database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } finally {
      database.close();
    }
  } catch {
    // Not there, busy or damaged: the next save tells what matters.
  }
}

/** Opens a database and brings its tables to this version. */
function prepare(path: string, steps: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // No commit waits for the disk; after a power cut the last ones may be gone, none is half there.
    database.exec(`PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
    database.exec("BEGIN IMMEDIATE");
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
    if (version > steps.length) {
      throw new Error(`Expected ${path} of version ${steps.length}, got ${version}`);
    }
    for (const step of steps.slice(version)) database.exec(step);
    if (version < steps.length) database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec("COMMIT");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Deno's errors carry no SQLite result code on every runtime, so the library's fixed texts decide. */
function isDamage(error: unknown): boolean {
  return /not a database|malformed|unsupported file format/.test(messageOf(error));
}

/** Renames a database and its log to the first free `.corrupt-N`; returns the new path. */
function moveAside(path: string): string {
  for (let n = 1;; n++) {
    const aside = `${path}.corrupt-${n}`;
    try {
      Deno.lstatSync(aside);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      Deno.renameSync(path, aside);
      for (const suffix of ["-wal", "-shm"]) {
        try {
          Deno.renameSync(path + suffix, aside + suffix);
        } catch (failure) {
          if (!(failure instanceof Deno.errors.NotFound)) throw failure;
        }
      }
      return aside;
    }
  }
}
