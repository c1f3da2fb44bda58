import { type Bytes, utf8 } from "../../base/mod.ts";
import type { ManagerApi } from "../../manager/mod.ts";
import { COMMON, refuse } from "../responses.ts";
import type { Row, RowChange } from "./row.ts";
import { changeOf, rowOf, totalsOf } from "./row_of.ts";

/** Milliseconds between two looks. */
const INTERVAL_MS = 1_000;
/** Looks after which a page is told that nothing changed, so that it knows a lost connection from a quiet one. */
const QUIET_LOOKS = 5;
/** Pages at a time. */
export const MAX_PAGES = 16;
/** Bytes that wait for a page; who reads more slowly is let go, and begins anew. */
const MAX_WAITING = 8 * 1024 * 1024;

/** A page read too slowly, which is nobody's fault here. */
export class ReadTooSlowly extends Error {
  override name = "ReadTooSlowly";
}

/** A page that listens. */
type Page = ReadableStreamDefaultController<Bytes>;

/** What live figures are made with. */
export interface LiveOptions {
  readonly manager: Pick<ManagerApi, "torrents" | "stats" | "session">;
  /** Our own code, or the manager, failed. */
  readonly onFault: (error: unknown) => void;
  /** Calls back once after `ms`; the result cancels that. */
  readonly after?: (ms: number, callback: () => void) => () => void;
}

/**
 * Server-sent events for pages: everything at first, then once a second what changed. However many pages listen, the
 * manager is asked once and the answer written once; when none does, it is not asked at all. Of a torrent that moves only
 * the figures that changed are told.
 *
 * Each look is at all torrents, and what the pages know says what is new: nothing is lost however late it is, because the
 * machine slept or was busy, and whatever the manager remembers of the time between. That takes 0.7 ms for a thousand.
 */
export class LiveFigures {
  readonly #options: LiveOptions;
  readonly #after: NonNullable<LiveOptions["after"]>;
  /** With what says whether it may still listen. */
  readonly #pages = new Map<Page, () => boolean>();
  /** What the pages know. Null: nobody listens, or it was not asked yet. */
  #rows: Map<number, Row> | null = null;
  #totals = "";
  #first: Promise<void> | null = null;
  #quiet = 0;
  #cancel: () => void = () => {};
  #closed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#after = options.after ?? afterMs;
  }

  /**
   * A new page's stream; refused (429) when there are {@linkcode MAX_PAGES}. It ends within a second after `may` says no.
   */
  async open(may: () => boolean = () => true): Promise<Response> {
    if (this.#closed) return ending();
    if (this.#pages.size >= MAX_PAGES) {
      return refuse(429, "Too many pages are open", { "retry-after": "10" });
    }
    let page: Page | undefined;
    const body = new ReadableStream<Bytes>({
      start: (controller) => {
        page = controller;
        // counted before it has anything, as others may come in the meantime
        this.#pages.set(controller, may);
      },
      cancel: () => this.#drop(page),
    }, new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING }));
    try {
      await this.#begin();
    } catch (error) {
      this.#drop(page);
      throw error;
    }
    const rows = this.#rows;
    if (this.#closed || page === undefined || rows === null) {
      this.#drop(page);
      return ending();
    }
    page.enqueue(event(
      `{"all":true,"rows":${JSON.stringify([...rows.values()])},"removed":[],` +
        `"totals":${this.#totals}}`,
    ));
    return new Response(body, { headers: { ...COMMON, "content-type": "text/event-stream" } });
  }

  /** Ends every stream; none is opened any more. */
  close(): void {
    this.#closed = true;
    for (const page of [...this.#pages.keys()]) this.#end(page);
  }

  /** Asks for everything, once for all that came before it was there. */
  async #begin(): Promise<void> {
    if (this.#rows !== null) return;
    this.#first ??= this.#readAll().finally(() => this.#first = null);
    await this.#first;
  }

  async #readAll(): Promise<void> {
    const { manager } = this.#options;
    const [torrents, totals] = await Promise.all([manager.torrents(null, []), this.#readTotals()]);
    if (this.#pages.size === 0) return;
    this.#rows = new Map(torrents.map((torrent) => [torrent.id, rowOf(torrent)]));
    this.#totals = totals;
    this.#next();
  }

  async #readTotals(): Promise<string> {
    const { manager } = this.#options;
    const [stats, session] = await Promise.all([manager.stats(), manager.session()]);
    return JSON.stringify(totalsOf(stats, session));
  }

  #next(): void {
    this.#cancel();
    this.#cancel = this.#after(INTERVAL_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      await this.#tell();
      if (this.#rows !== null) this.#next();
    } catch (error) {
      // the pages begin anew, and are told then what is wrong
      for (const page of [...this.#pages.keys()]) this.#end(page);
      if (!this.#closed) this.#options.onFault(error);
    }
  }

  async #tell(): Promise<void> {
    const { manager } = this.#options;
    const rows = this.#rows;
    const [torrents, totals] = await Promise.all([manager.torrents(null, []), this.#readTotals()]);
    for (const [page, may] of [...this.#pages]) if (!may()) this.#end(page);
    // or all left meanwhile, and who came then knows more than this
    if (rows === null || rows !== this.#rows) return;
    const changed: RowChange[] = [];
    const gone = new Set(rows.keys());
    for (const torrent of torrents) {
      gone.delete(torrent.id);
      const before = rows.get(torrent.id);
      const row = rowOf(torrent);
      const change = before === undefined ? row : changeOf(before, row);
      if (change === null) continue;
      rows.set(row.id, row);
      changed.push(change);
    }
    const removed = [...gone];
    for (const id of removed) rows.delete(id);
    const silent = changed.length === 0 && removed.length === 0 && totals === this.#totals;
    if (silent && ++this.#quiet < QUIET_LOOKS) return;
    this.#quiet = 0;
    this.#totals = totals;
    this.#send(
      `{"all":false,"rows":${JSON.stringify(changed)},"removed":${JSON.stringify(removed)},` +
        `"totals":${totals}}`,
    );
  }

  #send(json: string): void {
    const bytes = event(json);
    for (const page of [...this.#pages.keys()]) {
      // a page that is not given its first event yet has it before this: its rows are taken from the same map
      if ((page.desiredSize ?? 0) > 0) page.enqueue(bytes);
      else this.#cut(page);
    }
  }

  /** Lets go of the connection and of all that waits for it; whoever reads again begins anew. */
  #cut(page: Page): void {
    this.#drop(page);
    page.error(new ReadTooSlowly("The page read too slowly"));
  }

  #end(page: Page): void {
    this.#drop(page);
    page.close();
  }

  #drop(page: Page | undefined): void {
    if (page !== undefined) this.#pages.delete(page);
    if (this.#pages.size > 0) return;
    this.#cancel();
    this.#rows = null;
  }
}

function ending(): Response {
  return refuse(503, "The manager is ending", { "retry-after": "10" });
}

function event(json: string): Bytes {
  // JSON has no line breaks
  return utf8(`data: ${json}\n\n`);
}

function afterMs(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
