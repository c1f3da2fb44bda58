import { toHex, traceOf } from "../base/mod.ts";
import { FileMap, FileUrls, type Metainfo } from "../metainfo/mod.ts";
import { type Allow, WebseedClient } from "../net/mod.ts";
import {
  type Swarm,
  type Webseed,
  WebseedError,
  type WebseedLink,
  type WebseedNews,
  type WebseedRun,
} from "../swarm/mod.ts";
import type { SessionContext } from "./context.ts";
import type { TorrentShares } from "./shares.ts";
import { WebseedReader } from "./webseed_reader.ts";

/** Web servers of one torrent; more only make a list that is all dead slower. */
const MOST_WEBSEEDS = 20;
/** Padding is zeros that nobody needs to send. */
const ZEROS = new Uint8Array(64 * 1024);

/** Carries out what the swarm of one torrent wants of web servers (BEP 19). */
export class TorrentWebseeds implements WebseedLink {
  readonly #context: SessionContext;
  readonly #shares: TorrentShares;
  readonly #torrent: string;
  readonly #swarm: Swarm;
  readonly #map: FileMap;
  readonly #urls: FileUrls;
  readonly #named: ReadonlySet<string>;
  readonly #clients = new Map<Webseed, WebseedClient>();
  readonly #running = new Set<Promise<void>>();

  /** `named`: those that the user typed, which may be on private addresses. */
  constructor(
    context: SessionContext,
    shares: TorrentShares,
    metainfo: Metainfo,
    swarm: Swarm,
    named: readonly string[],
  ) {
    this.#context = context;
    this.#shares = shares;
    this.#torrent = toHex(metainfo.infoHash);
    this.#swarm = swarm;
    this.#map = new FileMap(metainfo.files);
    this.#named = new Set(named);
    const theirs = context.options.webseeds === false ? [] : metainfo.webseeds;
    const all = [...new Set([...named, ...theirs])].slice(0, MOST_WEBSEEDS);
    this.#urls = new FileUrls(metainfo);
    swarm.webseeds.start(all, this, this.#map);
  }

  get room(): boolean {
    return this.#shares.connections.mayTake(1);
  }

  begin(run: WebseedRun): void {
    const { connections } = this.#shares;
    connections.take(1);
    const running = this.#fetch(run);
    this.#running.add(running);
    void running.then(() => {
      connections.give(1);
      this.#running.delete(running);
    });
  }

  told({ url, state }: Webseed, news: WebseedNews): void {
    const { emit, now } = this.#context;
    const next = state.phase === "failed" ? state.next : null;
    emit({
      type: "webseed",
      torrent: this.#torrent,
      url,
      action: news.type,
      message: news.type === "serves" ? null : news.message,
      next: next === null ? null : Math.max(0, Math.ceil((next - now()) / 1000)),
    });
  }

  /** Resolves when nothing is under way any more; the swarm is closed. */
  async stop(): Promise<void> {
    await Promise.all(this.#running);
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  /** Never rejects. */
  async #fetch(run: WebseedRun): Promise<void> {
    const { now } = this.#context;
    const abort = new AbortController();
    const reader = new WebseedReader(run, this.#shares.reads, now);
    run.stopped = () => {
      abort.abort();
      reader.close();
    };
    try {
      while (!run.over) await this.#part(run, reader, abort.signal);
      this.#swarm.webseeds.finished(run, now());
    } catch (error) {
      if (abort.signal.aborted) this.#swarm.webseeds.finished(run, now());
      else this.#failed(run, error);
    } finally {
      reader.close();
    }
  }

  /** What of the run lies in one file. */
  async #part(run: WebseedRun, reader: WebseedReader, signal: AbortSignal): Promise<void> {
    const { file, fileOffset, left } = this.#map.place(run.cursor);
    const length = Math.min(left, run.end - run.cursor);
    const { length: size, pad } = this.#map.files[file]!;
    if (pad) {
      for (let at = 0; at < length && !run.over; at += ZEROS.length) {
        run.zeros(ZEROS.subarray(0, length - at), this.#context.now());
      }
      return;
    }
    const { webseed } = run;
    const url = this.#urls.of(webseed.url, file);
    const part = { from: fileOffset, to: fileOffset + length, size };
    await this.#client(webseed).read(url, part, !webseed.ranges, reader, signal);
  }

  #failed(run: WebseedRun, error: unknown): void {
    const { emit, now } = this.#context;
    let fault: WebseedError;
    if (error instanceof WebseedError) fault = error;
    else {
      const message = `Internal fault while reading from a web server: ${traceOf(error)}`;
      emit({ type: "warning", torrent: this.#torrent, message });
      fault = new WebseedError("trouble", "Internal fault");
    }
    const { file } = this.#map.place(Math.min(run.cursor, this.#swarm.geometry.totalLength - 1));
    const { offset, length } = this.#map.files[file]!;
    this.#swarm.webseeds.failed(run, fault, [offset, offset + length], now());
  }

  #client(webseed: Webseed): WebseedClient {
    const known = this.#clients.get(webseed);
    if (known !== undefined) return known;
    const { policy } = this.#context;
    const origin = this.#named.has(webseed.url) ? "typed" : "torrent";
    const allow: Allow = (url, from, signal) => policy.source(url, origin, from, signal);
    const client = new WebseedClient(allow);
    this.#clients.set(webseed, client);
    return client;
  }
}
