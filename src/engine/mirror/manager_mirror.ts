import type {
  Added,
  Detail,
  Finding,
  FreeSpace,
  ManagerApi,
  ManagerStats,
  NewTorrent,
  Overview,
  Recent,
  Selection,
  SessionPatch,
  SessionView,
  TorrentDetails,
  TorrentPatch,
  TorrentView,
} from "../../manager/mod.ts";
import type { Bytes } from "../../base/mod.ts";
import type { Changes } from "./changes.ts";
import { RecentDetails } from "./recent_details.ts";
import { ShownRows } from "./shown_rows.ts";
import { type MirrorClock, soon } from "./soon.ts";

/** Milliseconds between two looks while somebody asks. */
const BEAT_MS = 500;
/** What is at hand is as good as new. */
const YOUNG_MS = 1_000;
/** What is older is shown to nobody. */
const OLD_MS = 10_000;
/** Nobody has asked for so long: nothing is looked at any more. */
const QUIET_MS = 30_000;

/** Where the manager is that a mirror shows. */
export interface MirrorSource {
  /** Carries out what changes something; what it changed is heard before its answer. */
  readonly manager: ManagerApi;
  /** Resolves when everything that changed was heard. */
  readonly look: () => Promise<void>;
}

/**
 * A manager of another thread, which is busy while it downloads: answers come out of memory, which looks at the manager
 * twice a second while somebody asks and not at all when nobody does. What is changed goes to the manager itself, and
 * shows here before that is answered. Rejects as the manager does, and when its thread is gone.
 */
export class ManagerMirror implements ManagerApi {
  readonly #source: MirrorSource;
  readonly #clock: MirrorClock;
  readonly #details: RecentDetails;
  readonly #rows = new ShownRows();
  /** What was heard of the next moment, which is not whole yet. */
  #coming: Changes[] = [];
  #shown: NonNullable<Changes["last"]> | null = null;
  /** When it was whole last, on this clock and on the manager's. */
  #heard = { at: 0, now: 0 };
  /** What is shown is good from then on; -Infinity: it is not. */
  #goodAt = -Infinity;
  #askedAt = -Infinity;
  #looking: Promise<void> | null = null;
  /** Cancels the next look; null: none is to come. */
  #cancel: (() => void) | null = null;
  #closed = false;

