import type { Bytes, Millis } from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";
import type { PartialPiece } from "./partial_piece.ts";
import type { Swarm } from "./swarm.ts";
import type { Webseed } from "./webseed.ts";

/** A stretch of the torrent to fetch, in torrent bytes. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Pieces promised to the run, ascending; they are begun when their first byte comes. */
  readonly pieces: readonly number[];
  /** A piece that has begun already, and its blocks to fetch. */
  readonly joined?: { readonly partial: PartialPiece; readonly blocks: ReadonlySet<number> };
}

/**
 * What one connection to a web server fetches: bytes in a row, of pieces that were promised to it. What comes of other
 * pieces is passed over. Others may get pieces back from its end, then it is over earlier.
 */
export class WebseedRun {
  /** The next byte, in torrent bytes. */
  cursor: number;
  /** Called when it is over before its end. */
  stopped: () => void = () => {};
  /** When it began, or bytes came last. */
  heardAt: Millis;
  readonly #swarm: Swarm;
  readonly #promised: Set<number>;
  #end: number;
  /** The piece the cursor is in, null where nobody waits for it. */
  #partial: PartialPiece | null = null;
  #piece = -1;
  /** Blocks of it that are to come. */
  #owed = new Set<number>();
  /** Bytes of the block at hand that went to their place, which is all of it so far; −1: it is passed over. */
  #kept = -1;
  #over = false;

  /** The pieces of `stretch` are out of the picker. */
  constructor(swarm: Swarm, readonly webseed: Webseed, stretch: Stretch, now: Millis) {
    this.heardAt = now;
    this.#swarm = swarm;
    this.cursor = stretch.from;
    this.#end = stretch.to;
    this.#promised = new Set(stretch.pieces);
    if (stretch.joined === undefined) return;
    const { partial, blocks } = stretch.joined;
    for (const block of blocks) partial.askAgain(block);
    if (partial.alone) partial.soloist = webseed;
    this.#partial = partial;
    this.#piece = partial.piece;
    this.#owed = new Set(blocks);
  }

  /** Behind the last byte. */
  get end(): number {
    return this.#end;
  }

  /** Nothing more is to come. */
  get over(): boolean {
    return this.#over || this.cursor >= this.#end;
  }

  /** Pieces promised to it that have not begun. */
  get promised(): ReadonlySet<number> {
    return this.#promised;
  }

