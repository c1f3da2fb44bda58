import type { Bytes } from "../../src/base/mod.ts";
import { FileMap } from "../../src/metainfo/mod.ts";
import {
  type Webseed,
  WebseedError,
  type WebseedFault,
  type WebseedLink,
  type WebseedNews,
  type WebseedRun,
} from "../../src/swarm/mod.ts";
import type { SwarmNode } from "./swarm_node.ts";

/** How a simulated web server is. */
export interface Web {
  /** Milliseconds to an answer. */
  readonly latency: number;
  /** Bytes a second of one connection. */
  readonly rate: number;
  /** What it sends for bytes of the torrent from `offset` on, in place of `good`. */
  readonly spoil?: (good: Bytes, offset: number) => Bytes;
  /** Why the `count`-th request, for the torrent byte `offset` and what follows, fails; null: it does not. */
  readonly fault?: (count: number, offset: number) => WebseedFault | null;
  /** It sends whole files only. */
  readonly whole?: boolean;
  /** Bytes after which it breaks each answer off. */
  readonly breaksAfter?: number;
}

/** What comes at a time. */
const CHUNK = 20_000;

/** The web servers of a node, which have its torrent as files of `lengths`; one file when there are none. */
export class SimWeb implements WebseedLink {
  readonly room = true;
  requests = 0;
  /** Bytes sent, those that nobody wanted included. */
  sent = 0;
  readonly news: (WebseedNews & { readonly url: string })[] = [];
  readonly #node: SwarmNode;
  readonly #servers: ReadonlyMap<string, Web>;
  readonly #files: FileMap;

  constructor(node: SwarmNode, servers: Readonly<Record<string, Web>>, lengths: number[] = []) {
    this.#node = node;
    this.#servers = new Map(Object.entries(servers));
    const { totalLength } = node.content.geometry;
    const all = lengths.length === 0 ? [totalLength] : lengths;
    let offset = 0;
    this.#files = new FileMap(all.map((length, i) => {
      const file = { path: [`${i}`], length, offset, pad: false };
      offset += length;
      return file;
    }));
    if (offset !== totalLength) throw new Error(`Expected files of ${totalLength} bytes together`);
    node.swarm.webseeds.start([...this.#servers.keys()], this, this.#files);
    node.swarm.webseeds.ask(node.clock.now);
  }

  begin(run: WebseedRun): void {
    this.#request(run);
  }

  told({ url }: Webseed, news: WebseedNews): void {
    this.news.push({ ...news, url });
  }

  #request(run: WebseedRun): void {
    const web = this.#servers.get(run.webseed.url)!;
    const { clock } = this.#node;
    const { file, fileOffset, left } = this.#files.place(run.cursor);
    const end = Math.min(run.end, run.cursor + left);
    const fault = web.fault?.(this.requests, run.cursor) ?? null;
    this.requests++;
    clock.in(web.latency, () => {
      if (fault !== null) return this.#fail(run, fault, file);
      if (web.whole && run.webseed.ranges && (fileOffset > 0 || end < run.cursor + left)) {
        return this.#fail(run, "no-ranges", file);
      }
      const skip = web.whole ? fileOffset : 0;
      clock.in(skip * 1000 / web.rate, () => {
        run.skipped(skip, clock.now);
        this.sent += skip;
        this.#send(run, web, end, file, 0);
      });
    });
  }

  #send(run: WebseedRun, web: Web, end: number, file: number, sent: number): void {
    const { clock, content, swarm } = this.#node;
    if (run.over) return swarm.webseeds.finished(run, clock.now);
    if (run.cursor >= end) return this.#request(run);
    if (sent >= (web.breaksAfter ?? Infinity)) return this.#fail(run, "cut-short", file);
    const { cursor } = run;
    const length = Math.min(CHUNK, end - cursor);
    clock.in(length * 1000 / web.rate, () => {
      const good = content.data.slice(cursor, cursor + length);
      this.sent += length;
      run.receive(web.spoil?.(good, cursor) ?? good, clock.now);
      this.#send(run, web, end, file, sent + length);
    });
  }

  #fail(run: WebseedRun, fault: WebseedFault, file: number): void {
    const { offset, length } = this.#files.files[file]!;
    const error = new WebseedError(fault, `Simulated: ${fault}`);
    this.#node.swarm.webseeds.failed(run, error, [offset, offset + length], this.#node.clock.now);
  }
}
