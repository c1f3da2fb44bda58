import { type Bytes, equalBytes, type Millis, type PieceIndex, SHA256_SIZE } from "../base/mod.ts";
import { BLOCK_SIZE, type MerkleTrees } from "../metainfo/mod.ts";
import type { HashSpan } from "../wire/mod.ts";
import { LeafQuestions } from "./leaf_questions.ts";
import type { PartialPiece } from "./partial_piece.ts";
import type { Peer } from "./peer.ts";
import type { Source } from "./source.ts";
import type { Swarm } from "./swarm.ts";

/** Pieces whose leaves are known: more than can have begun. */
const MOST_KNOWN = 512;
/** How long a piece waits for its leaves, however many peers are asked in turn. */
const HELD_MS = 15_000;

/** So many good pieces after a wrong block, and peers are trusted again: judging each block hashes everything twice. */
const WARY_PIECES = 256;

/** A piece that failed, whole as it came, until its leaves are here. */
interface Held {
  readonly partial: PartialPiece;
  readonly data: Bytes;
  /** SHA-256 of each of its blocks. */
  readonly leaves: Bytes;
  readonly since: Millis;
}

/**
 * Finds out which blocks of a piece are wrong, and so who sent them (BEP 52). When a piece fails, a peer is asked for
 * the hashes of its blocks, which lead to the hash of the piece or are worth nothing: the blocks that differ are asked
 * for again, and whoever sent them is banned. For a while then no peer is trusted: leaves of pieces that begin are asked
 * for at once, and every block is judged as it comes.
 */
export class LeafChecks {
  readonly #swarm: Swarm;
  readonly #trees: MerkleTrees;
  readonly #questions: LeafQuestions;
  /** The leaves of pieces that are not here yet, 32 bytes each. */
  readonly #known = new Map<number, Bytes>();
  readonly #held = new Map<number, Held>();
  /** Good pieces to come until peers are trusted again; 0: they are. */
  #wary = 0;
  /** Of pieces that have begun, while peers are not trusted: those nobody could be asked for, as far as is known. */
  readonly #unasked = new Set<number>();
  /** The same, of which it is not known. */
  readonly #untried = new Set<number>();

