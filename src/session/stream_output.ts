import type { Bytes } from "../base/mod.ts";
import type { StreamForm } from "../metainfo/mod.ts";
import type { StreamSink } from "./api.ts";

/** Bytes handed to the sink at a time, and how many of these it may have at once: 4 MiB. */
const CHUNK = 512 * 1024;
const MOST_CHUNKS = 8;

/** Where an output gets its pieces, and whom it tells. */
export interface StreamSource {
  /** The next piece in order, and where in the torrent it begins, when it is here, null otherwise; asked again until {@linkcode used}. */
  next(): { readonly at: number; readonly data: Bytes } | null;
  /** All of that piece is on its way: the one after it is next. */
  used(): void;
  /** No piece is left. */
  readonly over: boolean;
  /** The reader took all of the stream. */
  finished(): void;
  /** The sink failed; nothing more is written. */
  failed(error: unknown): void;
}

/** Pieces on their way to a reader: in order, in their form, a few chunks at a time. */
export class StreamOutput {
  readonly #source: StreamSource;
  readonly #form: StreamForm;
  readonly #sink: StreamSink;
  readonly #spare: Bytes[] = [];
  /** What a piece, or the end, became and is not in a chunk yet. */
  #parts: Iterator<Bytes> | null = null;
  #part: Bytes = new Uint8Array(0);
  #phase: "pieces" | "end" | "over" | "closed" = "pieces";
  #underWay = 0;

  constructor(source: StreamSource, form: StreamForm, sink: StreamSink) {
    this.#source = source;
    this.#form = form;
    this.#sink = sink;
  }

  /** The reader has not taken all it was given. */
  get busy(): boolean {
    return this.#underWay > 0;
  }

  /** Hands on what is here, as far as the reader goes. */
  pump(): void {
    while (this.#phase !== "over" && this.#phase !== "closed" && this.#underWay < MOST_CHUNKS) {
      const memory = this.#spare.pop() ?? new Uint8Array(CHUNK);
      const size = this.#fill(memory);
      if (size > 0) {
        void this.#send(memory, size);
        continue;
      }
      this.#spare.push(memory);
      break;
    }
    if (this.#phase === "over" && this.#underWay === 0) {
      this.#phase = "closed";
      this.#source.finished();
    }
  }

  /** Writes nothing more. */
  close(): void {
    this.#phase = "closed";
  }

  async #send(memory: Bytes, size: number): Promise<void> {
    this.#underWay++;
    try {
      const back = await this.#sink.write(memory.subarray(0, size));
      this.#spare.push(new Uint8Array(back.buffer));
    } catch (error) {
      if (this.#phase === "closed") return;
      this.#phase = "closed";
      return this.#source.failed(error);
    } finally {
      this.#underWay--;
    }
    this.pump();
  }

  /** Fills `memory` with what comes next; the number of bytes. */
  #fill(memory: Bytes): number {
    let size = 0;
    while (size < memory.length && this.#advance()) {
      const fits = this.#part.subarray(0, memory.length - size);
      memory.set(fits, size);
      size += fits.length;
      this.#part = this.#part.subarray(fits.length);
    }
    return size;
  }

  /** Makes sure there is a part with something in it; false when none is here. */
  #advance(): boolean {
    while (this.#part.length === 0) {
      if (this.#parts === null && !this.#begin()) return false;
      const { done, value } = this.#parts!.next();
      if (!done) this.#part = value;
      else this.#ended();
    }
    return true;
  }

  /** Begins the next piece, or what follows the last one. */
  #begin(): boolean {
    if (this.#phase !== "pieces") return false;
    if (this.#source.over) {
      this.#phase = "end";
      this.#parts = this.#form.end()[Symbol.iterator]();
      return true;
    }
    const next = this.#source.next();
    if (next === null) return false;
    this.#parts = this.#form.next(next.data, next.at)[Symbol.iterator]();
    return true;
  }

  #ended(): void {
    this.#parts = null;
    if (this.#phase === "end") this.#phase = "over";
    else this.#source.used();
  }
}