  /** Milliseconds until it has everything, at the server's present speed. */
  left(now: Millis): number {
    const { down, runs } = this.webseed;
    return ((this.#end - this.cursor) * 1000 * runs.size) / Math.max(1, down.rate(now));
  }

  /** True when it is at `piece` now. */
  isAt(piece: number): boolean {
    return this.#partial?.piece === piece;
  }

  /** The next bytes came; false when no more are of use. */
  receive(data: Bytes, now: Millis): boolean {
    const { downloads } = this.#swarm;
    this.heardAt = now;
    if (this.#over) {
      downloads.wasted += data.length;
      downloads.count(data.length, now);
      return false;
    }
    this.webseed.down.add(data.length, now);
    downloads.count(data.length, now);
    this.webseed.served();
    let at = 0;
    while (at < data.length && !this.over) at += this.#place(data.subarray(at), now);
    downloads.wasted += data.length - at;
    return !this.over;
  }

  /** The next bytes are padding, which nobody sent. */
  zeros(zeros: Bytes, now: Millis): void {
    for (let at = 0; at < zeros.length && !this.over;) {
      at += this.#place(zeros.subarray(at), now);
    }
  }

  /** Bytes that came and are not the torrent's, as what lies before a range in a whole file. */
  skipped(count: number, now: Millis): void {
    this.#swarm.downloads.count(count, now);
    this.#swarm.downloads.wasted += count;
  }

  /** Gives back the later half of what is promised, for others to begin, but for `kept` pieces; which ones. */
  yield(kept: number): number[] {
    return this.giveBack(Math.max(kept, this.#promised.size >> 1));
  }

  /** Gives back what is promised but for the first `kept` pieces; which ones. */
  giveBack(kept = 0): number[] {
    const given = [...this.#promised].slice(kept);
    for (const piece of given) this.#promised.delete(piece);
    this.#shorten();
    return given;
  }

  /** It ends here, finished or not: what is promised and owed is given back. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#leave();
    for (const piece of this.#promised) this.#swarm.picker.restore(piece);
    this.#promised.clear();
  }

  /** The last piece of use is the last promised one, or the one at hand. */
  #shorten(): void {
    const { geometry } = this.#swarm;
    let last = this.#partial === null ? -1 : this.#piece;
    for (const piece of this.#promised) last = Math.max(last, piece);
    const end = last < 0 ? this.cursor : geometry.pieceOffset(last) + geometry.pieceSize(last);
    this.#end = Math.min(this.#end, end);
  }

  /** Puts bytes of one block in their place; how many. */
  #place(data: Bytes, now: Millis): number {
    const { geometry, downloads } = this.#swarm;
    const piece = Math.floor(this.cursor / geometry.pieceLength);
    if (piece !== this.#piece) this.#enter(piece);
    const begin = this.cursor - geometry.pieceOffset(piece);
    const block = Math.floor(begin / BLOCK_SIZE);
    const end = block * BLOCK_SIZE + geometry.blockSize(piece, block);
    const length = Math.min(data.length, end - begin);
    const partial = this.#partial;
    const taken = partial !== null && this.#takes(partial, block);
    if (begin % BLOCK_SIZE === 0) this.#kept = taken ? 0 : -1;
    else if (!taken) this.#lose();
    this.cursor += length;
    // behind the last piece of each file of a v2 torrent is nothing as far as the next one
    if (begin + length === geometry.pieceSize(piece)) {
      this.cursor = geometry.pieceOffset(piece + 1);
    }
    if (partial !== null && this.#kept >= 0) {
      partial.write(begin, data.subarray(0, length));
      this.#kept += length;
      if (begin + length === end) this.#fill(partial, block, now);
    } else {
      downloads.wasted += length;
      // others brought what it was at, and there is nothing behind it
      if (this.#promised.size === 0 && !this.#alive) this.#end = this.cursor;
    }
    return length;
  }

  /** The block is owed, nobody else brought it, and its piece is still being fetched. */
  #takes(partial: PartialPiece, block: number): boolean {
    if (!this.#alive) return false;
    if (partial.alone && partial.soloist !== this.webseed) return false;
    return this.#owed.has(block) && !partial.has(block);
  }

  /** The piece at hand is still being fetched. */
  get #alive(): boolean {
    const partial = this.#partial;
    return partial !== null && this.#swarm.downloads.partials.get(partial.piece) === partial;
  }

  /** What came of the block at hand is of no use. */
  #lose(): void {
    this.#swarm.downloads.wasted += Math.max(0, this.#kept);
    this.#kept = -1;
  }

  #fill(partial: PartialPiece, block: number, now: Millis): void {
    this.#kept = -1;
    this.#owed.delete(block);
    partial.filled(block, this.webseed);
    this.#swarm.downloads.placed(partial, block, now);
  }

  /** The cursor came to another piece. */
  #enter(piece: number): void {
    this.#leave();
    this.#piece = piece;
    if (!this.#promised.delete(piece)) return;
    const { geometry, downloads } = this.#swarm;
    const partial = downloads.begin(geometry.piece(piece)!);
    if (partial.alone) partial.soloist = this.webseed;
    for (let block = partial.takeFree(); block >= 0; block = partial.takeFree()) {
      this.#owed.add(block);
    }
    this.#partial = partial;
  }

  /** What is still owed of the piece at hand can be asked of others. */
  #leave(): void {
    this.#lose();
    const partial = this.#alive ? this.#partial : null;
    const owed = this.#owed;
    this.#partial = null;
    this.#owed = new Set();
    if (partial === null) return;
    for (const block of owed) partial.unask(block);
    this.#swarm.downloads.leave(this.webseed, partial);
  }
}
