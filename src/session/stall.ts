import type { TrackerStatus } from "../tracker/mod.ts";

/** What there is to know of a download that does not move. */
export interface StallFacts {
  readonly trackers: readonly TrackerStatus[];
  /** Addresses known, connections, connected peers that choke us, that have a piece we lack. */
  readonly known: number;
  readonly connected: number;
  readonly choking: number;
  readonly useful: number;
  /** Why the last dial failed. */
  readonly lastFailure: string | null;
}

/** Why nothing comes, in one sentence that ends without a full stop, for the user. */
export function explainStall(facts: StallFacts): string {
  if (facts.connected > 0) {
    const peers = facts.connected === 1
      ? "the one peer connected"
      : `the ${facts.connected} peers connected`;
    if (facts.useful === 0) {
      return `${peers} ${facts.connected === 1 ? "has" : "have"} no piece that is still missing`;
    }
    if (facts.choking === facts.connected) return `${peers} will not serve us now (choked)`;
    return `${peers} ${facts.connected === 1 ? "sends" : "send"} nothing`;
  }
  if (facts.known > 0) {
    const last = facts.lastFailure === null ? "" : ` (${facts.lastFailure})`;
    return facts.known === 1
      ? `no connection with the one known peer lasts${last}`
      : `no connection with any of the ${facts.known} known peers lasts${last}`;
  }
  return explainNoPeers(facts);
}

function explainNoPeers({ trackers, lastFailure }: StallFacts): string {
  if (trackers.length === 0) {
    return lastFailure === null
      ? "the torrent names no tracker and no peer was given (--peer HOST:PORT)"
      : `no peer could be reached (${lastFailure})`;
  }
  if (trackers.some((tracker) => tracker.state.phase === "ok")) {
    return lastFailure === null
      ? "the tracker knows no other peers"
      : `no peer could be reached (${lastFailure})`;
  }
  // what one of them said tells more than that another is silent
  const { url, state } = trackers.find((tracker) => tracker.state.phase === "failed") ??
    trackers.find((tracker) => tracker.state.phase === "unsupported") ?? trackers[0]!;
  const more = trackers.length > 1 ? ` and ${trackers.length - 1} more` : "";
  return `no tracker answers: ${url}${more} (${
    "message" in state ? state.message : "silent so far"
  })`;
}
