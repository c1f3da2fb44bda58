import { infoHash, messageOf, toHex } from "../base/mod.ts";
import type { ManagedRow, ManagerState } from "../storage/mod.ts";
import { refused } from "./complaint.ts";
import type { Selection } from "./api.ts";
import type { GoneTorrent } from "./overview.ts";
import { Entry } from "./entry.ts";
import { parseRecord, type TorrentRecord } from "./record.ts";

/** Torrents that went are remembered for so long, for those who ask what changed. */
const GONE_MS = 60_000;
/** Under which the next number is kept. */
const NEXT = "next-number";

/** All torrents of a manager, by number, by info hash and in the order of the queue. */
export class Book {
  readonly #state: ManagerState;
  readonly #byHash = new Map<string, Entry>();
  readonly #byId = new Map<number, Entry>();
  /** When torrents went, on the manager's clock. */
  #gone: GoneTorrent[] = [];
  #nextId: number;
  /** In the order of the queue; null: to be sorted anew. */
  #order: readonly Entry[] | null = null;
  /** Rows that could not be read. */
  damaged = 0;
  /** The database was lost on the way, and everything kept once more. */
  #rescued = false;

  /** Reads what is kept; `warn` hears of rows that cannot be read. */
  constructor(state: ManagerState, warn: (message: string) => void) {
    this.#state = state;
    this.#rescued = state.lost;
    this.#nextId = Math.max(1, Number(state.get(NEXT) ?? 1) || 1);
    for (const row of state.load()) {
      try {
        const record = parseRecord(row.data);
        if (record === null) throw new Error("its record is damaged");
        this.#insert(new Entry(row.number, infoHash(row.infoHash), toHex(row.infoHash), record));
      } catch (error) {
        this.damaged++;
        warn(`Cannot read what was kept of torrent ${row.number}: ${messageOf(error)}`);
      }
    }
    for (const entry of this.#byId.values()) entry.dirty = false;
    const positions = this.queued().map(({ record }) => record.position);
    // where one is twice there they are counted anew
    const ordered = positions.every((each, i) => each > (positions[i - 1] ?? -1));
    this.#arrange(this.queued(), ordered ? positions : [...positions.keys()]);
  }

  /** Takes one in, at the end of the queue. */
  add(hash: Entry["infoHash"], record: TorrentRecord): Entry {
    const entry = new Entry(this.#nextId++, hash, toHex(hash), record);
    this.#state.set(NEXT, String(this.#nextId));
    const queued = this.queued();
    entry.set({ position: (queued.at(-1)?.record.position ?? -1) + 1 });
    entry.place = queued.length;
    this.#insert(entry);
    this.#order = [...queued, entry];
    return entry;
  }

  /** By info hash in hexadecimal. */
  get(hash: string): Entry | undefined {
    return this.#byHash.get(hash);
  }

  /** All of them, by number. */
  all(): Entry[] {
    return [...this.#byId.values()];
  }

  /** All of them as the queue has them. */
  queued(): readonly Entry[] {
    return this.#order ??= this.all()
      .sort((a, b) => a.record.position - b.record.position || a.id - b.id);
  }

  /** How many there are. */
  get size(): number {
    return this.#byId.size;
  }

  /** Those that are meant, in their order there, each once. */
  pick(selection: Selection): Entry[] {
    if (selection === null) return this.all();
    const found = new Set<Entry>();
    for (const key of selection) {
      const entry = typeof key === "number"
        ? this.#byId.get(key)
        : this.#byHash.get(key.toLowerCase());
      if (entry !== undefined) found.add(entry);
    }
    return [...found];
  }

  /** The one that is meant. Throws `UsageError`. */
  one(key: number | string): Entry {
    const [entry] = this.pick([key]);
    if (entry === undefined) {
      throw refused({ code: "no-torrent", values: {} }, `There is no torrent ${key}`);
    }
    return entry;
  }

  /** Forgets one, `now` on the manager's clock. */
  remove(entry: Entry, now: number): void {
    entry.removed = true;
    this.#byHash.delete(entry.hash);
    this.#byId.delete(entry.id);
    this.#state.remove(entry.infoHash);
    this.#gone = this.#gone.filter(({ at }) => now - at < GONE_MS);
    this.#gone.push({ id: entry.id, at: now });
    this.#arrange(this.queued().filter((each) => each !== entry), undefined, now);
  }

  /** Those that went since then, a minute ago at most. */
  goneSince(since: number): GoneTorrent[] {
    return this.#gone.filter(({ at }) => at >= since);
  }

  /** Moves entries within the queue, keeping their order; `now` on the manager's clock: those that make way change too. */
  move(
    entries: readonly Entry[],
    to: "top" | "up" | "down" | "bottom" | number,
    now: number,
  ): void {
    const chosen = new Set(entries);
    const order = [...this.queued()];
    const positions = order.map(({ record }) => record.position);
    if (to === "up" || to === "down") {
      const at = to === "up" ? order.keys() : [...order.keys()].reverse();
      const step = to === "up" ? -1 : 1;
      for (const i of at) {
        const [entry, other] = [order[i]!, order[i + step]];
        if (!chosen.has(entry) || other === undefined || chosen.has(other)) continue;
        order[i] = other;
        order[i + step] = entry;
      }
      return this.#arrange(order, positions, now);
    }
    const moving = order.filter((entry) => chosen.has(entry));
    const rest = order.filter((entry) => !chosen.has(entry));
    const at = to === "top" ? 0 : to === "bottom" ? rest.length : Math.min(to, rest.length);
    this.#arrange(rest.toSpliced(at, 0, ...moving), positions, now);
  }

  /** Keeps what changed; what cannot be kept, on a full disk, is tried again the next time. */
  save(): void {
    const entries = this.all().filter(({ dirty }) => dirty);
    if (entries.length === 0) return;
    const rows = entries.map(({ infoHash, id, record }): ManagedRow => {
      return { infoHash, number: id, data: JSON.stringify(record) };
    });
    if (this.#state.save(rows)) { for (const entry of entries) entry.dirty = false; }
    if (this.#state.lost && !this.#rescued) this.#rescue();
  }

  /** The database was lost while this ran: all is still known here. */
  #rescue(): void {
    this.#rescued = true;
    this.#state.set(NEXT, String(this.#nextId));
    for (const entry of this.#byId.values()) entry.dirty = true;
    this.save();
  }

  #insert(entry: Entry): void {
    this.#byHash.set(entry.hash, entry);
    this.#byId.set(entry.id, entry);
    this.#order = null;
    this.#nextId = Math.max(this.#nextId, entry.id + 1);
  }

  /** From now on the queue is so, with these positions or those they have; `now`: places are seen to change. */
  #arrange(order: readonly Entry[], positions?: readonly number[], now?: number): void {
    this.#order = order;
    order.forEach((entry, place) => {
      if (now !== undefined && entry.place !== place) entry.changedAt = now;
      entry.place = place;
      const position = positions?.[place];
      if (position !== undefined && entry.record.position !== position) entry.set({ position });
    });
  }
}
