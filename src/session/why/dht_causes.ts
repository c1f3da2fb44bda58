/** Causes in the DHT. */
import { failures } from "./dial_causes.ts";
import type { WaitFacts } from "./facts.ts";
import type { Cause } from "./cause.ts";

/** Nobody is found there. */
export function dhtCauses({ dht, tried: { known, connecting, failed } }: WaitFacts): Cause[] {
  if (dht === null) return [];
  const { nodes, asking, peers, next } = dht;
  if (nodes === 0) {
    return [{
      cause: "dht-no-nodes",
      values: {},
      text: "no node of the DHT answers",
      advice: "check that UDP is let out, or name a node with --dht-node HOST:PORT",
    }];
  }
  const those = nodes === 1 ? "1 node" : `${nodes} nodes`;
  if (peers === null) {
    return [{
      cause: "dht-asked",
      values: { count: nodes },
      text: `the DHT has not answered yet (${those} known)`,
      advice: "wait: it takes a few seconds",
    }];
  }
  // the one it knows may be ourselves
  if (peers > 0 && known + connecting + failures(failed) > 0) return [];
  const when = asking ? "now" : next === null ? "soon" : `in ${next} s`;
  return [{
    cause: "dht-no-peers",
    values: { count: nodes, seconds: next, asking },
    text: `the DHT knows no other peers (${those} known)`,
    advice: `wait until somebody serves it: it is asked again ${when}`,
  }];
}
