import type { Bytes, InfoHash } from "../base/mod.ts";
import { StateDatabase, type Tables } from "./state_database.ts";

const TABLES: Tables = {
  file: "manager.db",
  loss: "torrents are taken from what else is known of them, their settings are lost",
  steps: [`
  CREATE TABLE managed (
    info_hash BLOB PRIMARY KEY,
    number INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE TABLE kept (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`],
};

/** A torrent as a manager keeps it. */
export interface ManagedRow {
  readonly infoHash: Bytes;
  /** The number users know it by. */
  readonly number: number;
  /** JSON. */
  readonly data: string;
}

/**
 * What a manager keeps between runs, in `<folder>/.tm/manager.db`: JSON by info hash and by key. Saving is best effort,
 * as in `StateDb`; a commit survives the end of the process at once, and a power cut some seconds later.
 */
export class ManagerState {
  readonly #database: StateDatabase;
  /** What was read and kept in this run, by key, and which of it is to be kept still. */
  readonly #values = new Map<string, string>();
  readonly #due = new Set<string>();
  #rescued: boolean;

  /** Opens or makes it; one that cannot be read is moved aside, see {@linkcode lost}. Throws `StorageError` for a link. */
  constructor(folder: string, onWarning: (message: string) => void) {
    this.#database = new StateDatabase(folder, onWarning, TABLES);
    this.#rescued = this.#database.lost;
  }

  /** What was kept is gone: the file was damaged and is moved aside. */
  get lost(): boolean {
    return this.#database.lost;
  }

  /** Every torrent, by number. */
  load(): ManagedRow[] {
    const rows = this.#database.rows("SELECT * FROM managed ORDER BY number");
    return rows.map((row) => ({
      infoHash: (row["info_hash"] as Uint8Array).slice(),
      number: Number(row["number"]),
      data: String(row["data"]),
    }));
  }

  /** True when it has the torrent `hash` (hexadecimal). */
  has(hash: string): boolean {
    const sql = "SELECT 1 FROM managed WHERE hex(info_hash) = ?";
    return this.#database.rows(sql, hash.toUpperCase()).length > 0;
  }

  /** Keeps torrents, in one commit; false: none of them is kept. */
  save(rows: readonly ManagedRow[]): boolean {
    const sql = "INSERT OR REPLACE INTO managed VALUES (?, ?, ?)";
    return this.#database.together(() =>
      rows.every(({ infoHash, number, data }) => this.#database.run(sql, infoHash, number, data))
    );
  }

  /** Forgets a torrent. */
  remove(infoHash: InfoHash): void {
    this.#database.run("DELETE FROM managed WHERE info_hash = ?", infoHash);
  }

  /** What was kept under a key, null: nothing. */
  get(key: string): string | null {
    const value = this.#database.rows("SELECT value FROM kept WHERE key = ?", key)[0]?.["value"];
    if (value === undefined) return null;
    this.#values.set(key, String(value));
    return String(value);
  }

  /** Keeps something under a key; what could not be kept, on a full disk, is tried again with the next key. */
  set(key: string, value: string): void {
    this.#values.set(key, value);
    this.#due.add(key);
    this.#keep();
    if (!this.#database.lost || this.#rescued) return;
    // lost on the way: all that this run knows
    this.#rescued = true;
    for (const key of this.#values.keys()) this.#due.add(key);
    this.#keep();
  }

  #keep(): void {
    const sql = "INSERT OR REPLACE INTO kept VALUES (?, ?)";
    for (const key of this.#due) {
      if (this.#database.run(sql, key, this.#values.get(key) ?? "")) this.#due.delete(key);
    }
  }

  /** Closes the file. Not to be used again. */
  close(): void {
    this.#database.close();
  }
}

/** True when the manager of `folder` has the torrent `hash` (hexadecimal), as another process finds it. */
export function managerHas(folder: string, hash: string): boolean {
  const state = new ManagerState(folder, () => {});
  try {
    return state.has(hash);
  } finally {
    state.close();
  }
}
