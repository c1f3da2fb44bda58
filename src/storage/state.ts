import { Bitfield, type Bytes, type InfoHash } from "../base/mod.ts";
import { FILE_PRIORITIES } from "../metainfo/mod.ts";
import { type FilesRecord, filesRecord } from "./files_record.ts";
import { StateDatabase } from "./state_database.ts";

/** Peers kept of a torrent; more would not be asked at the next start. */
const MAX_PEERS = 200;

/** Nodes of the DHT that are kept; half of them would do for a start. */
const MAX_NODES = 200;

/** A torrent as remembered between runs. Times are milliseconds since 1970, sizes bytes. */
export interface TorrentRecord {
  /** Name of the torrent's file or folder below the download folder, which `-o` may have changed. */
  readonly name: string;
  /** The torrent's file, when it was kept. */
  readonly metainfo: Bytes | null;
  /** Pieces verified, written and synced. */
  readonly good: Bitfield;
  /** Pieces that may have been begun on disk; holds `good`. */
  readonly intent: Bitfield;
  /** When pieces were last saved: a file changed much later was not changed by us. */
  readonly touchedAt: number;
  /** Payload of all runs. */
  readonly downloaded: number;
  readonly uploaded: number;
  readonly addedAt: number;
  readonly completedAt: number | null;
}

/**
 * What is remembered of the torrents of a folder, in `<folder>/.tm/state.db`, shared by every `tm`
 * there. Saving is best effort: a database that fails costs a recheck, never a download, so saves
 * do not throw; failures go to `onWarning`, each text once. No save waits for the disk.
 */
export class StateDb {
  readonly #database: StateDatabase;
  readonly #now: () => number;

  /**
   * Opens or makes it; one that cannot be read is moved aside. With no folder nothing is remembered beyond this
   * session. Throws `StorageError` for a link.
   */
  constructor(
    folder: string | null,
    onWarning: (message: string) => void,
    now: () => number = () => Date.now(),
  ) {
    this.#database = new StateDatabase(folder, onWarning);
    this.#now = now;
  }

  /** What is known of a torrent, or null; a record that does not fit `pieceCount` is none. */
  load(hash: InfoHash, pieceCount: number): TorrentRecord | null {
    const row = this.#database.rows("SELECT * FROM torrents WHERE info_hash = ?", hash)[0];
    if (row === undefined) return null;
    const good = asBitfield(row["good"], pieceCount);
    const intent = asBitfield(row["intent"], pieceCount);
    if (good === null || intent === null) return null;
    const metainfo = row["metainfo"];
    const completedAt = row["completed_at"];
    return {
      name: String(row["name"]),
      metainfo: metainfo instanceof Uint8Array ? metainfo.slice() : null,
      good,
      intent,
      touchedAt: Number(row["touched_at"]),
      downloaded: Number(row["downloaded"]),
      uploaded: Number(row["uploaded"]),
      addedAt: Number(row["added_at"]),
      completedAt: completedAt === null ? null : Number(completedAt),
    };
  }

  /** The torrent file that was kept of a torrent; null: none. */
  metainfo(hash: InfoHash): Bytes | null {
    const sql = "SELECT metainfo FROM torrents WHERE info_hash = ?";
    const metainfo = this.#database.rows(sql, hash)[0]?.["metainfo"];
    return metainfo instanceof Uint8Array ? metainfo.slice() : null;
  }

