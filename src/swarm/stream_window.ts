import type { Bitfield, Bytes } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import { SequentialPicker } from "./sequential_picker.ts";

/**
 * The window of a torrent that is kept nowhere: it goes over the wanted pieces from the first to the last, as fast as
 * its reader takes them. What is in it is in memory, what is before it is gone, what is behind it is not asked for.
 */
export class StreamWindow {
  /** Picks inside the window. */
  readonly picker: SequentialPicker;
  /** Pieces it is wide. */
  readonly size: number;
  readonly #geometry: Geometry;
  /** Wanted pieces, in order. */
  readonly #wanted: readonly number[];
  /** Good pieces that wait, with the whole buffers they are in. */
  readonly #kept = new Map<number, Bytes>();
  /** Of the wanted pieces, those that were taken. */
  #taken = 0;
  #behind = false;

  /** As many pieces as `bytes` hold, and at least two, or nothing would come while one leaves. */
  constructor(geometry: Geometry, wanted: Bitfield, bytes: number) {
    this.#geometry = geometry;
    this.#wanted = [...wanted];
    this.size = Math.max(2, Math.floor(bytes / geometry.pieceLength));
    this.picker = new SequentialPicker(geometry.pieceCount, this.#end);
  }

  /** The first wanted piece that was not taken yet; the number of pieces when all were. */
  get next(): number {
    return this.#wanted[this.#taken] ?? this.#geometry.pieceCount;
  }

  /** Every wanted piece was taken. */
  get over(): boolean {
    return this.#taken === this.#wanted.length;
  }

  /** The reader takes less than comes: from when the window is full of good pieces until half of them are gone. */
  get behind(): boolean {
    return this.#behind;
  }

  /** A good piece is here and waits for its turn. */
  keep(piece: number, buffer: Bytes): void {
    this.#kept.set(piece, buffer);
    this.#look();
  }

  /** The next piece, null while it is not here. */
  peek(): Bytes | null {
    const { next } = this;
    return this.#kept.get(next)?.subarray(0, this.#geometry.pieceSize(next)) ?? null;
  }

  /** The next piece was read: it leaves, and the window moves on. Its buffer, null when there was none. */
  take(): Bytes | null {
    const buffer = this.#kept.get(this.next);
    if (buffer === undefined) return null;
    this.#kept.delete(this.next);
    this.#taken++;
    this.picker.extend(this.#end);
    this.#look();
    return buffer;
  }

  /** The piece that the window ends before. */
  get #end(): number {
    return this.#wanted[this.#taken + this.size] ?? this.#geometry.pieceCount;
  }

  #look(): void {
    const size = Math.min(this.size, this.#wanted.length - this.#taken);
    const enough = this.#behind ? size / 2 : size - 1;
    this.#behind = this.#kept.size > 0 && this.#kept.size >= enough;
  }
}
