import {
  binaryString,
  type Bytes,
  holderOfHost,
  type Millis,
  type PieceIndex,
} from "../base/mod.ts";
import { type MerkleFile, type MerkleTrees, pieceLevel } from "../metainfo/mod.ts";
import { encodeHashes, encodeHashSpan, type HashSpan, Message, uncleCount } from "../wire/mod.ts";
import { hashesOfSpan, isInside, pieceRows, type Rows, rowsOf } from "./hash_rows.ts";
import type { Peer } from "./peer.ts";
import type { Swarm } from "./swarm.ts";

/** What answering may cost us for one address: bytes hashed at once, and a second later on. */
const MOST_CREDIT = 64 * 1024 * 1024;
const CREDIT_RATE = 8 * 1024 * 1024;
/** Hashing a node in JavaScript costs about as much as so many bytes elsewhere. */
const NODE_COST = 16;
/** So does putting a byte of hashes at hand together for a peer. */
const SEND_COST = 4;
/** Bytes that wait for a peer, for it to get more. */
const MOST_UNREAD = 1024 * 1024;
/** Trees kept at hand, in bytes. */
const MOST_ROWS = 16 * 1024 * 1024;
/** Pieces that are read for their leaves at once, and requests that may wait for that: of all, of one peer. */
const MOST_READING = 2;
const MOST_WAITING = 32;
const MOST_WAITING_EACH = 8;
/** Addresses whose credit is remembered. */
const MOST_CREDITS = 2000;
/** Files alike that are looked at for one whose piece is here. */
const MOST_TWINS = 8;

interface Waiting {
  readonly peer: Peer;
  readonly span: HashSpan;
  readonly file: MerkleFile;
  readonly piece: PieceIndex;
}

/**
 * Answers those who ask for hashes of Merkle trees (BEP 52): of pieces and above out of the torrent file, of leaves by
 * reading the piece they are of. Every request is answered; what is none of ours, not here, or too much work, is
 * rejected.
 */
export class HashServer {
  readonly #swarm: Swarm;
  readonly #trees: MerkleTrees;
  /** The first file of each root, once somebody asked for any; files alike have one. */
  #files: ReadonlyMap<string, MerkleFile> | null = null;
  readonly #twins = new Map<MerkleFile, MerkleFile[]>();
  readonly #rows = new Map<MerkleFile, Rows>();
  /**
   * By address: a peer that comes again has what it left. Whoever spent last is the last. All behind one address, as
   * that of a relay, share it: parts for its connections would go to whoever opens most of them, and a part too small
   * for a piece serves nobody. Who is refused asks others, and us again once there is credit: it comes back by itself.
   */
  readonly #credits = new Map<string, { left: number; at: Millis }>();
  readonly #waiting: Waiting[] = [];
  #rowBytes = 0;
  #reading = 0;

  constructor(swarm: Swarm, trees: MerkleTrees) {
    this.#swarm = swarm;
    this.#trees = trees;
  }

  /** A peer asks for hashes. */
  request(peer: Peer, span: HashSpan, now: Millis): void {
    this.#files ??= this.#byRoot();
    const file = this.#files.get(binaryString(span.root));
    if (file === undefined || !isInside(span, file)) return reject(peer, span);
    const level = pieceLevel(this.#swarm.geometry.pieceLength);
    if (span.base >= level && file.pieceCount > 1) return this.#answer(peer, span, file, now);
    // leaves of more than a piece nobody asks for
    if (span.length * 2 ** span.base > 2 ** level) return reject(peer, span);
    const ahead = Math.floor(span.index / 2 ** (level - span.base));
    // where a tree has padding beyond its last piece lies another file
    if (ahead >= file.pieceCount) return reject(peer, span);
    const twins = this.#twins.get(file) ?? [];
    const here = [file, ...twins].find(({ firstPiece }) => this.#gives(peer, firstPiece + ahead));
    if (here === undefined) return reject(peer, span);
    const piece = here.firstPiece + ahead as PieceIndex;
    this.#await({ peer, span, file: here, piece }, now);
  }

  /** A peer is gone: it waits for nothing. */
  left(peer: Peer): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      if (this.#waiting[i]!.peer === peer) this.#waiting.splice(i, 1);
    }
  }

  #byRoot(): Map<string, MerkleFile> {
    const files = new Map<string, MerkleFile>();
    for (const file of this.#trees.files) {
      const key = binaryString(file.root);
      const first = files.get(key);
      if (first === undefined) {
        files.set(key, file);
        continue;
      }
      const twins = this.#twins.get(first) ?? [];
      if (twins.length < MOST_TWINS) this.#twins.set(first, [...twins, file]);
    }
    return files;
  }

