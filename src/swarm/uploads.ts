import { type Bytes, type Millis, type PieceIndex, RateMeter } from "../base/mod.ts";
import { Message } from "../wire/mod.ts";
import type { Peer, UploadRequest } from "./peer.ts";
import type { UploadLimit } from "./ports.ts";
import type { Swarm } from "./swarm.ts";
import { filledUp } from "./tails.ts";

/** Requests a peer may have waiting; told to it as `reqq` (BEP 10). */
export const REQUEST_QUEUE = 2000;
/** A store reads at least this much at a time, so one word for each such part of a piece is enough. */
const CHUNK_HINT = 1024 * 1024;
/**
 * Bytes on their way to one peer beyond which its next blocks wait: what it takes in a second, so that a choke takes
 * effect and our own requests do not queue behind minutes of blocks, at most a few writes' worth.
 */
const LEAST_WATERMARK = 32 * 1024;
const MOST_WATERMARK = 512 * 1024;

/** Cancels of what does not wait, before a peer is sent away. */
const MOST_IDLE_CANCELS = 10_000;
/** Requests looked ahead of the one served, so that the disk is asked before they come up: 2 MiB. */
const LOOK_AHEAD = 128;

/** The uploading half of a swarm: whose requests are served, and when. */
export class Uploads {
  /** Payload sent. */
  readonly rate = new RateMeter();
  /** Peers that the limit holds back, those that wait longest first. */
  readonly #held = new Set<Peer>();

  constructor(readonly swarm: Swarm, readonly limit: UploadLimit) {}

  /** A peer asks for a block. Choked, unserved or one too many: rejected (BEP 6) or passed over. */
  request(peer: Peer, request: UploadRequest, _now: Millis): void {
    const allowed = this.swarm.sharing && this.swarm.have.has(request.piece) &&
      (!peer.amChoking || peer.grantedFast.has(request.piece)) &&
      (peer.offers === null || peer.offers.revealed.has(request.piece));
    if (!allowed || peer.uploads.length >= REQUEST_QUEUE) return this.#reject(peer, request);
    peer.uploads.push(request);
  }

  /** The peer takes a request back. With the fast extension a cancel is answered. */
  cancel(peer: Peer, piece: PieceIndex, begin: number, length: number): void {
    const at = peer.uploads.findIndex((r) =>
      r.piece === piece && r.begin === begin && r.length === length
    );
    if (at < 0) {
      // sent already, as often at the end of a download; thousands of them are only meant to keep us busy
      if (++peer.idleCancels > MOST_IDLE_CANCELS) {
        peer.connection.close("Cancels what it never asked for");
      }
      return;
    }
    const [request] = peer.uploads.splice(at, 1);
    this.#reject(peer, request!);
  }

  /** We choke the peer: what it waits for is dropped, but for pieces granted out of turn. */
  choked(peer: Peer): void {
    for (const request of peer.uploads.splice(0)) {
      if (peer.grantedFast.has(request.piece)) peer.uploads.push(request);
      else this.#reject(peer, request);
    }
  }

  /** Sends `peer` what it asked for, as far as its link, the limit and the disk allow. */
  serve(peer: Peer, now: Millis): void {
    // who comes later does not go first
    if (this.#held.size > 0) this.#held.add(peer);
    else this.#send(peer, Infinity, now);
  }

  /** Lets peers that the limit held back go on, an equal part of what there is for each. */
  serveHeld(now: Millis): void {
    for (const peer of this.#held) {
      const available = this.limit.available(now);
      if (available <= 0) break;
      const part = available / this.#held.size;
      this.#held.delete(peer);
      const waits = peer.connection.phase === "open" && peer.awaiting === null;
      if (waits) this.#send(peer, part, now);
    }
    if (this.#held.size > 0) this.limit.wait();
  }

  /** Sends blocks until `most` bytes or more are on their way. */
  #send(peer: Peer, most: number, now: Millis): void {
    const { connection, uploads } = peer;
    const { limited } = this.limit;
    const rate = peer.up.rate(now);
    const watermark = Math.min(MOST_WATERMARK, Math.max(LEAST_WATERMARK, rate));
    let served = 0;
    let sent = 0;
    while (served < uploads.length && connection.out.length + connection.link.sending < watermark) {
      const { piece, begin, length } = uploads[served]!;
      if (limited && (sent >= most || this.limit.available(now) <= 0)) {
        this.#held.add(peer);
        this.limit.wait();
        break;
      }
      const data = this.#read(piece, begin, length);
      if (data === null) {
        peer.awaiting = piece;
        break;
      }
      connection.out.piece(piece, begin, data);
      if (limited) this.limit.take(length);
      sent += length;
      peer.up.add(length, now);
      this.rate.add(length, now);
      served++;
    }
    if (served > 0) {
      uploads.splice(0, served);
      connection.flush(now);
    }
    this.#lookAhead(uploads);
  }

  /** A part of a piece; null while it is on its way from the disk. */
  #read(piece: PieceIndex, begin: number, length: number): Bytes | null {
    const { store, geometry } = this.swarm;
    if (geometry.sizes === null) return store.read(piece, begin, length);
    const own = geometry.ownLength(piece, begin, length);
    if (own === length) return store.read(piece, begin, length);
    const data = own === 0 ? new Uint8Array() : store.read(piece, begin, own);
    return data === null ? null : filledUp(data, length);
  }

  #lookAhead(uploads: readonly UploadRequest[]): void {
    const end = Math.min(uploads.length, LOOK_AHEAD);
    for (let i = 0; i < end; i++) {
      const { piece, begin, length } = uploads[i]!;
      // requests come in runs: one word a piece is enough, but for pieces of many chunks
      if (i === 0 || uploads[i - 1]!.piece !== piece || begin % CHUNK_HINT < length) {
        const own = this.swarm.geometry.ownLength(piece, begin, length);
        if (own > 0) this.swarm.store.expect(piece, begin, own);
      }
    }
  }

  /** Data of `piece` came from the disk. */
  readable(piece: PieceIndex, now: Millis): void {
    for (const peer of this.swarm.peers) {
      if (peer.awaiting !== piece) continue;
      peer.awaiting = null;
      this.serve(peer, now);
    }
  }

  /** Data of `piece` cannot be read: nobody waits for it any more. */
  unreadable(piece: PieceIndex, now: Millis): void {
    for (const peer of this.swarm.peers) {
      for (const request of peer.uploads.splice(0)) {
        if (request.piece === piece) this.#reject(peer, request);
        else peer.uploads.push(request);
      }
      if (peer.awaiting === piece) peer.awaiting = null;
      this.serve(peer, now);
    }
  }

  #reject(peer: Peer, { piece, begin, length }: UploadRequest): void {
    if (peer.connection.fast) peer.connection.out.block(Message.Reject, piece, begin, length);
  }
}
