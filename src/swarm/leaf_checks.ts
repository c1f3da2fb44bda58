import { type Bytes, equalBytes, type Millis, type PieceIndex, SHA256_SIZE } from "../base/mod.ts";
import { BLOCK_SIZE, climb, type MerkleTrees, pieceLevel } from "../metainfo/mod.ts";
import { encodeHashSpan, type HashSpan, Message } from "../wire/mod.ts";
import type { PartialPiece } from "./partial_piece.ts";
import type { Peer } from "./peer.ts";
import type { Source } from "./source.ts";
import type { Swarm } from "./swarm.ts";

/** Pieces whose leaves are known, and that wait for theirs. */
const MOST_KNOWN = 128;
const MOST_HELD = 8;
/** Leaves of a piece that are asked for: more would not fit a message of ours. */
const MOST_LEAVES = 2048;
/** Without an answer another peer is asked. */
const ANSWER_MS = 5_000;
/** Hashes that nobody asked for, before a peer is sent away. */
const MOST_UNASKED = 100;

/** A piece that failed, whole as it came, until its leaves are here. */
interface Held {
  readonly partial: PartialPiece;
  readonly data: Bytes;
  /** SHA-256 of each of its blocks. */
  readonly leaves: Bytes;
}

interface Question {
  readonly peer: Peer;
  readonly span: HashSpan;
  readonly at: Millis;
  readonly tried: Set<Peer>;
}

/**
 * Finds out which blocks of a piece are wrong, and so who sent them (BEP 52). When a piece fails, a peer is asked for
 * the hashes of its blocks, which lead to the hash of the piece or are worth nothing: the blocks that differ are asked
 * for again, and whoever sent them is banned. From then on no peer is trusted: leaves of pieces that begin are asked
 * for at once, and every block is judged as it comes.
 */
export class LeafChecks {
  readonly #swarm: Swarm;
  readonly #trees: MerkleTrees;
  /** The leaves of pieces that are not here yet, 32 bytes each. */
  readonly #known = new Map<number, Bytes>();
  readonly #held = new Map<number, Held>();
  readonly #asked = new Map<number, Question>();
  readonly #unasked = new WeakMap<Peer, number>();
  /** Somebody sent a wrong block. */
  #wary = false;

  constructor(swarm: Swarm, trees: MerkleTrees) {
    this.#swarm = swarm;
    this.#trees = trees;
  }

  /** The leaves of `piece` are known, so each of its blocks can be judged as it comes. */
  knows(piece: number): boolean {
    return this.#known.has(piece);
  }

  /** A piece begins. */
  begun(piece: PieceIndex, now: Millis): void {
    if (this.#wary && !this.#known.has(piece) && !this.#asked.has(piece)) {
      this.#ask(piece, new Set(), now);
    }
  }

  /** A piece is here. */
  written(piece: number): void {
    this.#known.delete(piece);
    this.#asked.delete(piece);
  }

