import { Bitfield, type PieceIndex } from "../base/mod.ts";

/** Where a record is kept and how bytes are made safe. */
export interface RecordKeeper {
  saveIntent(intent: Bitfield): void;
  saveGood(good: Bitfield, intent: Bitfield): void;
  /** Resolves when all that was written before the call survives a power cut. */
  sync(): Promise<void>;
}

/** Written pieces are synced and recorded at least this often, and at least every so many bytes. */
const SYNC_MS = 2000;
const SYNC_BYTES = 256 * 1024 * 1024;

/**
 * What is remembered of a torrent's pieces so that a crash at any moment leaves nothing untrue behind:
 * a piece is in `intent`, saved, before its first byte is written, and in `good` only after its bytes are synced.
 * After a crash just the pieces in `intent` and not in `good` are hashed again.
 */
export class PieceRecord {
  readonly #keeper: RecordKeeper;
  readonly #good: Bitfield;
  readonly #intent: Bitfield;
  /** Handed to the disk, in this run or an earlier one, and not known to have been written whole. */
  readonly #torn: Bitfield;
  /** Written and not yet known to be synced. */
  #fresh: PieceIndex[] = [];
  #freshBytes = 0;
  #syncing: Promise<void> | null = null;
  #syncDue = 0;

  /** `good`: pieces verified on disk at the start; saved at once. `intent`: that of the run before. */
  constructor(good: Bitfield, keeper: RecordKeeper, intent: Bitfield = new Bitfield(good.size)) {
    this.#keeper = keeper;
    this.#good = good.clone();
    this.#torn = new Bitfield(good.size);
    for (const piece of intent) if (!good.has(piece)) this.#torn.add(piece);
    this.#intent = union(good, this.#torn);
    keeper.saveGood(this.#good, this.#intent);
  }

  /** `piece` is about to be written; `begun` are those that will follow soon, so that one save covers many. */
  beforeWrite(piece: PieceIndex, begun: Iterable<number>): void {
    this.#torn.add(piece);
    if (!this.#intent.add(piece)) return;
    for (const other of begun) this.#intent.add(other);
    this.#keeper.saveIntent(this.#intent);
  }

  /** `piece`, of `size` bytes, is written. */
  written(piece: PieceIndex, size: number, now: number): void {
    this.#torn.delete(piece);
    if (this.#fresh.length === 0) this.#syncDue = now + SYNC_MS;
    this.#fresh.push(piece);
    this.#freshBytes += size;
    if (this.#freshBytes >= SYNC_BYTES) this.#syncDue = now;
  }

  /** Starts a sync when one is due; a failure is reported through `failed` and tried again later. */
  tick(now: number, failed: (error: unknown) => void): void {
    if (this.#fresh.length === 0 || now < this.#syncDue || this.#syncing !== null) return;
    this.#syncDue = now + SYNC_MS;
    this.#begin().catch(failed);
  }

  /** Syncs and records what is left. Rejects when that fails. */
  async flush(): Promise<void> {
    await this.#syncing?.catch(() => {});
    if (this.#fresh.length > 0) await this.#begin();
  }

  /**
   * Forgets the pieces begun and never written: the torrent stopped cleanly. One that a full disk cut short is kept,
   * or the next start would take what stands in its file for somebody else's and refuse to overwrite it.
   */
  settle(): void {
    const certain = this.#fresh.length === 0 && this.#syncing === null;
    if (certain) this.#keeper.saveGood(this.#good, union(this.#good, this.#torn));
  }

  #begin(): Promise<void> {
    return this.#syncing = this.#sync().finally(() => this.#syncing = null);
  }

  async #sync(): Promise<void> {
    const batch = this.#fresh;
    this.#fresh = [];
    this.#freshBytes = 0;
    try {
      await this.#keeper.sync();
    } catch (error) {
      this.#fresh.push(...batch);
      throw error;
    }
    for (const piece of batch) this.#good.add(piece);
    this.#keeper.saveGood(this.#good, this.#intent);
  }
}

function union(a: Bitfield, b: Bitfield): Bitfield {
  const out = a.clone();
  for (const piece of b) out.add(piece);
  return out;
}
