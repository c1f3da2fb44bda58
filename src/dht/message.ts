/** KRPC messages (BEP 5, 32, 33, 42, 43, 51) as values; every part of one that was decoded is checked. */
import type { Bytes, Endpoint, InfoHash } from "../base/mod.ts";
import type { NodeId } from "./node_id.ts";

/** An address family; each has a routing table of its own (BEP 32). */
export type Family = "v4" | "v6";

/** A node and where it is. */
export interface Contact {
  readonly id: NodeId;
  readonly endpoint: Endpoint;
}

/** What a node can be asked. `want`: families of nodes wished for, empty: that of the packet (BEP 32). */
export type Query =
  | { readonly method: "ping" }
  | { readonly method: "find_node"; readonly target: NodeId; readonly want: readonly Family[] }
  | {
    readonly method: "get_peers";
    readonly infoHash: InfoHash;
    readonly want: readonly Family[];
    /** Peers that are no seeds, please (BEP 33). */
    readonly noSeed: boolean;
    /** Counts, please (BEP 33). */
    readonly scrape: boolean;
  }
  | {
    readonly method: "announce_peer";
    readonly infoHash: InfoHash;
    /** Null: the port the packet came from (`implied_port`). */
    readonly port: number | null;
    readonly token: Bytes;
    /** The peer has everything (BEP 33). */
    readonly seed: boolean;
  }
  | {
    readonly method: "sample_infohashes";
    readonly target: NodeId;
    readonly want: readonly Family[];
  }
  /** Anything else; answered with an error. */
  | { readonly method: "unknown" };

/** What a node can answer; what is absent in the message is empty or null. */
export interface Answer {
  readonly nodes: readonly Contact[];
  readonly nodes6: readonly Contact[];
  /** Peers of the info hash asked for. */
  readonly peers: readonly Endpoint[];
  /** To be shown when announcing. */
  readonly token: Bytes | null;
  /** Bloom filters of seeds and others, 256 bytes each (BEP 33). */
  readonly seeds: Bytes | null;
  readonly leechers: Bytes | null;
  /** Some of the info hashes a node keeps (BEP 51). */
  readonly samples: Samples | null;
}

/** A part of what a node keeps (BEP 51). */
export interface Samples {
  readonly infoHashes: readonly InfoHash[];
  /** How many it keeps in all. */
  readonly total: number;
  /** Seconds until it would show others. */
  readonly interval: number;
}

/** What all messages have. */
export interface Envelope {
  /** Chosen by who asks, at most 32 bytes. */
  readonly transaction: Bytes;
}

/** A question. */
export interface QueryMessage extends Envelope {
  readonly type: "query";
  readonly id: NodeId;
  readonly query: Query;
  /** Not to be put into a routing table (BEP 43). */
  readonly readOnly: boolean;
}

/** An answer. */
export interface AnswerMessage extends Envelope {
  readonly type: "answer";
  readonly id: NodeId;
  readonly answer: Answer;
  /** Our address as the answering node sees it (BEP 42); null: not told. */
  readonly seenAs: Endpoint | null;
}

/** A refusal. */
export interface ErrorMessage extends Envelope {
  readonly type: "error";
  readonly code: number;
  readonly text: string;
}

/** One packet. */
export type KrpcMessage = QueryMessage | AnswerMessage | ErrorMessage;

/** Codes of refusals (BEP 5). */
export const KrpcCode = { Generic: 201, Server: 202, Protocol: 203, UnknownMethod: 204 } as const;

/** Bytes that are no KRPC message. */
export class KrpcError extends Error {
  override name = "KrpcError";
  /** `transaction`: of a query that can be answered with an error; null when it is no query. */
  constructor(message: string, readonly transaction: Bytes | null = null) {
    super(message);
  }
}

/** An answer that says nothing. */
export const NOTHING: Answer = {
  nodes: [],
  nodes6: [],
  peers: [],
  token: null,
  seeds: null,
  leechers: null,
  samples: null,
};