  #answer(peer: Peer, span: HashSpan, file: MerkleFile, now: Millis): void {
    const bytes = (span.length + uncleCount(span)) * file.root.length;
    // many requests come in one read, before it is seen that nobody reads the answers
    const heard = peer.connection.out.length <= MOST_UNREAD;
    if (!heard || !this.#spend(peer, bytes * SEND_COST, now)) return reject(peer, span);
    const rows = this.#rowsOf(peer, file, now);
    if (rows === null) return reject(peer, span);
    send(peer, span, hashesOfSpan(span, rows));
  }

  /** A piece is here and shown to `peer`. */
  #gives(peer: Peer, piece: number): boolean {
    const { have, sharing, store } = this.#swarm;
    return sharing && store.leaves !== undefined && have.has(piece) &&
      (peer.offers === null || peer.offers.revealed.has(piece));
  }

  #await(waiting: Waiting, now: Millis): void {
    const { peer, span, piece } = waiting;
    const own = this.#waiting.reduce((count, each) => count + Number(each.peer === peer), 0);
    const isFull = own >= MOST_WAITING_EACH || this.#waiting.length >= MOST_WAITING;
    if (isFull || !this.#spend(peer, this.#swarm.geometry.pieceSize(piece), now)) {
      return reject(peer, span);
    }
    this.#waiting.push(waiting);
    this.#readNext(now);
  }

  #readNext(now: Millis): void {
    if (this.#reading >= MOST_READING) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const { peer, span, file, piece } = next;
    this.#reading++;
    this.#swarm.store.leaves!(piece, this.#trees.pieces.sizes[piece]!, (leaves) => {
      this.#reading--;
      const upper = this.#rowsOf(peer, file, now);
      if (leaves === null || upper === null) reject(peer, span);
      else send(peer, span, hashesOfSpan(span, this.#leafRows(file, piece, leaves), upper));
      peer.connection.flush(now);
      this.#readNext(now);
    });
  }

  #leafRows(file: MerkleFile, piece: number, leaves: Bytes): Rows {
    const height = this.#trees.pieces.heights[piece]!;
    const first = (piece - file.firstPiece) * 2 ** height;
    return rowsOf(leaves, 0, first, Math.max(0, height - 1));
  }

  /** The levels above a file's pieces; null: too much work for this peer. */
  #rowsOf(peer: Peer, file: MerkleFile, now: Millis): Rows | null {
    const known = this.#rows.get(file);
    this.#rows.delete(file);
    const bytes = 2 * file.pieceCount * file.root.length;
    if (known === undefined && !this.#spend(peer, bytes * NODE_COST, now)) return null;
    const { pieceLength } = this.#swarm.geometry;
    const rows = known ?? pieceRows(this.#trees, file, pieceLength);
    // the one used last is the last to go
    this.#rows.set(file, rows);
    if (known === undefined) this.#rowBytes += bytes;
    for (const other of this.#rows.keys()) {
      if (this.#rowBytes <= MOST_ROWS || other === file) break;
      this.#rows.delete(other);
      this.#rowBytes -= 2 * other.pieceCount * other.root.length;
    }
    return rows;
  }

  #spend({ identity }: Peer, cost: number, now: Millis): boolean {
    const key = holderOfHost(identity.host);
    const { left, at } = this.#credits.get(key) ?? { left: MOST_CREDIT, at: now };
    // what was read from the disk is paid for with the time of its request
    const earned = Math.max(0, now - at) / 1000 * CREDIT_RATE;
    const here = Math.min(MOST_CREDIT, left + earned);
    const mayPay = here >= Math.min(cost, MOST_CREDIT);
    this.#credits.delete(key);
    if (this.#credits.size >= MOST_CREDITS) {
      this.#credits.delete(this.#credits.keys().next().value!);
    }
    this.#credits.set(key, {
      left: mayPay ? here - cost : here,
      at: Math.max(at, now) as Millis,
    });
    return mayPay;
  }
}

/** Says that `peer` does not get what it asked for. */
export function reject({ connection }: Peer, span: HashSpan): void {
  if (connection.phase === "open") {
    connection.out.bytes(Message.HashReject, encodeHashSpan(span));
  }
}

function send({ connection }: Peer, span: HashSpan, hashes: Bytes): void {
  if (connection.phase === "open") {
    connection.out.bytes(Message.Hashes, encodeHashes(span, hashes));
  }
}
