import type { Bytes, Millis, PieceIndex } from "../base/mod.ts";
import {
  encodeDontHave,
  encodeExtensionHandshake,
  encodeMetadataReject,
  encodeUploadOnly,
  EXTENSION_HANDSHAKE,
  EXTENSION_NAMES,
  type ExtensionHandshake,
  type ExtensionName,
  OUR_EXTENSIONS,
} from "../wire/mod.ts";
import { MetadataServer } from "./metadata_server.ts";
import type { Peer } from "./peer.ts";
import type { PeerExchange } from "./pex.ts";
import type { Swarm } from "./swarm.ts";
import type { SwarmParts } from "./swarm_parts.ts";
import { REQUEST_QUEUE } from "./uploads.ts";

/**
 * What is said by the extension protocol (BEP 10): who we are, that we only upload (BEP 21), what we have no longer
 * (BEP 54), the metadata (BEP 9).
 */
export class Extensions {
  /** Null: the metadata is given to nobody. */
  readonly #metadata: MetadataServer | null;

  /** `pex` null: we exchange no peers. */
  constructor(
    readonly swarm: Swarm,
    readonly parts: Pick<SwarmParts, "client" | "port" | "observer" | "metadata" | "uploadLimit">,
    readonly pex: PeerExchange | null,
  ) {
    const { metadata, uploadLimit } = parts;
    this.#metadata = metadata ? new MetadataServer(metadata, uploadLimit) : null;
  }

  /** Our handshake. */
  greet(peer: Peer): void {
    const { parts: { client, port }, swarm: { uploadOnly } } = this;
    const requestQueue = REQUEST_QUEUE;
    const ids = { ...OUR_EXTENSIONS };
    if (this.pex === null) {
      delete ids["ut_pex"];
      delete ids["ut_holepunch"];
    }
    peer.connection.out.extended(
      EXTENSION_HANDSHAKE,
      encodeExtensionHandshake({
        ids,
        client,
        port,
        requestQueue,
        uploadOnly,
        theirAddress: peer.identity.host,
        metadataSize: this.#metadata?.size ?? null,
      }),
    );
  }

  /** The peer's handshake; one that comes again changes what it names and leaves the rest (BEP 10). */
  heard(peer: Peer, said: ExtensionHandshake): void {
    const { ids, client, requestQueue, uploadOnly, port, ourAddress, prefersEncryption } = said;
    for (const name of EXTENSION_NAMES) {
      const id = ids.get(name);
      if (id === 0) peer.extensions.delete(name);
      else if (id !== undefined) peer.extensions.set(name, id);
    }
    peer.client = client ?? peer.client;
    if (requestQueue !== null) peer.depth.limit(requestQueue);
    if (uploadOnly !== null) peer.uploadOnly = uploadOnly;
    peer.prefersEncryption = prefersEncryption;
    if (port !== null) peer.listenPort = port;
    this.pex?.changed();
    if (ourAddress !== null) this.parts.observer.addressTold(peer, ourAddress);
  }

  /** The peer asks for a piece of the metadata. */
  metadataRequested(peer: Peer, piece: number, now: Millis): void {
    const id = peer.extensions.get("ut_metadata");
    if (id === undefined) return;
    if (this.#metadata !== null) return this.#metadata.requested(peer, id, piece, now);
    peer.connection.out.extended(id, encodeMetadataReject(piece));
  }

  /** The peer's link takes more. */
  drained(peer: Peer, now: Millis): void {
    const id = peer.extensions.get("ut_metadata");
    if (id !== undefined) this.#metadata?.serve(peer, id, now);
  }

  /** Tells all peers that we will not download from now on, or will again. */
  tellUploadOnly(now: Millis): void {
    const payload = encodeUploadOnly(this.swarm.uploadOnly);
    for (const peer of this.swarm.peers) this.#send(peer, "upload_only", payload, now);
  }

  /** Tells all peers that we have a piece no longer; those that do not understand will have their requests rejected. */
  tellDontHave(piece: PieceIndex, now: Millis): void {
    const payload = encodeDontHave(piece);
    for (const peer of this.swarm.peers) this.#send(peer, "lt_donthave", payload, now);
  }

  #send(peer: Peer, name: ExtensionName, payload: Bytes, now: Millis): void {
    const id = peer.extensions.get(name);
    if (id === undefined) return;
    peer.connection.out.extended(id, payload);
    peer.connection.flush(now);
  }
}