  constructor(swarm: Swarm, trees: MerkleTrees) {
    this.#swarm = swarm;
    this.#trees = trees;
    this.#questions = new LeafQuestions(swarm, trees, {
      needs: (piece) => this.#held.has(piece) || swarm.downloads.partials.has(piece),
      learnt: (piece, leaves, now) => this.#learn(piece, leaves, now),
      unanswered: (piece, now) => this.#giveUp(piece, now),
    });
  }

  /** The leaves of `piece` are known, so each of its blocks can be judged as it comes. */
  knows(piece: number): boolean {
    return this.#known.has(piece);
  }

  /** A piece begins, or goes on: somebody is asked for its leaves at the next tick, unless {@linkcode begun} does at once. */
  waits(piece: number): void {
    if (this.#wary > 0) this.#untried.add(piece);
  }

  /** A piece begins. */
  begun(piece: PieceIndex, now: Millis): void {
    this.#ask(piece, this.#swarm.peers, now);
  }

  /** A peer has all of these pieces, or one more. */
  gained(peer: Peer, piece: PieceIndex | null): void {
    if (piece === null) this.#questions.gained(peer);
    else if (this.#unasked.has(piece)) this.#untried.add(piece);
  }

  /** A piece is here. */
  written(piece: number): void {
    this.#known.delete(piece);
    this.#questions.forget(piece);
    this.#unasked.delete(piece);
    if (this.#wary === 0 || --this.#wary > 0) return;
    this.#unasked.clear();
    this.#untried.clear();
  }

  /**
   * The hash of a piece is wrong. False: nobody can be asked who of its senders lied, or there is no memory to wait in,
   * and the piece is the caller's; otherwise it is kept until that is known.
   */
  failed(partial: PartialPiece, data: Bytes, leaves: Bytes, now: Millis): boolean {
    this.#beWary();
    const { piece } = partial;
    const held = { partial, data, leaves, since: now };
    const known = this.#leavesOf(piece);
    if (known !== null) return this.#judge(held, known, now);
    const { memory } = this.#swarm.downloads;
    const { pieceLength } = this.#swarm.geometry;
    if (!memory.mayTake(pieceLength)) return false;
    // who was asked as it began is given its time
    if (!this.#questions.has(piece)) {
      if (!this.#questions.askUrgently(piece, partial.senders(), now)) return false;
    }
    memory.take(pieceLength);
    this.#held.set(piece, held);
    return true;
  }

  /** A block of a piece whose leaves are known came. */
  arrived(partial: PartialPiece, block: number, now: Millis): void {
    const { store } = this.#swarm;
    const expected = this.#known.get(partial.piece);
    const sender = partial.senders()[block] ?? null;
    if (expected === undefined || sender === null || store.digest === undefined) return;
    const from = block * BLOCK_SIZE;
    const size = this.#trees.pieces.sizes[partial.piece]!;
    // padding, which has no leaf: its zeros are ours, whatever came
    if (from >= size) return;
    const data = partial.buffer.subarray(from, Math.min(from + BLOCK_SIZE, size));
    store.digest(data, (digest) => {
      const leaf = expected.subarray(block * SHA256_SIZE, (block + 1) * SHA256_SIZE);
      if (equalBytes(digest, leaf)) return;
      // it may be whole by now, and is judged as that
      if (this.#swarm.downloads.partials.get(partial.piece) !== partial) return;
      if (partial.senders()[block] !== sender) return;
      this.#spoil(partial, [block], now);
    });
  }

  /** Hashes came that nobody may have asked for. */
  take(peer: Peer, span: HashSpan, hashes: Bytes, now: Millis): void {
    this.#questions.take(peer, span, hashes, now);
  }

  /** A peer does not give the hashes it was asked for. */
  rejected(peer: Peer, span: HashSpan, now: Millis): void {
    this.#questions.rejected(peer, span, now);
  }

  /** A peer is gone. */
  left(peer: Peer, now: Millis): void {
    this.#questions.left(peer, now);
  }

  /** Time passes: who does not answer is asked no more, and no piece waits for ever. */
  tick(now: Millis): void {
    this.#questions.tick(now);
    for (const [piece, { since }] of this.#held) {
      // the oldest are first
      if (now - since < HELD_MS) break;
      this.#questions.forget(piece);
      this.#giveUp(piece as PieceIndex, now);
    }
    if (this.#wary > 0) this.#askWaiting(now);
  }

  /** Asks for the leaves of pieces that wait for somebody to ask, of whoever may be asked now. */
  #askWaiting(now: Millis): void {
    const ready = this.#questions.ready(now);
    if (this.#untried.size === 0 && (this.#unasked.size === 0 || ready.length === 0)) return;
    const { partials } = this.#swarm.downloads;
    for (const piece of partials.keys()) {
      if (this.#untried.has(piece)) this.begun(piece as PieceIndex, now);
      else if (this.#unasked.has(piece)) this.#ask(piece as PieceIndex, ready, now);
    }
    for (const pieces of [this.#unasked, this.#untried]) {
      for (const piece of pieces) if (!partials.has(piece)) pieces.delete(piece);
    }
  }

  #ask(piece: PieceIndex, peers: readonly Peer[], now: Millis): void {
    if (this.#wary === 0) return;
    this.#untried.delete(piece);
    this.#unasked.delete(piece);
    if (this.#known.has(piece) || this.#questions.has(piece)) return;
    if (!this.#questions.ask(piece, peers, now)) this.#unasked.add(piece);
  }

  #beWary(): void {
    if (this.#wary === 0) {
      for (const piece of this.#swarm.downloads.partials.keys()) this.#untried.add(piece);
    }
    this.#wary = WARY_PIECES;
  }

  /** Nobody answered: a piece that waited is fetched anew as a whole. */
  #giveUp(piece: PieceIndex, now: Millis): void {
    this.waits(piece);
    const held = this.#release(piece);
    if (held !== null) this.#swarm.refetch(held.partial, held.data, now);
  }

  #learn(piece: PieceIndex, leaves: Bytes, now: Millis): void {
    const held = this.#release(piece);
    if (held === null && !this.#swarm.lacks(piece)) return this.waits(piece);
    this.#keep(piece, leaves);
    if (held !== null) {
      if (!this.#judge(held, leaves, now)) this.#swarm.refetch(held.partial, held.data, now);
      return;
    }
    const partial = this.#swarm.downloads.partials.get(piece);
    if (partial === undefined) return;
    for (let block = 0; block < partial.blockCount; block++) {
      if (partial.has(block)) this.arrived(partial, block, now);
    }
  }

  #keep(piece: number, leaves: Bytes): void {
    if (this.#known.size >= MOST_KNOWN) {
      const { partials } = this.#swarm.downloads;
      // of pieces that were dropped, or wait to be begun again, they are to be had again
      for (const other of this.#known.keys()) if (!partials.has(other)) this.#known.delete(other);
    }
    this.#known.set(piece, leaves);
  }

  /** A piece waits no longer; its memory counts no more. */
  #release(piece: number): Held | null {
    const held = this.#held.get(piece);
    if (held === undefined) return null;
    this.#held.delete(piece);
    this.#swarm.downloads.memory.give(this.#swarm.geometry.pieceLength);
    return held;
  }

  /** Takes out the blocks that differ; false when there are none, or nobody wants the piece any more. */
  #judge({ partial, leaves }: Held, known: Bytes, now: Millis): boolean {
    const swarm = this.#swarm;
    const bad: number[] = [];
    for (let block = 0; block * SHA256_SIZE < leaves.length; block++) {
      const [from, to] = [block * SHA256_SIZE, (block + 1) * SHA256_SIZE];
      if (!equalBytes(leaves.subarray(from, to), known.subarray(from, to))) bad.push(block);
    }
    if (bad.length === 0 || !swarm.wants(partial.piece)) return false;
    swarm.verifying.delete(partial.piece);
    swarm.downloads.resume(partial);
    this.#spoil(partial, bad, now);
    return true;
  }

  /** These blocks are wrong: they are free again, and their senders go. */
  #spoil(partial: PartialPiece, blocks: readonly number[], now: Millis): void {
    this.#beWary();
    const guilty = new Set<Source>();
    for (const block of blocks) {
      const sender = partial.senders()[block];
      if (sender) guilty.add(sender);
      this.#swarm.downloads.wasted += this.#swarm.geometry.blockSize(partial.piece, block);
      partial.spoil(block);
    }
    for (const source of guilty) {
      source.ban(`Sent bad data for block ${blocks[0]} of piece ${partial.piece}`);
    }
    this.#swarm.askAll(now);
  }

  /** Of a piece of one block its hash is its leaf. */
  #leavesOf(piece: number): Bytes | null {
    const { heights, hashes } = this.#trees.pieces;
    if (heights[piece] !== 0) return this.#known.get(piece) ?? null;
    return hashes.subarray(piece * SHA256_SIZE, (piece + 1) * SHA256_SIZE);
  }
}
