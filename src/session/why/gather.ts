import type { Millis } from "../../base/mod.ts";
import type { MetadataFetch, PeerMember, Swarm, Webseed } from "../../swarm/mod.ts";
import type { TrackerStatus } from "../../tracker/mod.ts";
import type { Contacts } from "../contacts.ts";
import type { SessionContext } from "../context.ts";
import type { TorrentDhtStatus } from "../dht/torrent_dht.ts";
import type { Running } from "../running.ts";
import type { TorrentShares } from "../shares.ts";
import type { ExactSource } from "../exact_sources.ts";
import type { SourceFacts, TrackerFacts, WaitFacts, WebseedFacts } from "./facts.ts";
import type { DhtNote } from "./waiting.ts";

/** Nothing tried: a torrent that is only being opened. */
const NOTHING_TRIED = {
  known: 0,
  connecting: 0,
  failed: {},
  next: null,
  connected: 0,
  useful: 0,
  unchoked: 0,
} as const;

type Shares = Pick<TorrentShares, "reads" | "uploads" | "mayDial">;
const NO_PIECES = { total: 0, missing: 0, nowhere: 0 } as const;

/** Looks at a torrent (`running` null: its files are being opened or hashed). Costs a walk over its pieces. */
export function gather(
  context: SessionContext,
  shares: Shares,
  running: Running | null,
  seconds: number,
  now: Millis,
): WaitFacts {
  const own = ownFacts(context, shares);
  const full = shares.reads.blocked;
  if (running === null) {
    return {
      seconds,
      running: false,
      metadata: null,
      tried: NOTHING_TRIED,
      trackers: [],
      dht: null,
      webseeds: [],
      sources: [],
      peers: { lastFailure: null, banned: 0, forbidden: 0, filtered: 0, incoming: 0, snubbing: 0 },
      pieces: NO_PIECES,
      disk: { pending: 0, full },
      reader: "taking",
      own,
    };
  }
  const { swarm, data } = running;
  const useful = swarm.peers.filter((peer) => peer.useful > 0);
  const unchoked = useful.filter((peer) => !peer.choking);
  let pending = 0;
  for (const { size } of swarm.verifying.values()) pending += size;
  const { tried, peers, trackers, dht } = contactFacts(running, swarm.peers, now);
  return {
    seconds,
    running: true,
    metadata: null,
    tried: { ...tried, useful: useful.length, unchoked: unchoked.length },
    trackers,
    dht,
    webseeds: swarm.webseeds.all.map((webseed) => webseedFacts(webseed, now)),
    sources: [],
    peers: { ...peers, snubbing: unchoked.filter((peer) => peer.snubbed).length },
    pieces: countPieces(swarm),
    disk: { pending, full },
    reader: data.reader,
    own,
  };
}

/** Looks at a magnet link whose metadata is being fetched. */
export function gatherSearch(
  context: SessionContext,
  shares: Shares,
  fetch: MetadataFetch,
  contacts: Contacts,
  sources: readonly ExactSource[],
  seconds: number,
  now: Millis,
): WaitFacts {
  const metadata = fetch.state();
  const { tried, peers, trackers, dht } = contactFacts(contacts, fetch.peers, now);
  const { offering, refusing, silent } = metadata;
  return {
    seconds,
    running: true,
    metadata,
    tried: { ...tried, useful: offering, unchoked: Math.max(0, offering - refusing - silent) },
    trackers,
    dht,
    webseeds: [],
    sources: sources.map((source) => sourceFacts(source, now)),
    peers: { ...peers, snubbing: 0 },
    pieces: NO_PIECES,
    disk: { pending: 0, full: false },
    reader: "taking",
    own: ownFacts(context, shares),
  };
}

