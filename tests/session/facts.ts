/** Facts of a download that waits, for tests: nothing is known and nothing was tried, unless said otherwise. */
import type {
  SourceFacts,
  TrackerFacts,
  WaitFacts,
  WebseedFacts,
} from "../../src/session/why/facts.ts";

/** Each group may be given in part. */
export type Over =
  & { readonly dht?: WaitFacts["dht"]; readonly metadata?: WaitFacts["metadata"] }
  & {
    readonly [Group in Exclude<keyof WaitFacts, "dht" | "metadata">]?: WaitFacts[Group] extends
      readonly unknown[] | number | boolean | string ? WaitFacts[Group]
      : Partial<WaitFacts[Group]>;
  };

export function facts(over: Over = {}): WaitFacts {
  return {
    seconds: over.seconds ?? 25,
    metadata: over.metadata ?? null,
    running: over.running ?? true,
    trackers: over.trackers ?? [],
    dht: over.dht ?? null,
    webseeds: over.webseeds ?? [],
    sources: over.sources ?? [],
    tried: {
      known: 0,
      connecting: 0,
      failed: {},
      next: null,
      connected: 0,
      useful: 0,
      unchoked: 0,
      ...over.tried,
    },
    peers: {
      lastFailure: null,
      banned: 0,
      forbidden: 0,
      filtered: 0,
      incoming: 0,
      snubbing: 0,
      ...over.peers,
    },
    pieces: { total: 100, missing: 40, nowhere: 0, ...over.pieces },
    disk: { pending: 0, full: false, ...over.disk },
    reader: over.reader ?? "taking",
    own: {
      port: 6881,
      proxied: false,
      mapping: null,
      downloadLimit: 0,
      uploadLimit: 0,
      limited: false,
      crowded: false,
      ...over.own,
    },
  };
}

const URL = "http://t.example/announce";
const QUIET = { url: URL, message: null, fault: null, peers: null, seeders: null, next: 12 };

export function failing(fault: TrackerFacts["fault"], message = "It failed"): TrackerFacts {
  return { ...QUIET, state: "failed", fault, message };
}

export function answering(peers: number, seeders: number | null = null): TrackerFacts {
  return { ...QUIET, state: "ok", peers, seeders };
}

export function tracker(state: "idle" | "asked"): TrackerFacts {
  return { ...QUIET, state };
}

export const UNSUPPORTED: TrackerFacts = {
  ...QUIET,
  state: "unsupported",
  message: "Trackers with wss: URLs are not supported",
  next: null,
};

/** A DHT of so many nodes, which found so many peers. */
export function dht(nodes: number, peers: number | null = null): WaitFacts["dht"] {
  return { nodes, asking: false, peers, next: 30 };
}

/** A magnet link whose metadata nobody offers, unless said otherwise. */
export function metadata(over: Partial<WaitFacts["metadata"]> = {}): WaitFacts["metadata"] {
  return { offering: 0, refusing: 0, silent: 0, held: 0, size: 0, wrong: 0, ...over };
}

/** A torrent file that a magnet link names. */
export function source(failure: SourceFacts["failure"], host = "s.example"): SourceFacts {
  const state = failure === "asked" ? "asked" : failure === null ? "idle" : "failed";
  const message = state === "failed" ? "It failed" : null;
  return { url: `http://${host}/a.torrent`, state, message, next: null, failure };
}

export function webseed(failure: WebseedFacts["failure"]): WebseedFacts {
  const running = failure === "asked" ? "asked" : "serving";
  const state = failure === "asked" || failure === "quiet"
    ? running
    : failure === null
    ? "idle"
    : "failed";
  const message = state === "failed" ? "It failed" : null;
  return { url: "http://w.example/x/", state, message, next: null, failure };
}