  /**
   * Begins to remember a torrent. One that is known keeps its pieces, counters and torrent file,
   * unless its name differs: then the data is elsewhere and the pieces are forgotten.
   */
  add(hash: InfoHash, name: string, pieceCount: number, metainfo: Bytes | null): void {
    const none = new Bitfield(pieceCount).toWire();
    const now = this.#now();
    this.#database.run(
      `INSERT INTO torrents (info_hash, name, metainfo, good, intent, touched_at, added_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (info_hash) DO UPDATE SET
         good = iif(name = excluded.name AND length(good) = length(excluded.good),
           good, excluded.good),
         intent = iif(name = excluded.name AND length(intent) = length(excluded.intent),
           intent, excluded.intent),
         name = excluded.name,
         metainfo = coalesce(excluded.metainfo, metainfo)`,
      hash,
      name,
      metainfo,
      none,
      none,
      now,
      now,
    );
  }

  /** Before a piece of `intent` that is not good is written: after a crash it is hashed again. */
  saveIntent(hash: InfoHash, intent: Bitfield): void {
    this.#database.run(
      "UPDATE torrents SET intent = ?, touched_at = ? WHERE info_hash = ?",
      intent.toWire(),
      this.#now(),
      hash,
    );
  }

  /** After the pieces of `good` were written and synced, or found good by a check. */
  saveGood(hash: InfoHash, good: Bitfield, intent: Bitfield): void {
    this.#database.run(
      "UPDATE torrents SET good = ?, intent = ?, touched_at = ? WHERE info_hash = ?",
      good.toWire(),
      intent.toWire(),
      this.#now(),
      hash,
    );
  }

  /** Payload bytes of all runs. */
  saveCounters(hash: InfoHash, downloaded: number, uploaded: number): void {
    this.#database.run(
      "UPDATE torrents SET downloaded = ?, uploaded = ? WHERE info_hash = ?",
      downloaded,
      uploaded,
      hash,
    );
  }

  /** Every piece is good; the first time counts. */
  saveCompleted(hash: InfoHash): void {
    this.#database.run(
      "UPDATE torrents SET completed_at = coalesce(completed_at, ?) WHERE info_hash = ?",
      this.#now(),
      hash,
    );
  }

  /** What was saved last of a torrent's files; null: nothing, or of another number of files. */
  loadFiles(hash: InfoHash, fileCount: number): FilesRecord | null {
    const row = this.#database.rows("SELECT * FROM files WHERE info_hash = ?", hash)[0];
    return row === undefined ? null : filesRecord(row, fileCount);
  }

  /** Remembers how files are wanted and where they lie; a value for each file. */
  saveFiles(hash: InfoHash, { priorities, apart }: FilesRecord): void {
    this.#database.run(
      "INSERT OR REPLACE INTO files VALUES (?, ?, ?)",
      hash,
      Uint8Array.from(priorities, (priority) => FILE_PRIORITIES.indexOf(priority)),
      Uint8Array.from(apart, Number),
    );
  }

  /** Replaces the peers to try first at the next start (`host:port`, best first), at most 200. */
  savePeers(hash: InfoHash, endpoints: readonly string[]): void {
    const now = this.#now();
    this.#database.together(() => {
      this.#database.run("DELETE FROM peers WHERE info_hash = ?", hash);
      for (const endpoint of endpoints.slice(0, MAX_PEERS)) {
        this.#database.run("INSERT OR IGNORE INTO peers VALUES (?, ?, ?)", hash, endpoint, now);
      }
    });
  }

  /** The peers saved last, in no order. */
  loadPeers(hash: InfoHash): string[] {
    const sql = "SELECT endpoint FROM peers WHERE info_hash = ?";
    return this.#database.rows(sql, hash).map((row) => String(row["endpoint"]));
  }

  /** Replaces the DHT nodes to begin with at the next start (`host:port`), at most 200. */
  saveNodes(endpoints: readonly string[]): void {
    const now = this.#now();
    this.#database.together(() => {
      this.#database.run("DELETE FROM dht_nodes");
      for (const endpoint of endpoints.slice(0, MAX_NODES)) {
        this.#database.run("INSERT OR IGNORE INTO dht_nodes VALUES (?, ?)", endpoint, now);
      }
    });
  }

  /** The DHT nodes saved last, in no order. */
  loadNodes(): string[] {
    const rows = this.#database.rows("SELECT endpoint FROM dht_nodes");
    return rows.map((row) => String(row["endpoint"]));
  }

  /** The torrent files that were kept, those of torrents included that nobody runs. */
  metainfos(): Bytes[] {
    const sql = "SELECT metainfo FROM torrents WHERE metainfo IS NOT NULL ORDER BY added_at";
    return this.#database.rows(sql).map((row) => (row["metainfo"] as Uint8Array).slice());
  }

  /** The torrent's files lie under another name, as they were: its pieces stay known. */
  moved(hash: InfoHash, name: string): void {
    this.#database.run("UPDATE torrents SET name = ? WHERE info_hash = ?", name, hash);
  }

  /** Where torrents are, any tm's: their folders and names below the download folder, with `/`. */
  roots(): string[] {
    return this.#database.rows("SELECT name FROM torrents").map(({ name }) => String(name));
  }

  /** Forgets a torrent; its files stay. */
  remove(hash: InfoHash): void {
    this.#database.together(() => {
      this.#database.run("DELETE FROM torrents WHERE info_hash = ?", hash);
      this.#database.run("DELETE FROM peers WHERE info_hash = ?", hash);
      this.#database.run("DELETE FROM files WHERE info_hash = ?", hash);
    });
  }

  /** Closes the file. Not to be used again. */
  close(): void {
    this.#database.close();
  }

  /** Same as `close`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function asBitfield(value: unknown, size: number): Bitfield | null {
  return value instanceof Uint8Array ? Bitfield.fromWire(value, size) : null;
}