function ownFacts(
  { port, doorway, options }: SessionContext,
  { reads, uploads, mayDial }: Shares,
): WaitFacts["own"] {
  return {
    port,
    proxied: Boolean(options.proxy),
    mapping: doorway.mapping?.phase ?? null,
    downloadLimit: reads.limit,
    uploadLimit: uploads.limit,
    limited: reads.holding && !reads.blocked,
    crowded: !mayDial,
  };
}

/** What is known of addresses, connections and trackers. */
function contactFacts(
  { peers, trackers, dht }: Pick<Contacts, "peers" | "trackers" | "dht">,
  members: readonly PeerMember[],
  now: Millis,
) {
  return {
    tried: {
      known: peers.pool.size,
      connecting: peers.connecting,
      failed: peers.faults.counts(),
      next: secondsUntil(peers.pool.nextDeadline(), now),
      connected: members.length,
    },
    trackers: trackers.status().map((status) => trackerFacts(status, now)),
    dht: dht === null ? null : dhtNote(dht.status(), now),
    peers: {
      lastFailure: peers.faults.last,
      banned: peers.banned,
      forbidden: peers.refusals.count("shielded"),
      filtered: peers.refusals.count("filtered"),
      incoming: members.filter(({ identity }) => !identity.outgoing).length,
    },
  };
}

function trackerFacts(status: TrackerStatus, now: Millis): TrackerFacts {
  const { url, state, asking, lastOk, peers, seeders, warning, next } = status;
  const failed = state.phase === "failed";
  return {
    url,
    state: state.phase === "idle" && asking ? "asked" : state.phase,
    message: "message" in state ? state.message : warning,
    fault: failed ? state.fault : null,
    peers: lastOk === null ? null : peers,
    seeders,
    next: next === null ? null : secondsUntil(next, now),
  };
}

function dhtNote({ nodes, asking, peers, next }: TorrentDhtStatus, now: Millis): DhtNote {
  return { nodes, asking, peers, next: next === null ? null : secondsUntil(next, now) };
}

function webseedFacts({ url, state, able, runs }: Webseed, now: Millis): WebseedFacts {
  const message = "message" in state ? state.message : null;
  const next = state.phase === "failed" && state.next !== null
    ? secondsUntil(state.next, now)
    : null;
  if (state.phase === "banned") return { url, state: "gone", message, next, failure: "wrong-data" };
  if (state.phase === "failed") {
    return { url, state: able ? "failed" : "gone", message, next, failure: state.fault };
  }
  if (runs.size === 0) return { url, state: "idle", message, next, failure: null };
  // whoever looks here gets nothing
  const failure = state.phase === "serving" ? "quiet" : "asked";
  return { url, state: state.phase, message, next, failure };
}

function sourceFacts({ url, state }: ExactSource, now: Millis): SourceFacts {
  const { phase } = state;
  if (phase !== "failed") {
    const failure = phase === "asked" ? phase : null;
    return { url, state: phase, message: null, next: null, failure };
  }
  const { fault, message } = state;
  const next = state.next === null ? null : secondsUntil(state.next, now);
  return { url, state: next === null ? "gone" : "failed", message, next, failure: fault };
}

function countPieces(swarm: Swarm): WaitFacts["pieces"] {
  const { peers, have, picker, webseeds } = swarm;
  let missing = 0;
  for (let piece = 0; piece < have.size; piece++) if (swarm.wants(piece)) missing++;
  const total = have.count + missing;
  // the picker does not count seeds, which have everything
  if (peers.some((peer) => peer.seed)) return { total, missing, nowhere: 0 };
  let nowhere = 0;
  for (let piece = 0; piece < have.size; piece++) {
    if (!swarm.wants(piece) || webseeds.serves(piece)) continue;
    if (picker.availability(piece) === 0) nowhere++;
  }
  return { total, missing, nowhere };
}

/** Whole seconds from now; null for never. */
function secondsUntil(at: number, now: Millis): number | null {
  return Number.isFinite(at) ? Math.max(0, Math.ceil((at - now) / 1000)) : null;
}
