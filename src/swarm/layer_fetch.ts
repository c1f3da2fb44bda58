import { binaryString, type Bytes, equalBytes, type Millis, SHA256_SIZE } from "../base/mod.ts";
import {
  climb,
  fileHeight,
  fillPieces,
  type MerkleFile,
  type MerklePieces,
  pieceLevel,
} from "../metainfo/mod.ts";
import { encodeHashSpan, type HashSpan, Message } from "../wire/mod.ts";
import type { MetadataPeer } from "./metadata_peer.ts";

/** Hashes asked for at once: BEP 52 wants no more. */
const MOST_HASHES = 512;
/** Requests a peer has at a time. */
const DEPTH = 8;
/** Without an answer the same is asked of others. */
const ANSWER_MS = 10_000;
/** A peer that refuses, or is silent, is asked for nothing for so long. */
const REST_MS = 15_000;
/** Hashes that nobody asked for, before a peer is sent away. */
const MOST_UNASKED = 100;

/** Who hears of the layers. */
export interface LayerEvents {
  /** All are here and lead to the roots of their files; null: time is up. */
  done(pieces: MerklePieces | null): void;
  /** A peer sent hashes that lead to another root. */
  lied(peer: MetadataPeer, reason: string): void;
}

/** A part of one layer. */
interface Part {
  readonly span: HashSpan;
  readonly key: string;
  /** Hashes of it that are the file's. */
  readonly count: number;
  asked: { readonly peer: MetadataPeer; readonly at: Millis } | null;
}

/**
 * Fetches the piece layers of a v2 torrent of which only the metadata is known (BEP 52), a part at a time from every
 * peer that speaks v2. Each part comes with what leads from it to its file's root, so a false one is known at once, and
 * who sent it.
 */
export class LayerFetch {
  /** Bytes of hashes that are here. */
  received = 0;
  readonly #trees: readonly MerkleFile[];
  readonly #pieceLength: number;
  readonly #until: number;
  readonly #events: LayerEvents;
  /** What is missing, by the span's own name. */
  readonly #missing = new Map<string, Part>();
  readonly #layers = new Map<string, Bytes>();
  readonly #rests = new Map<MetadataPeer, number>();
  readonly #unasked = new Map<MetadataPeer, number>();
  #over = false;

  constructor(
    trees: readonly MerkleFile[],
    pieceLength: number,
    until: number,
    events: LayerEvents,
  ) {
    this.#trees = trees;
    this.#pieceLength = pieceLength;
    this.#until = until;
    this.#events = events;
    for (const tree of trees) if (tree.pieceCount > 1) this.#plan(tree);
  }

  /** Where no layer is needed, that is all. */
  begin(): void {
    if (this.#missing.size === 0) this.#finish();
  }

  /** Asks a peer for as much as it may have at a time. */
  ask(peer: MetadataPeer, now: Millis): void {
    if (this.#over || !peer.connection.v2 || (this.#rests.get(peer) ?? 0) > now) return;
    let room = DEPTH;
    for (const { asked } of this.#missing.values()) if (asked?.peer === peer) room--;
    for (const part of this.#missing.values()) {
      if (room <= 0) return;
      if (part.asked !== null) continue;
      part.asked = { peer, at: now };
      peer.connection.out.bytes(Message.HashRequest, encodeHashSpan(part.span));
      room--;
    }
  }

  /** Hashes came. */
  take(peer: MetadataPeer, span: HashSpan, hashes: Bytes, now: Millis): void {
    const part = this.#missing.get(nameOf(span));
    if (part === undefined || part.span.proofs !== span.proofs) return this.#unaskedBy(peer);
    if (!equalBytes(climb(span, hashes), span.root)) {
      part.asked = null;
      return this.#events.lied(peer, "Sent hashes that do not lead to their root");
    }
    this.#missing.delete(nameOf(span));
    const own = hashes.subarray(0, part.count * SHA256_SIZE);
    this.#layers.get(part.key)!.set(own, span.index * SHA256_SIZE);
    this.received += own.length;
    if (this.#missing.size === 0) this.#finish();
    else this.ask(peer, now);
  }

  /** A peer does not give what it was asked for. */
  rejected(peer: MetadataPeer, span: HashSpan, now: Millis): void {
    const part = this.#missing.get(nameOf(span));
    if (part?.asked?.peer !== peer) return;
    part.asked = null;
    this.#rests.set(peer, now + REST_MS);
  }

  /** A peer is gone. */
  left(peer: MetadataPeer): void {
    this.#rests.delete(peer);
    this.#unasked.delete(peer);
    for (const part of this.#missing.values()) if (part.asked?.peer === peer) part.asked = null;
  }

  /** Time passes: what is overdue is asked of others. */
  tick(now: Millis): void {
    if (this.#over) return;
    if (now >= this.#until) {
      this.#over = true;
      return this.#events.done(null);
    }
    for (const part of this.#missing.values()) {
      if (part.asked === null || now - part.asked.at < ANSWER_MS) continue;
      this.#rests.set(part.asked.peer, now + REST_MS);
      part.asked = null;
    }
  }

  #plan({ root, length, pieceCount }: MerkleFile): void {
    const key = binaryString(root);
    // files alike have one layer
    if (this.#layers.has(key)) return;
    this.#layers.set(key, new Uint8Array(pieceCount * SHA256_SIZE));
    const base = pieceLevel(this.#pieceLength);
    const proofs = fileHeight(length) - base - 1;
    for (let index = 0; index < pieceCount; index += MOST_HASHES) {
      const left = pieceCount - index;
      const whole = Math.max(2, 2 ** Math.ceil(Math.log2(left)));
      const span = { root, base, index, length: Math.min(MOST_HASHES, whole), proofs };
      const count = Math.min(left, span.length);
      this.#missing.set(nameOf(span), { span, key, count, asked: null });
    }
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    const layerOf = (key: string) => this.#layers.get(key) ?? null;
    this.#events.done(fillPieces(this.#trees, this.#pieceLength, layerOf));
  }

  #unaskedBy(peer: MetadataPeer): void {
    const count = (this.#unasked.get(peer) ?? 0) + 1;
    this.#unasked.set(peer, count);
    if (count > MOST_UNASKED) peer.connection.close("Sends hashes that nobody asked for");
  }
}

function nameOf({ root, base, index, length }: HashSpan): string {
  return `${binaryString(root)} ${base} ${index} ${length}`;
}
