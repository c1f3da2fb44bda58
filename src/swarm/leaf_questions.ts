import { type Bytes, equalBytes, type Millis, type PieceIndex, SHA256_SIZE } from "../base/mod.ts";
import { climb, type MerkleFile, type MerkleTrees, pieceLevel } from "../metainfo/mod.ts";
import { encodeHashSpan, type HashSpan, Message } from "../wire/mod.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** Leaves of a piece that are asked for: more would not fit a message of ours. */
const MOST_LEAVES = 2048;
/** Without an answer another peer is asked. */
const ANSWER_MS = 5_000;
/** Questions a peer has at a time; what waits for an answer as a whole piece does not count. */
const DEPTH = 8;
/** A peer that refuses, or is silent, is asked for nothing for so long, then for twice as long, and so on up to the most. */
const FIRST_REST_MS = 15_000;
const MOST_REST_MS = 8 * 60_000;
/** Overdue answers of a peer that are known for what they are. */
const MOST_LATE = 64;
/** Hashes that nobody asked for, before a peer is sent away. */
const MOST_UNASKED = 100;

/** Who hears what came of questions. */
export interface LeafNews {
  /** The leaves of a piece are still of use. */
  needs(piece: PieceIndex): boolean;
  /** The leaves of a piece, 32 bytes each, that lead to its hash. */
  learnt(piece: PieceIndex, leaves: Bytes, now: Millis): void;
  /** Nobody is left who could be asked for those of a piece. */
  unanswered(piece: PieceIndex, now: Millis): void;
}

interface Question {
  readonly piece: PieceIndex;
  readonly peer: Peer;
  readonly span: HashSpan;
  readonly at: Millis;
  readonly tried: Set<Peer>;
  /** Who sent the piece is asked last of all. */
  readonly senders: readonly unknown[];
  /** Questions that whoever is asked may have. */
  readonly depth: number;
}

/** What is to be remembered of a peer. */
interface Record {
  restUntil: number;
  /** Refusals and silences since it last answered. */
  rests: number;
  /** Questions it has. */
  open: number;
  /** Those that were not waited for: their answers may be on their way. */
  readonly late: Pick<Question, "piece" | "span">[];
  unasked: number;
}

/**
 * Who is asked for the leaves of which piece (BEP 52). A peer that is silent or refuses is asked less and less often, so
 * that it holds nobody up twice; one that answers late is heard all the same.
 */
export class LeafQuestions {
  readonly #swarm: Swarm;
  readonly #trees: MerkleTrees;
  readonly #news: LeafNews;
  readonly #asked = new Map<number, Question>();
  readonly #records = new WeakMap<Peer, Record>();
  readonly #resting = new Set<Peer>();
  readonly #ready = new Set<Peer>();

  constructor(swarm: Swarm, trees: MerkleTrees, news: LeafNews) {
    this.#swarm = swarm;
    this.#trees = trees;
    this.#news = news;
  }

  /** A peer is being asked for the leaves of `piece`. */
  has(piece: number): boolean {
    return this.#asked.has(piece);
  }

  /** Asks one of `peers`; false: there is nobody. */
  ask(piece: PieceIndex, peers: readonly Peer[], now: Millis): boolean {
    return this.#ask({ piece, tried: new Set(), senders: [], depth: DEPTH }, peers, now);
  }

  /** Asks somebody, as a whole piece waits for it, and whoever sent it (`senders`) last of all; false: there is nobody. */
  askUrgently(piece: PieceIndex, senders: readonly unknown[], now: Millis): boolean {
    const matter = { piece, tried: new Set<Peer>(), senders, depth: Infinity };
    return this.#ask(matter, this.#swarm.peers, now);
  }

  /** A peer told what it has. */
  gained(peer: Peer): void {
    this.#ready.add(peer);
  }

