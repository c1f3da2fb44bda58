import { type Bytes, concat, type Millis } from "../base/mod.ts";
import { metadataPieces } from "../wire/mod.ts";
import type { MetadataPeer } from "./metadata_peer.ts";

/** A piece that was asked for so long ago is asked of others too. */
const PATIENCE_MS = 2_000;
/** Of so many at most at a time. */
const MOST_ASKED = 3;

interface Piece {
  readonly data: Bytes;
  readonly from: MetadataPeer;
}

/** One try to get the metadata: pieces of the size that its peers claim. Takes memory for what has arrived alone. */
export class MetadataCopy {
  readonly count: number;
  readonly startedAt: Millis;
  /** Bytes here. */
  held = 0;
  readonly #pieces = new Map<number, Piece>();
  /** Asked and not here: of whom, the latest last, and since when. */
  readonly #asked = new Map<number, { readonly of: Set<MetadataPeer>; at: Millis }>();
  /** Asked before, and not any more. */
  readonly #returned: number[] = [];
  /** From here on no piece was ever asked for. */
  #next = 0;

  /** `lone`: the peer that all of it must come from, null: any. */
  constructor(readonly size: number, readonly lone: MetadataPeer | null, now: Millis) {
    this.count = metadataPieces(size);
    this.startedAt = now;
  }

  /** Every piece is here. */
  get whole(): boolean {
    return this.#pieces.size === this.count;
  }

  /** Bytes a second so far. */
  rate(now: Millis): number {
    return this.held / Math.max(1, now - this.startedAt);
  }

  /** The next piece to ask `peer` for, marked as asked; null: none. */
  ask(peer: MetadataPeer, now: Millis): number | null {
    const piece = this.#returned.pop() ?? (this.#next < this.count ? this.#next++ : null) ??
      this.#overdue(peer, now);
    if (piece === null) return null;
    const asked = this.#asked.get(piece);
    if (asked === undefined) this.#asked.set(piece, { of: new Set([peer]), at: now });
    else {
      asked.of.add(peer);
      asked.at = now;
    }
    return piece;
  }

  /** A piece came; false when it was here already. `data` is copied. */
  add(piece: number, data: Bytes, from: MetadataPeer): boolean {
    if (this.#pieces.has(piece)) return false;
    this.#asked.delete(piece);
    this.#pieces.set(piece, { data: data.slice(), from });
    this.held += data.length;
    return true;
  }

  /** `peer` will not give a piece: it waits for others again. */
  release(piece: number, peer: MetadataPeer): void {
    const asked = this.#asked.get(piece);
    if (asked === undefined || !asked.of.delete(peer) || asked.of.size > 0) return;
    this.#asked.delete(piece);
    this.#returned.push(piece);
  }

  /** All of it, and who sent it. */
  join(): { readonly metadata: Bytes; readonly authors: ReadonlySet<MetadataPeer> } {
    const authors = new Set<MetadataPeer>();
    const parts: Bytes[] = [];
    for (let i = 0; i < this.count; i++) {
      const { data, from } = this.#pieces.get(i)!;
      parts.push(data);
      authors.add(from);
    }
    return { metadata: concat(...parts), authors };
  }

  /** A piece that others owe too long. */
  #overdue(peer: MetadataPeer, now: Millis): number | null {
    for (const [piece, { of, at }] of this.#asked) {
      if (now - at >= PATIENCE_MS && of.size < MOST_ASKED && !of.has(peer)) return piece;
    }
    return null;
  }
}
