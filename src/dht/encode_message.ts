import { type Bytes, concat, toCompact, utf8 } from "../base/mod.ts";
import { type Encodable, encode } from "../bencode/mod.ts";
import { formatContacts } from "./contacts.ts";
import type { Answer, KrpcMessage, Query } from "./message.ts";

/** Who made the packet: two letters of the client and its version (BEP 5's `v`). */
const CLIENT = concat(utf8("TM"), new Uint8Array([0, 3]));

/** The packet of a message. */
export function encodeMessage(message: KrpcMessage): Bytes {
  const shared = { t: message.transaction, v: CLIENT };
  switch (message.type) {
    case "query": {
      const { id, query, readOnly } = message;
      const args = { id, ...argumentsOf(query) };
      return encode({
        ...shared,
        y: "q",
        q: query.method,
        a: args,
        ro: readOnly ? 1 : undefined,
      });
    }
    case "answer": {
      const { id, answer, seenAs } = message;
      const ip = seenAs === null ? undefined : toCompact(seenAs);
      return encode({ ...shared, y: "r", r: { id, ...valuesOf(answer) }, ip });
    }
    case "error":
      return encode({ ...shared, y: "e", e: [message.code, message.text] });
  }
}

function argumentsOf(query: Query): Record<string, Encodable | undefined> {
  switch (query.method) {
    case "find_node":
    case "sample_infohashes":
      return { target: query.target, want: wanted(query) };
    case "get_peers":
      return {
        info_hash: query.infoHash,
        want: wanted(query),
        noseed: query.noSeed ? 1 : undefined,
        scrape: query.scrape ? 1 : undefined,
      };
    case "announce_peer":
      return {
        info_hash: query.infoHash,
        // BEP 5: ignored when implied, and still part of the message
        port: query.port ?? 1,
        implied_port: query.port === null ? 1 : undefined,
        token: query.token,
        seed: query.seed ? 1 : undefined,
      };
    default:
      return {};
  }
}

function wanted({ want }: { readonly want: readonly string[] }): Encodable | undefined {
  return want.length === 0 ? undefined : want.map((family) => family.replace("v", "n"));
}

function valuesOf(answer: Answer): Record<string, Encodable | undefined> {
  const { nodes, nodes6, peers, token, seeds, leechers, samples } = answer;
  return {
    nodes: nodes.length === 0 ? undefined : formatContacts(nodes),
    nodes6: nodes6.length === 0 ? undefined : formatContacts(nodes6),
    values: peers.length === 0 ? undefined : peers.map(toCompact),
    token: token ?? undefined,
    BFsd: seeds ?? undefined,
    BFpe: leechers ?? undefined,
    samples: samples === null ? undefined : concat(...samples.infoHashes),
    num: samples?.total,
    interval: samples?.interval,
  };
}
