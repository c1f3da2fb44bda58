import { type Bytes, equalBytes, type PieceIndex } from "../../src/base/mod.ts";
import { StreamWindow } from "../../src/swarm/mod.ts";
import type { Clock } from "./clock.ts";
import type { Content } from "./content.ts";
import { type Disk, SimStore } from "./disk.ts";

/** Who reads a stream, as a value. */
export interface Reader {
  /** Pieces that memory has room for. */
  readonly window: number;
  /** Bytes a second it takes. */
  readonly rate: number;
}

/** A store that keeps a window of pieces, which a reader takes in order. */
export class SimStream extends SimStore {
  readonly window: StreamWindow;
  /** Pieces the reader has, in the order it got them. */
  readonly delivered: number[] = [];
  /** What it got was what it should have got. */
  intact = true;
  /** The longest it ever waited for a piece after the first one, in milliseconds. */
  longestWait = 0;
  #waitsSince: number | null = null;
  #reading = false;

  constructor(clock: Clock, content: Content, disk: Disk, readonly reader: Reader) {
    super(clock, content, disk, content.none());
    this.window = new StreamWindow(
      content.geometry,
      content.all(),
      reader.window * content.geometry.pieceLength,
    );
  }

  override commit(piece: PieceIndex, data: Bytes): void {
    const bytes = data.subarray(0, this.content.geometry.pieceSize(piece));
    this.clock.in(this.disk.hash, () => {
      if (!equalBytes(bytes, this.content.piece(piece))) {
        return this.swarm.pieceCorrupt(piece, bytes, this.clock.now);
      }
      this.swarm.pieceVerified(piece, bytes);
      this.held.set(piece, bytes.slice());
      this.window.keep(piece, data);
      this.swarm.pieceWritten(piece, this.clock.now);
      this.#read();
    });
  }

  #read(): void {
    if (this.#reading) return;
    const data = this.window.peek();
    this.window.picker.hurried = data === null;
    if (data === null) {
      if (this.delivered.length > 0) this.#waitsSince ??= this.clock.now;
      return;
    }
    if (this.#waitsSince !== null) {
      this.longestWait = Math.max(this.longestWait, this.clock.now - this.#waitsSince);
      this.#waitsSince = null;
    }
    this.#reading = true;
    this.clock.in((data.length * 1_000) / this.reader.rate, () => {
      this.#reading = false;
      this.intact &&= equalBytes(data, this.content.piece(this.window.next));
      this.delivered.push(this.window.next);
      this.release(this.window.take()!);
      this.swarm.askAll(this.clock.now);
      this.#read();
    });
  }
}
