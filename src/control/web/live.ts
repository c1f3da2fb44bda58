import { type Bytes, utf8 } from "../../base/mod.ts";
import type { ManagerApi, TorrentRow } from "../../manager/mod.ts";
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

/** What the pages know of a torrent, and what that was made of. */
interface Known {
  readonly from: TorrentRow;
  readonly row: Row;
}

/** What live figures are made with. */
export interface LiveOptions {
  readonly manager: Pick<ManagerApi, "overview">;
  /** This program's version: a page that an older one served learns of it. */
  readonly version: string;
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
 * machine slept or was busy, and whatever the manager remembers of the time between.
 */
export class LiveFigures {
  readonly #options: LiveOptions;
  readonly #after: NonNullable<LiveOptions["after"]>;
  /** With what says whether it may still listen. */
  readonly #pages = new Map<Page, () => boolean>();
  /** What the pages know. Null: nobody listens, or it was not asked yet. */
  #known: Map<number, Known> | null = null;
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
    const known = this.#known;
    if (this.#closed || page === undefined || known === null) {
      this.#drop(page);
      return ending();
    }
    const rows = JSON.stringify([...known.values()].map(({ row }) => row));
    const version = JSON.stringify(this.#options.version);
    page.enqueue(event(
      `{"all":true,"rows":${rows},"removed":[],"totals":${this.#totals},"version":${version}}`,
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
    if (this.#known !== null) return;
    this.#first ??= this.#readAll().finally(() => this.#first = null);
    await this.#first;
  }

  async #readAll(): Promise<void> {
    const { rows, stats, session } = await this.#options.manager.overview();
    if (this.#pages.size === 0) return;
    this.#known = new Map(rows.map((from) => [from.view.id, { from, row: rowOf(from.view) }]));
    this.#totals = JSON.stringify(totalsOf(stats, session));
    this.#next();
  }

  #next(): void {
    this.#cancel();
    this.#cancel = this.#after(INTERVAL_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      await this.#tell();
      if (this.#known !== null) this.#next();
    } catch (error) {
      // the pages begin anew, and are told then what is wrong
      for (const page of [...this.#pages.keys()]) this.#end(page);
      if (!this.#closed) this.#options.onFault(error);
    }
  }

  async #tell(): Promise<void> {
    const known = this.#known;
    const { rows, stats, session } = await this.#options.manager.overview();
    for (const [page, may] of [...this.#pages]) if (!may()) this.#end(page);
    // or all left meanwhile, and who came then knows more than this
    if (known === null || known !== this.#known) return;
    const changed = take(rows, known);
    const removed = forget(rows, known);
    const totals = JSON.stringify(totalsOf(stats, session));
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
    this.#known = null;
  }
}

/** What pages that know `known` are to be told of these; it is known then. */
function take(rows: readonly TorrentRow[], known: Map<number, Known>): RowChange[] {
  const changed: RowChange[] = [];
  for (const from of rows) {
    const before = known.get(from.view.id);
    // most of many rest, and a second is soon over
    if (before?.from === from) continue;
    const row = rowOf(from.view);
    const change = before === undefined ? row : changeOf(before.row, row);
    known.set(row.id, { from, row });
    if (change !== null) changed.push(change);
  }
  return changed;
}

/** Numbers of those that are known and not there any more; they are not known then. */
function forget(rows: readonly TorrentRow[], known: Map<number, Known>): number[] {
  // all of these are known
  if (known.size === rows.length) return [];
  const there = new Set(rows.map(({ view }) => view.id));
  const removed = [...known.keys()].filter((id) => !there.has(id));
  for (const id of removed) known.delete(id);
  return removed;
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
