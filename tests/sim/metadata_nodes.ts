/** Nodes for the simulation of metadata exchange: one that fetches, and those that have it, or say so. */
import { createHash } from "node:crypto";
import { type Bytes, type InfoHash, infoHash, type Random } from "../../src/base/mod.ts";
import { MetadataFetch } from "../../src/swarm/mod.ts";
import {
  type Accepted,
  type ConnectionHandler,
  encodeExtensionHandshake,
  encodeMetadataData,
  encodeMetadataReject,
  EXTENSION_HANDSHAKE,
  type Handshake,
  Message,
  OUR_EXTENSIONS,
  type PeerConnection,
  type PeerEvent,
} from "../../src/wire/mod.ts";
import { handshake } from "../wire/talk.ts";
import type { Clock } from "./clock.ts";
import { type Node, Uplink } from "./network.ts";

/** SHA-1 in the same call: Web Crypto's promises know no virtual clock. */
export function hashOf(bytes: Bytes): InfoHash {
  return infoHash(new Uint8Array(createHash("sha1").update(bytes).digest()));
}

/** Bytes of metadata that depend on the random numbers alone. */
export function noise(size: number, random: Random): Bytes {
  return new Uint8Array(size).map(() => random.below(256));
}

/** A node that has only an info hash; who was banned never comes back. */
export class SearchNode implements Node {
  readonly name = "search";
  readonly uplink: Uplink;
  readonly fetch: MetadataFetch;
  readonly banned = new Set<string>();
  found: Bytes | null = null;
  /** The most that was held at a time, in bytes. */
  mostHeld = 0;
  readonly #stop: () => void;

  constructor(readonly clock: Clock, hash: InfoHash) {
    this.uplink = new Uplink(clock, 10e6);
    this.fetch = new MetadataFetch({
      digest: hash,
      client: "search",
      port: null,
      peerExchange: true,
      observer: {
        hash: (metadata, then) => {
          const digest = hashOf(metadata);
          clock.in(1, () => then(digest));
        },
        found: (metadata) => this.found = metadata,
        peerJoined: () => {},
        peerLeft: () => {},
        peerBanned: ({ identity: { key } }) => this.banned.add(key),
        peerNode: () => {},
        peersTold: () => {},
      },
    });
    this.#stop = clock.every(1_000, () => this.fetch.tick(clock.now));
  }

  /** Time passes here no more. */
  stop(): void {
    this.#stop();
  }

  handshake(): Handshake {
    return handshake(1);
  }

  meet(_theirs: Handshake, connection: PeerConnection, from: Node): Accepted | null {
    if (this.banned.has(from.name)) return null;
    const identity = { key: from.name, host: "8.8.8.8", outgoing: connection.ours !== null };
    const handler = this.fetch.join(connection, identity, this.clock.now);
    return { geometry: null, handler, mine: this.handshake() };
  }
}

/** What a node gives to those who ask for metadata. */
export interface Holding {
  /** What it sends; null: it has none. */
  readonly metadata: Bytes | null;
  /** What it says it has, in bytes; that of its metadata by default. */
  readonly claims?: number;
  /** How it answers a request, by default with the piece; `leave`: it closes the connection. */
  readonly answer?: (piece: number, asked: number) => "give" | "reject" | "silence" | "leave";
  /** Bytes a second. */
  readonly rate?: number;
}

let ids = 10;

/** A node that has metadata, or says so. */
export class Holder implements Node {
  readonly uplink: Uplink;
  /** Requests heard. */
  asked = 0;
  readonly id = 1 + (ids++ % 250);

  constructor(readonly clock: Clock, readonly name: string, readonly holding: Holding) {
    this.uplink = new Uplink(clock, holding.rate ?? 1e6);
  }

  handshake(): Handshake {
    return handshake(this.id);
  }

  meet(_theirs: Handshake, connection: PeerConnection): Accepted {
    const handler = new HolderSession(this, connection);
    return { geometry: null, handler, mine: this.handshake() };
  }
}

class HolderSession implements ConnectionHandler {
  #id: number | null = null;

  constructor(readonly holder: Holder, readonly connection: PeerConnection) {}

  opened(): void {
    const { metadata, claims = metadata?.length ?? null } = this.holder.holding;
    const { out } = this.connection;
    out.bare(Message.HaveAll);
    out.extended(
      EXTENSION_HANDSHAKE,
      encodeExtensionHandshake({
        ids: OUR_EXTENSIONS,
        client: this.holder.name,
        requestQueue: 100,
        port: null,
        uploadOnly: false,
        metadataSize: claims,
      }),
    );
  }

  event(event: PeerEvent): void {
    if (event.type === "extension-handshake") {
      this.#id = event.handshake.ids.get("ut_metadata") ?? null;
    }
    if (event.type === "metadata-request") this.#answer(event.piece);
  }

  #answer(piece: number): void {
    const { metadata, answer = () => "give" } = this.holder.holding;
    const { out } = this.connection;
    const said = answer(piece, ++this.holder.asked);
    if (said === "leave") return this.connection.close("Leaves");
    if (said === "silence" || this.#id === null) return;
    if (said === "reject" || metadata === null) {
      return out.extended(this.#id, encodeMetadataReject(piece));
    }
    out.extended(this.#id, encodeMetadataData(metadata, piece));
  }

  batch(): void {
    this.connection.flush(this.holder.clock.now);
  }

  drained(): void {}

  closed(): void {}

  block(): void {}

  request(): void {}

  have(): void {}
}
