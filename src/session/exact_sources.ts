import { equalBytes, messageOf, type Millis } from "../base/mod.ts";
import { type Magnet, type Metainfo, nameRules, parseMetainfo } from "../metainfo/mod.ts";
import {
  type Allow,
  fetchTorrentFile,
  TorrentFileError,
  type TorrentFileFault,
  type UrlOrigin,
} from "../net/mod.ts";
import { MAX_METADATA } from "../wire/mod.ts";
import type { SessionContext } from "./context.ts";

/** Why a source gave nothing: it could not be fetched, is no torrent, or another one. */
export type ExactSourceFault = TorrentFileFault | "no-torrent" | "other-torrent";

/** How a source is. */
export type ExactSourceState =
  | { readonly phase: "idle" | "asked" }
  /** `next`: when it is asked again, null: never. */
  | {
    readonly phase: "failed";
    readonly fault: ExactSourceFault;
    readonly message: string;
    readonly next: Millis | null;
  };

/** A URL of the torrent file, and how it is. */
export interface ExactSource {
  readonly url: string;
  readonly state: ExactSourceState;
}

/** URLs of a link that are used, and asked at a time. */
const MOST_SOURCES = 8;
const MOST_AT_ONCE = 2;
/** The largest metadata, with what a torrent file has around it. */
const MOST_BYTES = MAX_METADATA + 1024 * 1024;
/** Between tries of one that may come right by itself, twice as long each time. */
const FIRST_REST_MS = 10_000;
const MOST_REST_MS = 5 * 60_000;

/** Faults that pass. */
const PASSING: ReadonlySet<ExactSourceFault> = new Set<ExactSourceFault>([
  "busy",
  "trouble",
  "unknown-host",
  "unreachable",
  "silent",
]);

/** One source and how often it failed. */
interface Entry {
  readonly url: string;
  state: ExactSourceState;
  failures: number;
}

/**
 * The torrent files that a magnet link names (`xs`), asked beside its peers until somebody has the metadata. Only what
 * has the link's info hash counts; whatever else a server answers costs one try.
 */
export class ExactSources {
  readonly #context: SessionContext;
  readonly #magnet: Magnet;
  readonly #found: (metainfo: Metainfo) => void;
  readonly #allow: Allow;
  readonly #entries: Entry[];
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();

  /** `origin`: who gave the link. `found` hears the torrent, whose info hash is right, once. */
  constructor(
    context: SessionContext,
    magnet: Magnet,
    origin: UrlOrigin,
    found: (metainfo: Metainfo) => void,
  ) {
    this.#context = context;
    this.#magnet = magnet;
    this.#found = found;
    this.#allow = (url, from, signal) => context.policy.exactSource(url, origin, from, signal);
    const urls = context.options.webseeds === false ? [] : magnet.exactSources;
    this.#entries = urls.slice(0, MOST_SOURCES).map((url) => ({
      url,
      state: { phase: "idle" },
      failures: 0,
    }));
  }

  /** All of them, in the link's order. */
  get all(): readonly ExactSource[] {
    return this.#entries;
  }

  /** Asks those whose time it is. */
  tick(now: Millis): void {
    for (const entry of this.#entries) {
      if (this.#running.size >= MOST_AT_ONCE || this.#abort.signal.aborted) return;
      if (dueAt(entry) > now) continue;
      entry.state = { phase: "asked" };
      const running: Promise<void> = this.#ask(entry).then(() => {
        this.#running.delete(running);
        this.#context.wake();
      });
      this.#running.add(running);
    }
  }

  /** When {@linkcode tick} wants to be called; Infinity: not before an answer. */
  nextDeadline(): number {
    if (this.#running.size >= MOST_AT_ONCE || this.#abort.signal.aborted) return Infinity;
    return this.#entries.reduce((at, entry) => Math.min(at, dueAt(entry)), Infinity);
  }

  /** Asks nobody any more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  /** Never rejects. */
  async #ask(entry: Entry): Promise<void> {
    const { signal } = this.#abort;
    try {
      const options = { maxBytes: MOST_BYTES, allow: this.#allow, signal };
      const bytes = await fetchTorrentFile(entry.url, options);
      const { infoHash, infoHashV2 } = this.#magnet;
      const read = parseMetainfo(bytes, nameRules(Deno.build.os), { knownAs: infoHash });
      const metainfo = await read.catch((error) => {
        throw new SourceError("no-torrent", messageOf(error));
      });
      const v2 = metainfo.infoHashV2;
      const isV2 = infoHashV2 === null || (v2 !== null && equalBytes(v2, infoHashV2));
      if (!equalBytes(metainfo.infoHash, infoHash) || !isV2) {
        throw new SourceError("other-torrent", "Its info hash is another");
      }
      if (!signal.aborted) this.#found(metainfo);
    } catch (error) {
      if (!signal.aborted) this.#failed(entry, error);
    }
  }

  #failed(entry: Entry, error: unknown): void {
    const known = error instanceof TorrentFileError || error instanceof SourceError;
    const fault = known ? error.fault : "trouble";
    const rest = Math.min(MOST_REST_MS, FIRST_REST_MS * 2 ** entry.failures++);
    const next = PASSING.has(fault) ? this.#context.now() + rest as Millis : null;
    entry.state = { phase: "failed", fault, message: messageOf(error), next };
  }
}

/** What was fetched is of no use. */
class SourceError extends Error {
  constructor(readonly fault: "no-torrent" | "other-torrent", message: string) {
    super(message);
  }
}

function dueAt({ state }: ExactSource): number {
  if (state.phase === "failed") return state.next ?? Infinity;
  return state.phase === "idle" ? 0 : Infinity;
}
