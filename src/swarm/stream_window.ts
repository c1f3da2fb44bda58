import type { Bytes } from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import { SequentialPicker } from "./sequential_picker.ts";

/**
 * The window of a torrent that is kept nowhere: it goes over the pieces from the first to the last, as fast as its
 * reader takes them. What is in it is in memory, what is before it is gone, what is behind it is not asked for.
 */
export class StreamWindow {
  /** Picks inside the window. */
  readonly picker: SequentialPicker;
  /** Pieces it is wide. */
  readonly size: number;
  readonly #geometry: Geometry;
  /** Good pieces that wait, with the whole buffers they are in. */
  readonly #kept = new Map<number, Bytes>();
  #next = 0;
  #behind = false;

  /** As many pieces as `bytes` hold, and at least two, or nothing would come while one leaves. */
  constructor(geometry: Geometry, bytes: number) {
    this.#geometry = geometry;
    this.size = Math.max(2, Math.floor(bytes / geometry.pieceLength));
    this.picker = new SequentialPicker(geometry.pieceCount, this.size);
  }

  /** The first piece that was not taken yet; the number of pieces when all were. */
  get next(): number {
    return this.#next;
  }

  /** Every piece was taken. */
  get over(): boolean {
    return this.#next === this.#geometry.pieceCount;
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
    return this.#kept.get(this.#next)?.subarray(0, this.#geometry.pieceSize(this.#next)) ?? null;
  }

  /** The next piece was read: it leaves, and the window moves on. Its buffer, null when there was none. */
  take(): Bytes | null {
    const buffer = this.#kept.get(this.#next);
    if (buffer === undefined) return null;
    this.#kept.delete(this.#next++);
    this.picker.extend(this.#next + this.size);
    this.#look();
    return buffer;
  }

  #look(): void {
    const size = Math.min(this.size, this.#geometry.pieceCount - this.#next);
    const enough = this.#behind ? size / 2 : size - 1;
    this.#behind = this.#kept.size > 0 && this.#kept.size >= enough;
  }
}
