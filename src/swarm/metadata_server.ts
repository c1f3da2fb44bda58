import type { Bytes, Millis } from "../base/mod.ts";
import {
  encodeMetadataData,
  encodeMetadataReject,
  metadataPieces,
  metadataPieceSize,
} from "../wire/mod.ts";
import type { Peer } from "./peer.ts";
import type { UploadLimit } from "./ports.ts";

/** Copies of the metadata for one connection; who wants more wants only our upload. */
const MOST_COPIES = 3;
/** Of a small one, so many pieces more: a lost answer is asked for again. */
const MORE_PIECES = 16;
/** Bytes on their way to a peer beyond which its next pieces wait. */
const WATERMARK = 256 * 1024;

interface Customer {
  /** Pieces asked for and not sent, oldest first. */
  readonly queue: number[];
  sent: number;
}

/** Gives the torrent's metadata to peers that ask for it (BEP 9), some copies to each. */
export class MetadataServer {
  readonly #metadata: Bytes;
  readonly #limit: UploadLimit;
  readonly #pieces: number;
  readonly #customers = new WeakMap<Peer, Customer>();

  /** `metadata`: the raw info dictionary. What is sent counts against `limit`, and is paid for later. */
  constructor(metadata: Bytes, limit: UploadLimit) {
    this.#metadata = metadata;
    this.#limit = limit;
    this.#pieces = metadataPieces(metadata.length);
  }

  /** Bytes of the metadata, told in the extension handshake. */
  get size(): number {
    return this.#metadata.length;
  }

  /** A peer asks for a piece; `id` is its number for our answers. */
  requested(peer: Peer, id: number, piece: number, now: Millis): void {
    const customer = this.#customers.get(peer) ?? { queue: [], sent: 0 };
    this.#customers.set(peer, customer);
    const most = MOST_COPIES * this.#pieces + MORE_PIECES;
    if (piece >= this.#pieces || customer.sent + customer.queue.length >= most) {
      return peer.connection.out.extended(id, encodeMetadataReject(piece));
    }
    customer.queue.push(piece);
    this.serve(peer, id, now);
  }

  /** Sends what waits for `peer`, as far as its link takes it. */
  serve(peer: Peer, id: number, now: Millis): void {
    const customer = this.#customers.get(peer);
    if (customer === undefined || customer.queue.length === 0) return;
    const { out, link } = peer.connection;
    while (customer.queue.length > 0 && out.length + link.sending < WATERMARK) {
      const piece = customer.queue.shift()!;
      customer.sent++;
      out.extended(id, encodeMetadataData(this.#metadata, piece));
      if (this.#limit.limited) this.#limit.take(metadataPieceSize(this.#metadata.length, piece));
    }
    peer.connection.flush(now);
  }
}
