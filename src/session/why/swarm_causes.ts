/** Causes among the peers that are connected, and those of having none. */
import { failures } from "./dial_causes.ts";
import type { WaitFacts } from "./facts.ts";
import { answering } from "./tracker_causes.ts";
import type { Cause } from "./cause.ts";

/** The network as a whole does not work: no name is found and every network is out of reach. */
export function offlineCauses({ trackers, tried: { failed } }: WaitFacts): Cause[] {
  const cut = trackers.filter(({ fault }) => fault === "unknown-host");
  const asked = trackers.filter(({ state }) => state !== "unsupported");
  const dialled = failures(failed);
  const unreachable = failed.unreachable ?? 0;
  if (cut.length < asked.length || unreachable < dialled) return [];
  // one failure has likelier reasons of its own
  if (cut.length + unreachable < 2) return [];
  return [{
    cause: "offline",
    values: {},
    text: "this machine seems to be offline: no tracker and no peer is reached",
    advice: "check the network connection",
  }];
}

/** Nothing was tried to its end yet. */
export function connectingCauses({ tried }: WaitFacts): Cause[] {
  const { connecting, connected, failed } = tried;
  if (connecting === 0 || connected > 0 || failures(failed) > 0) return [];
  return [{
    cause: "connecting",
    values: { count: connecting },
    text: connecting === 1
      ? "a connection is being made"
      : `${connecting} connections are being made`,
    advice: "wait: --connect-timeout ends those that nobody answers",
  }];
}

/** Peers were sent away for what they sent. */
export function bannedCauses({ peers: { banned } }: WaitFacts): Cause[] {
  if (banned === 0) return [];
  return [{
    cause: "peers-banned",
    values: { count: banned },
    text: `${banned === 1 ? "one peer was" : `${banned} peers were`} sent away for bad data`,
    advice: "wait for other peers; if all send bad data, the torrent file may be wrong",
  }];
}

/** There is nobody to connect to. */
export function noPeersCauses(facts: WaitFacts): Cause[] {
  const { trackers, dht, tried: { known, failed, connecting, connected }, peers } = facts;
  const { forbidden, filtered } = peers;
  if (known + connecting + connected + failures(failed) > 0) return [];
  if (forbidden > 0) {
    return [{
      cause: "private-addresses",
      values: {},
      text: "the peers named are on private addresses, which strangers may not send tm to",
      advice: "name one that you trust with --peer HOST:PORT",
    }];
  }
  if (filtered > 0) return [];
  if (trackers.length === 0) {
    if (dht !== null) return [];
    return [{
      cause: "no-source",
      values: {},
      text: "the torrent names no tracker and no peer was given",
      advice: "name a peer with --peer HOST:PORT",
    }];
  }
  const answers = answering(trackers).length;
  if (answers === 0) return [];
  return [{
    cause: "no-peers",
    values: { count: answers, total: trackers.length },
    text: trackers.length === 1
      ? "the tracker answers, but knows no other peers"
      : `${answers} of ${trackers.length} trackers answer, but know no other peers`,
    advice: "wait until somebody serves it, or name a peer with --peer HOST:PORT",
  }];
}

/** The user's own list keeps peers away. */
export function filteredCauses({ peers: { filtered } }: WaitFacts): Cause[] {
  if (filtered === 0) return [];
  return [{
    cause: "ip-filter",
    values: { count: filtered },
    text: filtered === 1
      ? "one address is kept away by --ip-filter"
      : `${filtered} addresses are kept away by --ip-filter`,
    advice: "see whether the list says what you mean, or leave it out",
  }];
}

/** Those that were connected left, and their time to be tried again has not come. */
export function goneCauses({ tried }: WaitFacts): Cause[] {
  const { known, failed, connecting, connected, next } = tried;
  if (known === 0 || connecting + connected > 0 || failures(failed) > 0) return [];
  const when = next === null || next === 0 ? "soon" : `in ${next} s`;
  return [{
    cause: "peers-gone",
    values: { seconds: next === 0 ? null : next },
    text: "the peers that were connected have left",
    advice: `wait: they are tried again ${when}`,
  }];
}

/** Trackers count nobody who has everything. */
export function noSeedersCauses({ trackers }: WaitFacts): Cause[] {
  const counts = answering(trackers).map(({ seeders }) => seeders);
  if (counts.length === 0 || counts.some((seeders) => seeders !== 0)) return [];
  return [{
    cause: "no-seeders",
    values: {},
    text: "no tracker counts a seed: nobody may have the whole torrent",
    advice: "wait until a seed comes back; what is here is kept",
  }];
}

/** Peers that have something for us serve others. */
export function chokedCauses({ tried: { connected, useful, unchoked } }: WaitFacts): Cause[] {
  const choking = useful - unchoked;
  if (choking === 0) return [];
  const those = connected === 1
    ? "the one peer connected serves"
    : choking === 1
    ? "the peer that has something for us serves"
    : unchoked === 0
    ? `${choking === 2 ? "both" : `all ${choking}`} peers that have something for us serve`
    : `${choking} of ${useful} peers that have something for us serve`;
  return [{
    cause: "choked",
    values: { count: choking, useful, connected },
    text: `${those} only others now (choked)`,
    advice: "wait: places change about every half minute",
  }];
}

/** We have nothing that peers could want in return. */
export function nothingToGiveCauses({ pieces: { total, missing } }: WaitFacts): Cause[] {
  if (missing < total) return [];
  return [{
    cause: "nothing-to-give",
    values: {},
    text: "we have no piece yet to give in return",
    advice: "wait: newcomers are served by turns",
  }];
}

/** What is missing is with nobody connected. */
export function missingCauses({ pieces, tried: { connected } }: WaitFacts): Cause[] {
  const { nowhere, missing, total } = pieces;
  if (nowhere === 0 || connected === 0) return [];
  const percent = Math.max(1, Math.round(nowhere / total * 100));
  const text = nowhere < missing
    ? `nobody connected has ${nowhere} of the ${missing} missing pieces (${percent}% of all)`
    : `${
      connected === 1 ? "the one peer connected has" : `the ${connected} peers connected have`
    } ` +
      (missing === 1 ? "not the one missing piece" : `none of the ${missing} missing pieces`);
  return [{
    cause: "pieces-missing",
    values: { count: nowhere, missing, total, connected },
    text,
    advice: "wait for a peer that has them; a seed has everything",
  }];
}

/** Peers that let us ask send nothing. */
export function snubbedCauses({ tried: { unchoked }, peers: { snubbing } }: WaitFacts): Cause[] {
  if (unchoked === 0) return [];
  const those = unchoked === 1
    ? "the peer that lets us ask sends"
    : `the ${unchoked} peers that let us ask send`;
  const long = snubbing > 0 ? " (snubbed)" : "";
  return [{
    cause: "snubbed",
    values: { count: unchoked, long: snubbing > 0 },
    text: `${those} nothing${long}`,
    advice: "wait: the same blocks are asked of others as soon as there are any",
  }];
}
