import {
  binaryString,
  type Bytes,
  equalBytes,
  MetainfoError,
  type Millis,
  SHA256_SIZE,
} from "../base/mod.ts";
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
/** A peer that refuses, or is silent, is asked for nothing for so long, then for twice as long, and so on up to the most. */
const FIRST_REST_MS = 15_000;
const MOST_REST_MS = 4 * 60_000;
/** Hashes that nobody asked for, before a peer is sent away. */
const MOST_UNASKED = 100;

/** Who hears what became of the layers. */
export interface LayerNews {
  /** All are here and lead to the roots of their files; null: time is up. */
  done(pieces: MerklePieces | null): void;
  /** All are here and a root was made of more than its file: nobody can have such a torrent. */
  failed(error: MetainfoError): void;
}

/** Who hears of peers besides. */
export interface LayerEvents extends LayerNews {
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

/** What is to be remembered of a peer. */
interface Record {
  restUntil: number;
  /** Refusals and silences since it last gave what it was asked for. */
  rests: number;
  /** Answers that were not waited for, or came from another first: they may be on their way. */
  owed: number;
  unasked: number;
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
  readonly #records = new Map<MetadataPeer, Record>();
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
    if (this.#over || !peer.connection.v2 || this.#recordOf(peer).restUntil > now) return;
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
    const asked = part.asked?.peer;
    const record = this.#recordOf(peer);
    if (asked !== peer && record.owed > 0) record.owed--;
    if (!equalBytes(climb(span, hashes), span.root)) {
      if (asked === peer) part.asked = null;
      return this.#events.lied(peer, "Sent hashes that do not lead to their root");
    }
    record.rests = 0;
    // who was asked meanwhile answers too
    if (asked !== undefined && asked !== peer) this.#recordOf(asked).owed++;
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
    if (part?.asked?.peer === peer) {
      part.asked = null;
      this.#rest(peer, now);
      return;
    }
    const record = this.#recordOf(peer);
    if (record.owed > 0) record.owed--;
  }

  /** A peer is gone. */
  left(peer: MetadataPeer): void {
    this.#records.delete(peer);
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
      const { peer } = part.asked;
      part.asked = null;
      this.#recordOf(peer).owed++;
      this.#rest(peer, now);
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
    let pieces: MerklePieces;
    try {
      pieces = fillPieces(this.#trees, this.#pieceLength, layerOf);
    } catch (error) {
      // where a file ends its tree has zeros; other hashes there lead to the root that was made of them, and are no file's
      if (error instanceof MetainfoError) return this.#events.failed(error);
      throw error;
    }
    this.#events.done(pieces);
  }

  #unaskedBy(peer: MetadataPeer): void {
    const record = this.#recordOf(peer);
    if (record.owed > 0) record.owed--;
    else if (++record.unasked > MOST_UNASKED) {
      peer.connection.close("Sends hashes that nobody asked for");
    }
  }

  /** What is overdue together is one silence. */
  #rest(peer: MetadataPeer, now: Millis): void {
    const record = this.#recordOf(peer);
    if (record.restUntil > now) return;
    record.restUntil = now + Math.min(MOST_REST_MS, FIRST_REST_MS * 2 ** record.rests++);
  }

  #recordOf(peer: MetadataPeer): Record {
    const known = this.#records.get(peer);
    if (known !== undefined) return known;
    const record = { restUntil: 0, rests: 0, owed: 0, unasked: 0 };
    this.#records.set(peer, record);
    return record;
  }
}

function nameOf({ root, base, index, length }: HashSpan): string {
  return `${binaryString(root)} ${base} ${index} ${length}`;
}