  /**
   * The hash of a piece is wrong. False: nobody can be asked who of its senders lied, and the piece is the caller's;
   * otherwise it is kept until that is known.
   */
  failed(partial: PartialPiece, data: Bytes, leaves: Bytes, now: Millis): boolean {
    const piece = partial.piece as PieceIndex;
    const known = this.#leavesOf(piece);
    if (known !== null) return this.#judge({ partial, data, leaves }, known, now);
    if (this.#held.size >= MOST_HELD) return false;
    const asked = this.#asked.has(piece) || this.#ask(piece, new Set(), now);
    if (asked) this.#held.set(piece, { partial, data, leaves });
    return asked;
  }

  /** A block of a piece whose leaves are known came. */
  arrived(partial: PartialPiece, block: number, now: Millis): void {
    const { store } = this.#swarm;
    const expected = this.#known.get(partial.piece);
    const sender = partial.senders()[block] ?? null;
    if (expected === undefined || sender === null || store.digest === undefined) return;
    const from = block * BLOCK_SIZE;
    const size = this.#sizeOf(partial);
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
    const piece = this.#pieceOf(span);
    const question = piece === null ? undefined : this.#asked.get(piece);
    if (piece === null || question?.peer !== peer || !sameSpan(question.span, span)) {
      const count = (this.#unasked.get(peer) ?? 0) + 1;
      this.#unasked.set(peer, count);
      if (count > MOST_UNASKED) peer.connection.close("Sends hashes that nobody asked for");
      return;
    }
    this.#asked.delete(piece);
    if (!equalBytes(climb(span, hashes), this.#nodeOf(piece))) {
      question.tried.add(peer);
      peer.ban(`Sent hashes that do not lead to that of piece ${piece}`);
      return this.#again(piece, question.tried, now);
    }
    this.#learn(piece, hashes, now);
  }

  /** A peer does not give the hashes it was asked for. */
  rejected(peer: Peer, span: HashSpan, now: Millis): void {
    const piece = this.#pieceOf(span);
    const question = piece === null ? undefined : this.#asked.get(piece);
    if (piece === null || question?.peer !== peer) return;
    this.#asked.delete(piece);
    this.#again(piece, question.tried.add(peer), now);
  }

  /** A peer is gone. */
  left(peer: Peer, now: Millis): void {
    for (const [piece, question] of [...this.#asked]) {
      if (question.peer !== peer) continue;
      this.#asked.delete(piece);
      this.#again(piece as PieceIndex, question.tried.add(peer), now);
    }
  }

  /** Time passes: who does not answer is asked no more. */
  tick(now: Millis): void {
    if (this.#wary) {
      for (const piece of this.#swarm.downloads.partials.keys()) {
        this.begun(piece as PieceIndex, now);
      }
    }
    for (const [piece, { at, peer, tried }] of [...this.#asked]) {
      if (now - at < ANSWER_MS) continue;
      this.#asked.delete(piece);
      this.#again(piece as PieceIndex, tried.add(peer), now);
    }
  }

  /** Asks a peer that has not been asked; false: there is none. */
  #ask(piece: PieceIndex, tried: Set<Peer>, now: Millis): boolean {
    const span = this.#spanOf(piece);
    if (span === null) return false;
    const peer = this.#swarm.peers.find((each) =>
      each.connection.v2 && each.connection.phase === "open" && each.pieces.has(piece) &&
      !tried.has(each)
    );
    if (peer === undefined) return false;
    this.#asked.set(piece, { peer, span, at: now, tried });
    peer.connection.out.bytes(Message.HashRequest, encodeHashSpan(span));
    peer.connection.flush(now);
    return true;
  }

  /** Nobody answered so far: another is asked, or the piece is fetched anew as a whole. */
  #again(piece: PieceIndex, tried: Set<Peer>, now: Millis): void {
    if (this.#ask(piece, tried, now)) return;
    const held = this.#held.get(piece);
    if (held === undefined) return;
    this.#held.delete(piece);
    this.#swarm.refetch(held.partial, held.data, now);
  }

  #learn(piece: PieceIndex, leaves: Bytes, now: Millis): void {
    if (this.#known.size >= MOST_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(piece, leaves);
    const held = this.#held.get(piece);
    this.#held.delete(piece);
    if (held !== undefined) {
      if (!this.#judge(held, leaves, now)) this.#swarm.refetch(held.partial, held.data, now);
      return;
    }
    const partial = this.#swarm.downloads.partials.get(piece);
    if (partial === undefined) return;
    for (let block = 0; block < partial.blockCount; block++) {
      if (partial.has(block)) this.arrived(partial, block, now);
    }
  }

  /** Takes out the blocks that differ; false when there are none, or nobody wants the piece any more. */
  #judge({ partial, leaves }: Held, known: Bytes, now: Millis): boolean {
    const { swarm } = { swarm: this.#swarm };
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
    this.#wary = true;
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
    return this.#trees.pieces.heights[piece] === 0 ? this.#nodeOf(piece) : this.#known.get(piece) ??
      null;
  }

  #nodeOf(piece: number): Bytes {
    const from = piece * SHA256_SIZE;
    return this.#trees.pieces.hashes.subarray(from, from + SHA256_SIZE);
  }

  /** Bytes of a piece that are its file's. */
  #sizeOf({ piece }: PartialPiece): number {
    return this.#trees.pieces.sizes[piece]!;
  }

  /** All leaves of a piece. */
  #spanOf(piece: number): HashSpan | null {
    const file = this.#fileAt(piece);
    const length = 2 ** this.#trees.pieces.heights[piece]!;
    if (file === undefined || length < 2 || length > MOST_LEAVES) return null;
    const level = pieceLevel(this.#swarm.geometry.pieceLength);
    const index = (piece - file.firstPiece) * 2 ** level;
    return { root: file.root, base: 0, index, length, proofs: 0 };
  }

  #pieceOf(span: HashSpan): PieceIndex | null {
    for (const [piece, question] of this.#asked) {
      if (sameSpan(question.span, span)) return piece as PieceIndex;
    }
    return null;
  }

  #fileAt(piece: number) {
    const { files } = this.#trees;
    let [low, high] = [0, files.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (files[middle]!.firstPiece <= piece) low = middle;
      else high = middle - 1;
    }
    return files[low];
  }
}

function sameSpan(a: HashSpan, b: HashSpan): boolean {
  return a.base === b.base && a.index === b.index && a.length === b.length &&
    a.proofs === b.proofs && equalBytes(a.root, b.root);
}
