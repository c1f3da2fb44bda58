import { type Bytes, toHex, UsageError } from "../base/mod.ts";
import type { EngineEvent } from "../session/mod.ts";
import type {
  Added,
  Detail,
  Finding,
  FreeSpace,
  ManagerApi,
  ManagerStats,
  NewTorrent,
  Recent,
  Selection,
  SessionView,
  TorrentDetails,
  TorrentView,
} from "./api.ts";
import { Book } from "./book.ts";
import { patchSession, patchTorrent } from "./check_patch.ts";
import { detailsOf, tiersOf } from "./details.ts";
import { editTrackers } from "./edit_trackers.ts";
import type { Entry } from "./entry.ts";
import { examine } from "./examine.ts";
import { choose, type Choosing } from "./file_wishes.ts";
import { Heart } from "./heart.ts";
import { takeIn } from "./intake.ts";
import { Library } from "./library.ts";
import { alternative } from "./limits.ts";
import { parseLocation } from "./locations.ts";
import { isNews } from "./news.ts";
import type { ManagedDisk, ManagerParts, OpenSession } from "./parts.ts";
import { keepSettings, keptSettings, recover } from "./recovery.ts";
import { Relocation } from "./relocation.ts";
import { type ManagedSession, Runner } from "./runner.ts";
import type { SessionPatch, SessionSettings, TorrentPatch } from "./settings.ts";
import { census, Statistics } from "./statistics.ts";
import { viewOf } from "./view.ts";

/** For torrents to be stopped when the session's own switches change. */
const REOPEN_GRACE_MS = 3000;

/** Torrents that stay. Made by {@linkcode Manager.start}; everything it does is as in {@linkcode ManagerApi}. */
export class Manager implements ManagerApi {
  readonly #parts: ManagerParts;
  readonly #book: Book;
  readonly #library: Library;
  readonly #statistics: Statistics;
  readonly #runner: Runner;
  readonly #heart: Heart;
  readonly #relocation: Relocation;
  #settings: SessionSettings;
  #open: OpenSession;
  /** A session takes the place of another. */
  #reopening: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;

