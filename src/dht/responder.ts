import { type Endpoint, endpoint, type InfoHash, type Millis, type Random } from "../base/mod.ts";
import { BUCKET_SIZE } from "./bucket.ts";
import { addressOf, familyOf } from "./contacts.ts";
import {
  type Answer,
  type Contact,
  type Family,
  KrpcCode,
  NOTHING,
  type Query,
} from "./message.ts";
import { PeerStore } from "./peer_store.ts";
import type { Side } from "./side.ts";
import { Tokens } from "./tokens.ts";

/** Peers in an answer: with nodes and token it stays within one datagram of 1,200 bytes. */
const MOST_PEERS = { v4: 50, v6: 20 } as const satisfies Record<Family, number>;

/** What a query gets: an answer, or a refusal with its code. */
export type Reply =
  | { readonly answer: Answer }
  | { readonly code: number; readonly text: string };

/** Answers the questions of others from what we know and keep. */
export class Responder {
  /** Peers announced to us. */
  readonly store: PeerStore;
  readonly #tokens: Tokens;
  readonly #sides: ReadonlyMap<Family, Side>;

  constructor(sides: ReadonlyMap<Family, Side>, random: Random, now: Millis) {
    this.#sides = sides;
    this.store = new PeerStore(random);
    this.#tokens = new Tokens(random, now);
  }

  /** The reply to a query from `from`. */
  reply(query: Query, from: Endpoint, now: Millis): Reply {
    switch (query.method) {
      case "ping":
        return { answer: NOTHING };
      case "find_node":
        return { answer: { ...NOTHING, ...this.#nodes(query.target, query.want, from) } };
      case "get_peers":
        return { answer: this.#peers(query, from, now) };
      case "announce_peer":
        return this.#keep(query, from, now);
      case "sample_infohashes": {
        const nodes = this.#nodes(query.target, query.want, from);
        return { answer: { ...NOTHING, ...nodes, samples: this.store.samples(now) } };
      }
      case "unknown":
        return { code: KrpcCode.UnknownMethod, text: "Unknown method" };
    }
  }

  #peers(query: Extract<Query, { method: "get_peers" }>, from: Endpoint, now: Millis): Answer {
    const { infoHash, want, noSeed, scrape } = query;
    const family = familyOf(from);
    const filters = scrape ? this.store.scrape(infoHash, now) : null;
    return {
      ...NOTHING,
      ...this.#nodes(infoHash, want, from),
      token: this.#tokens.give(addressOf(from), infoHash, now),
      peers: this.store.peersOf(
        infoHash,
        family,
        // filters take the room of the peers
        filters === null ? MOST_PEERS[family] : 8,
        noSeed,
        now,
      ),
      seeds: filters?.seeds.toWire() ?? null,
      leechers: filters?.leechers.toWire() ?? null,
    };
  }

  #keep(query: Extract<Query, { method: "announce_peer" }>, from: Endpoint, now: Millis): Reply {
    const { infoHash, token, port, seed } = query;
    if (!this.#tokens.check(token, addressOf(from), infoHash, now)) {
      return { code: KrpcCode.Protocol, text: "Invalid token" };
    }
    const peer = endpoint(from.host, port ?? from.port);
    const side = this.#sides.get(familyOf(from));
    if (peer === null || side === undefined) return { code: KrpcCode.Protocol, text: "Bad port" };
    const kept = this.store.add(infoHash, peer, seed, side.id, now);
    return kept ? { answer: NOTHING } : { code: KrpcCode.Server, text: "No room" };
  }

  /** The nodes nearest to a target, of the families wished for or of the packet's own. */
  #nodes(
    target: Uint8Array | InfoHash,
    want: readonly Family[],
    from: Endpoint,
  ): { readonly nodes: readonly Contact[]; readonly nodes6: readonly Contact[] } {
    const wanted = want.length === 0 ? [familyOf(from)] : want;
    const of = (family: Family) =>
      wanted.includes(family)
        ? this.#sides.get(family)?.table.closest(target, BUCKET_SIZE) ?? []
        : [];
    return { nodes: of("v4"), nodes6: of("v6") };
  }
}