  /** Peers that may be asked for more than when this was called last: they have answered, rested or told what they have. */
  ready(now: Millis): readonly Peer[] {
    for (const peer of this.#resting) {
      if (this.#recordOf(peer).restUntil > now) continue;
      this.#resting.delete(peer);
      this.#ready.add(peer);
    }
    if (this.#ready.size === 0) return [];
    const ready = this.#swarm.peers.filter((peer) => this.#ready.has(peer));
    this.#ready.clear();
    return ready;
  }

  /** The leaves of a piece are of no use any more; what comes is late. */
  forget(piece: number): void {
    const question = this.#asked.get(piece);
    if (question === undefined) return;
    this.#close(question);
    this.#expectLate(question);
  }

  /** Hashes came. */
  take(peer: Peer, span: HashSpan, hashes: Bytes, now: Millis): void {
    const record = this.#recordOf(peer);
    const question = this.#find(peer, span);
    const piece = question?.piece ?? takeLate(record, span);
    if (piece === null) {
      if (++record.unasked > MOST_UNASKED) {
        peer.connection.close("Sends hashes that nobody asked for");
      }
      return;
    }
    if (question !== null) this.#close(question);
    if (!equalBytes(climb(span, hashes), this.#nodeOf(piece))) {
      peer.ban(`Sent hashes that do not lead to that of piece ${piece}`);
      if (question !== null) this.#again(question, now);
      return;
    }
    record.rests = record.restUntil = 0;
    this.#ready.add(peer);
    // another may have been asked meanwhile
    this.forget(piece);
    this.#news.learnt(piece, hashes, now);
  }

  /** A peer does not give the hashes it was asked for. */
  rejected(peer: Peer, span: HashSpan, now: Millis): void {
    const question = this.#find(peer, span);
    if (question === null) return void takeLate(this.#recordOf(peer), span);
    this.#close(question);
    this.#rest(peer, now);
    this.#again(question, now);
  }

  /** A peer is gone. */
  left(peer: Peer, now: Millis): void {
    for (const question of [...this.#asked.values()]) {
      if (question.peer !== peer) continue;
      this.#close(question);
      this.#again(question, now);
    }
    this.#resting.delete(peer);
    this.#ready.delete(peer);
  }

  /** Time passes: who does not answer is waited for no more. */
  tick(now: Millis): void {
    for (const question of this.#asked.values()) {
      // the oldest are first
      if (now - question.at < ANSWER_MS) return;
      this.#close(question);
      this.#expectLate(question);
      this.#rest(question.peer, now);
      this.#again(question, now);
    }
  }

  #again(question: Question, now: Millis): void {
    const { piece, peer, tried } = question;
    tried.add(peer);
    if (!this.#news.needs(piece) || this.#ask(question, this.#swarm.peers, now)) return;
    this.#news.unanswered(piece, now);
  }

  #ask(
    matter: Omit<Question, "peer" | "span" | "at">,
    peers: readonly Peer[],
    now: Millis,
  ): boolean {
    const { piece, tried, senders, depth } = matter;
    const span = this.#spanOf(piece);
    if (span === null) return false;
    let best: Peer | null = null;
    let least = Infinity;
    for (const peer of peers) {
      const { v2, phase } = peer.connection;
      if (!v2 || phase !== "open" || !peer.pieces.has(piece) || tried.has(peer)) continue;
      const { restUntil, rests, open } = this.#recordOf(peer);
      if (restUntil > now || open >= depth) continue;
      // those that answer come first, and before any that may have spoilt the piece
      const cost = 1_000_000 * rests + (senders.includes(peer) ? 10_000 : 0) + open;
      if (cost >= least) continue;
      best = peer;
      least = cost;
    }
    if (best === null) return false;
    this.#asked.set(piece, { piece, tried, senders, depth, peer: best, span, at: now });
    this.#recordOf(best).open++;
    best.connection.out.bytes(Message.HashRequest, encodeHashSpan(span));
    best.connection.flush(now);
    return true;
  }

  #close({ piece, peer }: Question): void {
    this.#asked.delete(piece);
    this.#recordOf(peer).open--;
    this.#ready.add(peer);
  }

  #expectLate({ piece, peer, span }: Question): void {
    const { late } = this.#recordOf(peer);
    if (late.length >= MOST_LATE) late.shift();
    late.push({ piece, span });
  }

  /** What is overdue together is one silence. */
  #rest(peer: Peer, now: Millis): void {
    const record = this.#recordOf(peer);
    if (record.restUntil > now) return;
    record.restUntil = now + Math.min(MOST_REST_MS, FIRST_REST_MS * 2 ** record.rests++);
    this.#resting.add(peer);
  }

  /** Pieces of files alike have the same span, each with a question of its own. */
  #find(peer: Peer, span: HashSpan): Question | null {
    for (const question of this.#asked.values()) {
      if (question.peer === peer && sameSpan(question.span, span)) return question;
    }
    return null;
  }

  #recordOf(peer: Peer): Record {
    const known = this.#records.get(peer);
    if (known !== undefined) return known;
    const record = { restUntil: 0, rests: 0, open: 0, late: [], unasked: 0 };
    this.#records.set(peer, record);
    return record;
  }

  #nodeOf(piece: number): Bytes {
    const from = piece * SHA256_SIZE;
    return this.#trees.pieces.hashes.subarray(from, from + SHA256_SIZE);
  }

  /** All leaves of a piece; null: it is one, or they are too many. */
  #spanOf(piece: number): HashSpan | null {
    const length = 2 ** this.#trees.pieces.heights[piece]!;
    if (length < 2 || length > MOST_LEAVES) return null;
    const file = fileAt(this.#trees.files, piece);
    const level = pieceLevel(this.#swarm.geometry.pieceLength);
    const index = (piece - file.firstPiece) * 2 ** level;
    return { root: file.root, base: 0, index, length, proofs: 0 };
  }
}

function takeLate({ late }: Record, span: HashSpan): PieceIndex | null {
  const at = late.findIndex((each) => sameSpan(each.span, span));
  return at < 0 ? null : late.splice(at, 1)[0]!.piece;
}

function fileAt(files: readonly MerkleFile[], piece: number): MerkleFile {
  let [low, high] = [0, files.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (files[middle]!.firstPiece <= piece) low = middle;
    else high = middle - 1;
  }
  return files[low]!;
}

function sameSpan(a: HashSpan, b: HashSpan): boolean {
  return a.base === b.base && a.index === b.index && a.length === b.length &&
    a.proofs === b.proofs && equalBytes(a.root, b.root);
}