  constructor(source: MirrorSource, clock: MirrorClock) {
    this.#source = source;
    this.#clock = clock;
    this.#details = new RecentDetails(
      (ids, details) => source.manager.torrents(ids, details),
      clock,
    );
  }

  /** The manager tells what changed; null: something did. */
  hear(changes: Changes | null): void {
    if (changes === null) return this.stir();
    this.#coming.push(changes);
    if (changes.last === null) return;
    for (const each of this.#coming.splice(0)) this.#rows.apply(each);
    this.#shown = changes.last;
    const at = this.#goodAt = this.#clock.now();
    this.#heard = { at, now: changes.now };
  }

  /** What was heard before is shown to nobody. */
  stir(): void {
    this.#goodAt = -Infinity;
    this.#details.forget();
  }

  /** Looks no more: the manager is about to go. */
  close(): void {
    this.#closed = true;
    this.stir();
    this.#cancel?.();
    this.#cancel = null;
  }

  async torrents(
    torrents: Selection,
    details: readonly Detail[],
  ): Promise<readonly (TorrentView & TorrentDetails)[]> {
    await this.#fresh();
    return await this.#with(details, this.#rows.pick(torrents, this.#now));
  }

  async overview(): Promise<Overview> {
    const shown = await this.#fresh();
    const gone = this.#rows.goneSince(-Infinity);
    return { now: this.#now, rows: this.#rows.all, gone, ...shown };
  }

  async recent(since: number, details: readonly Detail[]): Promise<Recent> {
    await this.#fresh();
    const from = this.#now - since;
    const views = this.#rows.pick(this.#rows.changedSince(from), this.#now);
    const removed = this.#rows.goneSince(from).map(({ id }) => id);
    return { torrents: await this.#with(details, views), removed };
  }

  async session(): Promise<SessionView> {
    return (await this.#fresh()).session;
  }

  async stats(): Promise<ManagerStats> {
    return (await this.#fresh()).stats;
  }

  add(torrent: NewTorrent): Promise<Added> {
    return this.#change(this.#manager.add(torrent));
  }

  remove(torrents: Selection, data: boolean): Promise<void> {
    return this.#change(this.#manager.remove(torrents, data));
  }

  start(torrents: Selection, now: boolean): Promise<void> {
    return this.#change(this.#manager.start(torrents, now));
  }

  stop(torrents: Selection): Promise<void> {
    return this.#change(this.#manager.stop(torrents));
  }

  verify(torrents: Selection): Promise<void> {
    return this.#change(this.#manager.verify(torrents));
  }

  reannounce(torrents: Selection): Promise<void> {
    return this.#change(this.#manager.reannounce(torrents));
  }

  set(torrents: Selection, patch: TorrentPatch): Promise<void> {
    return this.#change(this.#manager.set(torrents, patch));
  }

  relocate(torrents: Selection, location: string, move: boolean): Promise<void> {
    return this.#change(this.#manager.relocate(torrents, location, move));
  }

  rename(torrent: number | string, path: string, name: string): Promise<void> {
    return this.#change(this.#manager.rename(torrent, path, name));
  }

  queue(torrents: Selection, to: "top" | "up" | "down" | "bottom"): Promise<void> {
    return this.#change(this.#manager.queue(torrents, to));
  }

  setSession(patch: SessionPatch): Promise<void> {
    return this.#change(this.#manager.setSession(patch));
  }

  updateFilter(local: boolean): Promise<number> {
    return this.#change(this.#manager.updateFilter(local));
  }

  freeSpace(path: string): Promise<FreeSpace> {
    return this.#manager.freeSpace(path);
  }

  readTorrent(path: string): Promise<Bytes> {
    return this.#manager.readTorrent(path);
  }

  testPort(): Promise<boolean | null> {
    return this.#manager.testPort();
  }

  doctor(): Promise<readonly Finding[]> {
    return this.#manager.doctor();
  }

  get #manager(): ManagerApi {
    return this.#source.manager;
  }

  /** On the manager's clock. */
  get #now(): number {
    return this.#heard.now + this.#clock.now() - this.#heard.at;
  }

  async #change<T>(done: Promise<T>): Promise<T> {
    try {
      return await done;
    } finally {
      this.#details.forget();
    }
  }

  async #with(
    details: readonly Detail[],
    views: readonly TorrentView[],
  ): Promise<readonly (TorrentView & TorrentDetails)[]> {
    if (details.length === 0 || views.length === 0) return views;
    const full = await this.#details.get(views.map(({ id }) => id), details);
    const byId = new Map(full.map((view) => [view.id, view]));
    return views.flatMap((view) => {
      const found = byId.get(view.id);
      return found === undefined ? [] : [{ ...found, ...view }];
    });
  }

  /** Sees to it that what is shown is new enough. */
  async #fresh(): Promise<NonNullable<Changes["last"]>> {
    const now = this.#clock.now();
    this.#askedAt = now;
    const age = now - this.#goodAt;
    if (age > YOUNG_MS) {
      const looking = this.#look();
      if (age > OLD_MS) await looking;
      else await soon(looking, this.#clock);
    }
    this.#next();
    if (this.#shown === null) throw new Error("Expected the manager to have told of itself");
    return this.#shown;
  }

  #look(): Promise<void> {
    return this.#looking ??= this.#source.look().catch((error) => {
      // nobody is told what was
      this.stir();
      throw error;
    }).finally(() => this.#looking = null);
  }

  /** The next look: soon while somebody asks, ever later when nobody does, and at some time no more. */
  #next(): void {
    if (this.#cancel !== null || this.#closed) return;
    const quiet = this.#clock.now() - this.#askedAt;
    if (quiet > QUIET_MS) return this.#details.forget();
    this.#cancel = this.#clock.after(Math.max(BEAT_MS, quiet / 2), () => {
      this.#look().catch(() => {}).finally(() => {
        this.#cancel = null;
        this.#next();
      });
    });
  }
}
