import type { Book } from "./book.ts";
import type { Finding, FreeSpace, SessionView } from "./api.ts";
import { examine } from "./examine.ts";
import { Filter } from "./filter.ts";
import { alternative } from "./limits.ts";
import { parseLocation } from "./locations.ts";
import type { ManagerParts } from "./parts.ts";
import type { Seat } from "./seat.ts";
import type { SessionSettings } from "./settings.ts";
import { messageOf } from "../base/mod.ts";

/** What the premises belong to. */
export interface Owner {
  readonly parts: ManagerParts;
  readonly book: Book;
  readonly seat: Seat;
  readonly settings: () => SessionSettings;
  /** Bytes that the transfer budget leaves. */
  readonly left: () => number;
}

/** Free space is asked for again after so long; the disk may have much to do first. */
const FREE_MS = 2000;

/** What a manager has besides its torrents: the disk, the port, the address filter, the clock. */
export class Premises {
  readonly #owner: Owner;
  readonly #filter: Filter;
  /** The clock on the wall less the other one, when it was furthest ahead. */
  #ahead = -Infinity;
  /** Free bytes of the download folder, null: not known, as of a moment of the manager's clock. */
  #free: { readonly bytes: number | null; readonly at: number } = { bytes: null, at: -Infinity };
  #asking: Promise<void> | null = null;
  #examining: Promise<readonly Finding[]> | null = null;
  /** Somebody came from outside, to a session before this one. */
  #reached = false;

  constructor(owner: Owner) {
    this.#owner = owner;
    this.#filter = new Filter(owner.parts.lists);
  }

  /** The session was opened: the filter holds in it. Never rejects. */
  async opened(): Promise<void> {
    const { filterEnabled } = this.#owner.settings();
    if (filterEnabled && this.#filter.ranges === null) {
      await this.#filter.load().catch((error) => {
        const message = `The address filter's list cannot be used: ${messageOf(error)}`;
        this.#owner.parts.emit({ type: "warning", torrent: null, message });
      });
    }
    this.#owner.seat.session.setFilter(filterEnabled ? this.#filter.ranges : null);
  }

  /** The session is about to be closed. */
  closing(): void {
    this.#reached ||= this.#arrived;
  }

  /** Time passes: looks whether the clock was set back. */
  look(): void {
    this.#ahead = Math.max(this.#ahead, this.#offset);
  }

  /** What the manager is and has. */
  async session(): Promise<SessionView> {
    // later calls need not wait for a disk that is busy
    if (this.#free.at === -Infinity) await this.#askFree();
    return this.shown();
  }

  /** The same at once; free space is not known before somebody has waited for it. */
  shown(): SessionView {
    const { parts, seat, settings } = this.#owner;
    if (parts.clock.now() - this.#free.at > FREE_MS) void this.#askFree();
    return {
      settings: settings(),
      folder: parts.folder,
      free: this.#free.bytes,
      port: seat.session.control.totals().port,
      filterRules: this.#filter.rules,
      alternative: alternative(settings(), parts.clock.date()),
      lacks: parts.lacks,
    };
  }

  /** Asks the disk for its free space, once at a time. Never rejects. */
  #askFree(): Promise<void> {
    const { parts: { clock }, seat } = this.#owner;
    return this.#asking ??= seat.disk.space([]).catch(() => null).then((space) => {
      this.#free = { bytes: space?.free ?? null, at: clock.now() };
      this.#asking = null;
    });
  }

  /** As in `ManagerApi`. */
  async freeSpace(path: string): Promise<FreeSpace> {
    const space = await this.#owner.seat.disk.space(parseLocation(path));
    return { path, free: space?.free ?? -1, total: space?.total ?? -1 };
  }

  /** As in `ManagerApi`. */
  testPort(): boolean | null {
    if (this.#owner.seat.session.control.totals().port === null) return false;
    return this.#reached || this.#arrived ? true : null;
  }

  /** As in `ManagerApi`. */
  async updateFilter(local: boolean): Promise<number> {
    const rules = await this.#filter.update(this.#owner.settings().filterUrl, local);
    await this.opened();
    return rules;
  }

  /** As in `ManagerApi`; who comes while it goes on hears the same. */
  examine(): Promise<readonly Finding[]> {
    const { parts, seat, settings, book, left } = this.#owner;
    return this.#examining ??= examine({
      ...parts,
      session: seat.session,
      disk: seat.disk,
      settings: settings(),
      entries: book.all(),
      setBack: Math.max(0, this.#ahead - this.#offset),
      filterRules: this.#filter.rules,
      left: left(),
    }).finally(() => this.#examining = null);
  }

  get #arrived(): boolean {
    return this.#owner.seat.session.control.totals().arrivals.outside > 0;
  }

  get #offset(): number {
    const { clock } = this.#owner.parts;
    return clock.date().getTime() - clock.now();
  }
}
