import { type Bytes, toHex } from "../base/mod.ts";
import type { Metainfo } from "../metainfo/mod.ts";
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
import { patchSession } from "./check_patch.ts";
import { carryOut, planEdits } from "./edits.ts";
import type { Entry } from "./entry.ts";
import { choose, type Choosing, foretell } from "./file_wishes.ts";
import { FileWork } from "./file_work.ts";
import { startedAnew } from "./goals.ts";
import { Heart } from "./heart.ts";
import { takeIn } from "./intake.ts";
import { Library } from "./library.ts";
import { parseLocation } from "./locations.ts";
import { isNews } from "./news.ts";
import type { Overview } from "./overview.ts";
import { type ManagedDisk, type ManagerParts, SWITCHES } from "./parts.ts";
import { keepSettings, keptSettings, recover } from "./recovery.ts";
import { Premises } from "./premises.ts";
import { Relocation } from "./relocation.ts";
import { type ManagedSession, Runner } from "./runner.ts";
import { Seat } from "./seat.ts";
import type { SessionPatch, SessionSettings, TorrentPatch } from "./settings.ts";
import { seedFacts } from "./pulse.ts";
import { promised } from "./space_watch.ts";
import { Statistics } from "./statistics.ts";
import { Views } from "./views.ts";

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
  readonly #seat: Seat;
  readonly #work: FileWork;
  readonly #premises: Premises;
  readonly #views: Views;
  #stopping: Promise<void> | null = null;
  /** The databases are closed. */
  #closed = false;

  /** Starts a session and every torrent that is to run. Rejects with what keeps the session from starting. */
  static async start(parts: ManagerParts): Promise<Manager> {
    const settings = keptSettings(parts);
    const manager = new Manager(parts, settings);
    await manager.#seat.open();
    await manager.#premises.opened();
    const { state, kept, clock, emit } = parts;
    const date = clock.date().getTime();
    try {
      await recover({ state, kept, emit, date }, manager.#book, manager.#relocation);
    } catch (error) {
      await manager.#seat.close(0);
      throw error;
    }
    manager.#heart.start();
    return manager;
  }

  private constructor(parts: ManagerParts, settings: SessionSettings) {
    const { state, kept, clock, emit } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#seat = new Seat(parts, () => this.#settings, (event) => this.#hear(event));
    this.#book = new Book(kept, (message) => this.#warn(message));
    this.#library = new Library(state);
    this.#statistics = new Statistics(kept);
    this.#runner = new Runner({
      state,
      library: this.#library,
      session: () => this.#session,
      now: () => clock.now(),
      reserve: (entry) => this.#settings.reserve + promised(this.#book.all(), entry),
      leaves: (entry) => this.#heart.refresh(entry),
    });
    this.#relocation = new Relocation(state, this.#library, this.#book, () => this.#disk);
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
      beat: () => this.#premises.look(),
    });
    this.#views = new Views({
      state,
      clock,
      book: this.#book,
      library: this.#library,
      heart: this.#heart,
      settings: () => this.#settings,
      control: () => this.#session.control,
    });
    this.#premises = new Premises({
      parts,
      book: this.#book,
      seat: this.#seat,
      settings: () => this.#settings,
      left: () => this.#heart.left,
    });
    this.#work = new FileWork({
      parts,
      book: this.#book,
      library: this.#library,
      runner: this.#runner,
      relocation: this.#relocation,
      seat: this.#seat,
      changed: (entries) => this.#changed(entries),
      expectRunning: () => this.#expectRunning(),
    });
  }

  async add(given: NewTorrent): Promise<Added> {
    const { infoHash, record, metainfo, keep } = await takeIn(given, this.#settings, this.#date);
    this.#expectRunning();
    const hash = toHex(infoHash);
    let there = this.#book.get(hash);
    while (there?.leaving) {
      await there.leaving.done.catch(() => {});
      this.#expectRunning();
      there = this.#book.get(hash);
    }
    if (there !== undefined) {
      return { id: there.id, hash, name: there.record.name, duplicate: true };
    }
    keep(this.#parts.state);
    const entry = this.#book.add(infoHash, record);
    this.#statistics.add({ filesAdded: 1 });
    const { position, filePriorities } = given.settings ?? {};
    if (position !== undefined) this.#book.move([entry], position, this.#now);
    if (filePriorities) {
      const facts = metainfo === null ? {} : foretell(this.#parts.state, metainfo, filePriorities);
      entry.set({ pendingFiles: filePriorities, ...facts });
    }
    this.#changed([entry]);
    return { id: entry.id, hash, name: record.name, duplicate: false };
  }

  async remove(torrents: Selection, data: boolean): Promise<void> {
    await this.#work.remove(this.#pick(torrents), data);
  }

  async start(torrents: Selection, now: boolean): Promise<void> {
    const entries = this.#pick(torrents);
    for (const entry of entries) {
      const { record } = entry;
      const settings = record.complete
        ? startedAnew(record.settings, this.#settings, seedFacts(entry, this.#now))
        : record.settings;
      entry.set({ goal: now ? "now" : "run", finished: false, trouble: null, settings });
      entry.movedAt = this.#now;
    }
    this.#changed(entries);
    await this.#work.finish(entries);
  }

  async stop(torrents: Selection): Promise<void> {
    const entries = this.#pick(torrents);
    for (const entry of entries) entry.set({ goal: "stop", check: false });
    await this.#done(entries);
  }

  async verify(torrents: Selection): Promise<void> {
    const entries = this.#pick(torrents).filter(({ record }) => record.magnet === null);
    for (const entry of entries) {
      entry.set({ check: true, trouble: null });
      // one that is being hashed begins anew
      entry.checking = false;
    }
    await this.#done(entries);
  }

  reannounce(torrents: Selection): Promise<void> {
    for (const entry of this.#book.pick(torrents)) {
      this.#session.control.reannounce(entry.hash);
      // how long until they may be asked again shows at once
      entry.still = false;
    }
    return Promise.resolve();
  }

  async set(torrents: Selection, patch: TorrentPatch): Promise<void> {
    const entries = this.#book.pick(torrents);
    const files = new Map<Entry, Metainfo | null>();
    for (const entry of entries) {
      files.set(entry, await this.#library.get(entry.infoHash, entry.hash));
    }
    this.#expectRunning();
    // one mistake, and nothing is changed
    const edits = planEdits(files, patch);
    for (const edit of edits) carryOut(edit, this.#session, this.#date);
    const { filePriorities } = patch;
    for (const [entry, metainfo] of filePriorities ? files : []) {
      await choose(entry, filePriorities ?? [], metainfo, this.#choosing);
    }
    if (patch.position !== undefined) this.#book.move(entries, patch.position, this.#now);
    this.#changed(entries);
  }

  async relocate(torrents: Selection, location: string, move: boolean): Promise<void> {
    await this.#work.relocate(this.#pick(torrents), location, move);
  }

  async rename(torrent: number | string, path: string, name: string): Promise<void> {
    this.#expectRunning();
    await this.#work.rename(this.#book.one(torrent), path, name);
  }

  async queue(torrents: Selection, to: "top" | "up" | "down" | "bottom"): Promise<void> {
    const entries = this.#pick(torrents);
    this.#book.move(entries, to, this.#now);
    await this.#done(entries);
  }

  torrents(
    torrents: Selection,
    details: readonly Detail[],
  ): Promise<(TorrentView & TorrentDetails)[]> {
    return this.#views.torrents(torrents, details);
  }

  recent(since: number, details: readonly Detail[]): Promise<Recent> {
    return this.#views.recent(since, details);
  }

  async overview(): Promise<Overview> {
    await this.#premises.session();
    return this.shown();
  }

  /** The same at once; free space is not known before somebody has waited for it. */
  shown(): Overview {
    const rows = this.#views.rows();
    return {
      now: this.#now,
      rows,
      gone: this.#book.goneSince(-Infinity),
      session: this.#premises.shown(),
      stats: this.#stats(),
    };
  }

  session(): Promise<SessionView> {
    return this.#premises.session();
  }

  async setSession(patch: SessionPatch): Promise<void> {
    this.#expectRunning();
    const before = this.#settings;
    const settings = patchSession(before, patch);
    this.#settings = settings;
    keepSettings(this.#parts.kept, settings);
    const { filterEnabled } = settings;
    if (SWITCHES.some((each) => settings[each] !== before[each])) await this.#reopen();
    if (filterEnabled !== before.filterEnabled) await this.#premises.opened();
    this.#heart.hurry();
  }

  stats(): Promise<ManagerStats> {
    return Promise.resolve(this.#stats());
  }

  freeSpace(path: string): Promise<FreeSpace> {
    return this.#premises.freeSpace(path);
  }

  readTorrent(path: string): Promise<Bytes> {
    return this.#parts.read(parseLocation(path));
  }

  testPort(): Promise<boolean | null> {
    return Promise.resolve(this.#premises.testPort());
  }

  updateFilter(local: boolean): Promise<number> {
    return this.#premises.updateFilter(local);
  }

  doctor(): Promise<readonly Finding[]> {
    return this.#premises.examine();
  }

  /** Stops everything gently within `graceMs`; what is known is kept first. Safe to call twice. */
  shutDown(graceMs: number): Promise<void> {
    return this.#stopping ??= (async () => {
      this.#heart.stop();
      await this.#seat.close(graceMs);
      this.#heart.keep();
      this.#closed = true;
    })();
  }

  get #session(): ManagedSession {
    return this.#seat.session;
  }

  get #disk(): ManagedDisk {
    return this.#seat.disk;
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

  #stats(): ManagerStats {
    return this.#statistics.figures(this.#book.all(), this.#session.control.totals());
  }

  #warn(message: string): void {
    this.#parts.emit({ type: "warning", torrent: null, message });
  }

  #expectRunning(): void {
    if (this.#stopping !== null) throw new Error("Expected a running manager");
  }

  #done(entries: readonly Entry[]): Promise<void> {
    this.#changed(entries);
    return Promise.resolve();
  }

  /** Torrents that something is to be done about. */
  #pick(torrents: Selection): Entry[] {
    this.#expectRunning();
    return this.#book.pick(torrents);
  }

  /** What was decided about torrents is kept, and done. */
  #changed(entries: readonly Entry[]): void {
    if (this.#closed) return;
    for (const entry of entries) entry.changedAt = this.#now;
    this.#book.save();
    this.#heart.decide();
  }

  /** Another session with other switches takes over. */
  #reopen(): Promise<void> {
    return this.#seat.change(
      async () => {
        this.#heart.stop();
        await Promise.all(this.#book.all().map((entry) => this.#runner.stop(entry)));
        this.#premises.closing();
        await this.#session.stop(REOPEN_GRACE_MS);
      },
      () => {
        void this.#premises.opened();
        this.#heart.renewed();
        this.#heart.start();
      },
      (message) => this.#warn(message),
    );
  }

  #hear(event: EngineEvent): void {
    const entry = "torrent" in event && event.torrent !== null
      ? this.#book.get(event.torrent)
      : undefined;
    if (isNews(event, entry)) this.#parts.emit(event);
    if (this.#closed) return;
    this.#heart.hear(event);
    if (event.type === "done" || event.type === "error" || event.type === "checked") {
      this.#changed([]);
    }
  }
}