  /** Starts a session and every torrent that is to run. Rejects with what keeps the session from starting. */
  static async start(parts: ManagerParts): Promise<Manager> {
    const settings = keptSettings(parts);
    const manager = new Manager(parts, settings);
    manager.#open = await parts.open(settings, (event) => manager.#hear(event));
    const { state, kept, clock, emit } = parts;
    const date = clock.date().getTime();
    await recover({ state, kept, emit, date }, manager.#book, manager.#relocation);
    manager.#heart.start();
    return manager;
  }

  private constructor(parts: ManagerParts, settings: SessionSettings) {
    const { state, kept, clock, emit } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#open = null as unknown as OpenSession;
    this.#book = new Book(kept, (message) => this.#warn(message));
    this.#library = new Library(state);
    this.#statistics = new Statistics(kept);
    this.#runner = new Runner(state, this.#library, () => this.#session, () => clock.now());
    this.#relocation = new Relocation(state, this.#library, () => this.#disk);
    this.#heart = new Heart({
      book: this.#book,
      runner: this.#runner,
      library: this.#library,
      statistics: this.#statistics,
      kept,
      clock,
      emit,
      settings: () => this.#settings,
      session: () => this.#session,
      disk: () => this.#disk,
    });
  }

  async add(given: NewTorrent): Promise<Added> {
    const { infoHash, record, keep } = await takeIn(given, this.#settings, this.#date);
    this.#expectRunning();
    const hash = toHex(infoHash);
    const there = this.#book.get(hash);
    if (there !== undefined) {
      return { id: there.id, hash, name: there.record.name, duplicate: true };
    }
    keep(this.#parts.state);
    const entry = this.#book.add(infoHash, record);
    this.#statistics.add({ filesAdded: 1 });
    try {
      this.#apply(entry, given.settings ?? {}, null);
      const { filePriorities } = given.settings ?? {};
      if (filePriorities) {
        const metainfo = await this.#library.get(infoHash, hash);
        await choose(entry, filePriorities, metainfo, this.#choosing);
      }
    } catch (error) {
      this.#book.remove(entry, this.#now);
      throw error;
    }
    this.#changed([entry]);
    return { id: entry.id, hash, name: record.name, duplicate: false };
  }

  async remove(torrents: Selection, data: boolean): Promise<void> {
    const entries = this.#book.pick(torrents);
    for (const entry of entries) entry.set({ goal: "stop", check: false });
    await Promise.all(entries.map((entry) => this.#runner.stop(entry)));
    for (const entry of entries) {
      if (entry.removed) continue;
      if (data) await entry.after(() => this.#relocation.delete(entry));
      this.#book.remove(entry, this.#now);
      this.#library.forget(entry.hash);
      this.#parts.state.remove(entry.infoHash);
    }
    this.#heart.decide();
  }

  start(torrents: Selection, now: boolean): Promise<void> {
    const entries = this.#book.pick(torrents);
    for (const entry of entries) {
      entry.set({ goal: now ? "now" : "run", finished: false, trouble: null });
      entry.movedAt = this.#now;
    }
    return this.#done(entries);
  }

  stop(torrents: Selection): Promise<void> {
    const entries = this.#book.pick(torrents);
    for (const entry of entries) entry.set({ goal: "stop", check: false });
    return this.#done(entries);
  }

  verify(torrents: Selection): Promise<void> {
    const entries = this.#book.pick(torrents).filter(({ record }) => record.magnet === null);
    for (const entry of entries) {
      entry.set({ check: true, trouble: null });
      // one that is being hashed begins anew
      entry.checking = false;
    }
    return this.#done(entries);
  }

  reannounce(torrents: Selection): Promise<void> {
    for (const { hash } of this.#book.pick(torrents)) this.#session.control.reannounce(hash);
    return Promise.resolve();
  }

  async set(torrents: Selection, patch: TorrentPatch): Promise<void> {
    const entries = this.#book.pick(torrents);
    // one mistake, and nothing is changed
    for (const entry of entries) patchTorrent(entry.record.settings, patch);
    for (const entry of entries) {
      const metainfo = await this.#library.get(entry.infoHash, entry.hash);
      this.#apply(entry, patch, tiersOf(entry.record, metainfo));
      if (patch.filePriorities) await choose(entry, patch.filePriorities, metainfo, this.#choosing);
      entry.set({ editedAt: this.#date });
    }
    if (patch.position !== undefined) this.#book.move(entries, patch.position);
    this.#changed(entries);
  }

  async relocate(torrents: Selection, location: string, move: boolean): Promise<void> {
    const place = parseLocation(location).join("/");
    const entries = this.#book.pick(torrents).filter(({ record }) => record.location !== place);
    for (const entry of entries) {
      entry.set({ target: { location: place, renames: entry.record.renames } });
    }
    await this.#relocate(entries, move);
  }

  async rename(torrent: number | string, path: string, name: string): Promise<void> {
    const entry = this.#book.one(torrent);
    entry.set({ target: await this.#relocation.renamed(entry, path, name) });
    await this.#relocate([entry], true);
  }

  queue(torrents: Selection, to: "top" | "up" | "down" | "bottom"): Promise<void> {
    const entries = this.#book.pick(torrents);
    this.#book.move(entries, to);
    return this.#done(entries);
  }

  async torrents(
    torrents: Selection,
    details: readonly Detail[],
  ): Promise<(TorrentView & TorrentDetails)[]> {
    const entries = this.#book.pick(torrents);
    const out = [];
    for (const entry of entries) out.push(await this.#view(entry, details));
    return out;
  }

  async recent(since: number, details: readonly Detail[]): Promise<Recent> {
    const from = this.#now - since;
    const entries = this.#book.all().filter(({ changedAt }) => changedAt >= from);
    const torrents = [];
    for (const entry of entries) torrents.push(await this.#view(entry, details));
    return { torrents, removed: this.#book.goneSince(from) };
  }

  async session(): Promise<SessionView> {
    return {
      settings: this.#settings,
      folder: this.#parts.folder,
      free: await this.#disk.freeSpace().catch(() => null),
      port: this.#session.control.totals().port,
      filterRules: 0,
      alternative: alternative(this.#settings, this.#parts.clock.date()),
    };
  }

  async setSession(patch: SessionPatch): Promise<void> {
    const before = this.#settings;
    const settings = patchSession(before, patch);
    this.#settings = settings;
    keepSettings(this.#parts.kept, settings);
    const { dht, pex, lsd } = settings;
    if (dht !== before.dht || pex !== before.pex || lsd !== before.lsd) {
      await (this.#reopening = this.#reopening.then(() => this.#reopen()));
    }
    this.#heart.beat();
  }

  stats(): Promise<ManagerStats> {
    const { peers, dhtNodes, diskQueue, port } = this.#session.control.totals();
    const { current, total } = this.#statistics;
    const counts = census(this.#book.all());
    return Promise.resolve({ ...counts, current, total, peers, dhtNodes, diskQueue, port });
  }

  async freeSpace(path: string): Promise<FreeSpace> {
    parseLocation(path);
    const free = await this.#disk.freeSpace();
    return { path, free: free ?? -1, total: -1 };
  }

  readTorrent(path: string): Promise<Bytes> {
    return this.#parts.read(parseLocation(path));
  }

  testPort(): Promise<boolean | null> {
    return Promise.resolve(null);
  }

  updateFilter(): Promise<number> {
    return Promise.reject(new UsageError("Expected a session with an address filter"));
  }

  doctor(): Promise<readonly Finding[]> {
    return examine({
      ...this.#parts,
      settings: this.#settings,
      session: this.#session,
      disk: this.#disk,
      entries: this.#book.all(),
    });
  }

  /** Stops everything gently within `graceMs`; what is known is kept first. Safe to call twice. */
  shutDown(graceMs: number): Promise<void> {
    return this.#stopping ??= (async () => {
      this.#heart.stop();
      await this.#reopening;
      await this.#session.stop(graceMs);
      this.#heart.stop();
    })();
  }

  get #session(): ManagedSession {
    return this.#open.session;
  }

  get #disk(): ManagedDisk {
    return this.#open.disk;
  }

  get #choosing(): Choosing {
    return { control: this.#session.control, state: this.#parts.state };
  }

  get #now(): number {
    return this.#parts.clock.now();
  }

  get #date(): number {
    return this.#parts.clock.date().getTime();
  }

  #warn(message: string): void {
    this.#parts.emit({ type: "warning", torrent: null, message });
  }

  #expectRunning(): void {
    if (this.#stopping !== null) throw new Error("Expected a running manager");
  }

  /** What was decided about torrents is kept, and done. */
  #changed(entries: readonly Entry[]): void {
    for (const entry of entries) entry.changedAt = this.#now;
    this.#book.save();
    if (this.#stopping === null) this.#heart.decide();
  }

  #done(entries: readonly Entry[]): Promise<void> {
    this.#changed(entries);
    return Promise.resolve();
  }

  /** Carries out a patch; `tiers`: the trackers it has, null while they cannot be edited. */
  #apply(entry: Entry, patch: TorrentPatch, tiers: readonly (readonly string[])[] | null): void {
    const { control } = this.#session;
    const before = entry.record.settings;
    const settings = patchTorrent(before, patch);
    const trackers = tiers === null ? null : editTrackers(tiers, patch);
    entry.set({ settings });
    if (trackers !== null) {
      entry.set({ trackers });
      control.setTrackers(entry.hash, trackers);
    }
    const { sequential, firstLast } = settings;
    if (sequential !== before.sequential || firstLast !== before.firstLast) {
      control.setOrder(entry.hash, { sequential, firstLast });
    }
    this.#session.setLimits(entry.hash, {
      downloadLimit: settings.downloadLimited ? Math.max(1, settings.downloadLimit) : 0,
      uploadLimit: settings.uploadLimited ? Math.max(1, settings.uploadLimit) : 0,
    });
  }

  /** Brings the files of torrents where their records say; what cannot be moved stays where it is. */
  async #relocate(entries: readonly Entry[], move: boolean): Promise<void> {
    this.#changed(entries);
    try {
      await Promise.all(entries.map(async (entry) => {
        await this.#runner.stop(entry);
        await entry.after(async () => {
          const { target } = entry.record;
          if (target === null || entry.removed) return;
          try {
            if (move) await this.#relocation.move(entry);
            else await this.#relocation.point(entry, target.location);
          } finally {
            entry.set({ target: null });
          }
        });
      }));
    } finally {
      this.#changed(entries);
    }
  }

  async #view(entry: Entry, details: readonly Detail[]): Promise<TorrentView & TorrentDetails> {
    const { control } = this.#session;
    this.#heart.refresh(entry);
    const view = viewOf(entry, this.#settings, control, this.#now);
    if (details.length === 0) return view;
    const needsFile = details.some((detail) => detail === "files" || detail === "trackers");
    const metainfo = needsFile ? await this.#library.get(entry.infoHash, entry.hash) : null;
    const { state } = this.#parts;
    return {
      ...view,
      ...detailsOf({ entry, control, metainfo, state, date: this.#date }, details),
    };
  }

  /** Another session with other switches takes over. */
  async #reopen(): Promise<void> {
    const entries = this.#book.all();
    this.#heart.stop();
    await Promise.all(entries.map((entry) => this.#runner.stop(entry)));
    await this.#session.stop(REOPEN_GRACE_MS);
    this.#open = await this.#parts.open(this.#settings, (event) => this.#hear(event));
    this.#heart.renewed();
    this.#heart.start();
  }

  #hear(event: EngineEvent): void {
    if (isNews(event, this.#book)) this.#parts.emit(event);
    this.#heart.hear(event);
    if (event.type === "done" || event.type === "error") {
      this.#book.save();
      if (this.#stopping === null) this.#heart.decide();
    }
  }
}
