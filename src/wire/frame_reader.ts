import { type Bytes, ProtocolError, readUint32 } from "../base/mod.ts";

const FIRST_SIZE = 16 * 1024;
const FULL_SIZE = 256 * 1024;
/** A read that would not need a larger buffer. */
const SMALL_READ = FIRST_SIZE / 2;
/** So many of them in a row, and a larger buffer is given back. */
const SMALL_READS = 16;
const NO_BYTES: Bytes = new Uint8Array(0);

/**
 * Finds whole messages in what a link has read, in place. The buffer starts small, so that idle peers
 * are cheap, doubles while reads fill it, and is small again once little comes at a time.
 *
 * A link reads into {@linkcode space}, says how much came with {@linkcode filled}, then calls
 * {@linkcode next} until it is false; after each true the message lies at `from` … `to` of `buffer`
 * (id first) until the next call of `space`.
 */
export class FrameReader {
  buffer: Bytes = new Uint8Array(FIRST_SIZE);
  from = 0;
  to = 0;
  #start = 0;
  #end = 0;
  #smallReads = 0;

  /** `maxMessage`: the longest message taken, in bytes without its length prefix. */
  constructor(public maxMessage: number) {}

  /** Free space to read into, never empty. */
  space(): Bytes {
    if (this.#start === this.#end) {
      this.#start = this.#end = 0;
      if (this.#smallReads >= SMALL_READS && this.buffer.length > FIRST_SIZE) {
        this.buffer = new Uint8Array(FIRST_SIZE);
      }
    } else if (this.buffer.length - this.#end < this.buffer.length / 4) {
      this.buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    return this.buffer.subarray(this.#end);
  }

  /** The `count` bytes that were read into the space, before {@linkcode filled}. */
  fresh(count: number): Bytes {
    return this.buffer.subarray(this.#end, this.#end + count);
  }

  /** `count` bytes were read into the space. */
  filled(count: number): void {
    this.#end += count;
    this.#smallReads = count < SMALL_READ ? this.#smallReads + 1 : 0;
    if (this.#end === this.buffer.length && this.buffer.length < FULL_SIZE) {
      this.#grow(this.buffer.length * 2);
    }
  }

  /** Nothing came for a while: a large buffer is given back before the next read, unless that was waited for in vain. */
  rest(): void {
    this.#smallReads = SMALL_READS;
  }

  /** Nothing will be read any more. */
  free(): void {
    this.buffer = NO_BYTES;
    this.#start = this.#end = 0;
  }

  /** Bytes waiting, whole messages or not: what a handshake is read from. */
  peek(): Bytes {
    return this.buffer.subarray(this.#start, this.#end);
  }

  /** Passes over `count` waiting bytes. */
  skip(count: number): void {
    this.#start += count;
  }

  /** Moves to the next whole message; keep-alives are passed over. Throws {@linkcode ProtocolError} on one too long. */
  next(): boolean {
    while (this.#end - this.#start >= 4) {
      const length = readUint32(this.buffer, this.#start);
      if (length > this.maxMessage) {
        throw new ProtocolError(
          `Expected a message of at most ${this.maxMessage} bytes, got ${length}`,
        );
      }
      if (this.#end - this.#start < 4 + length) {
        if (4 + length > this.buffer.length) this.#grow(4 + length);
        return false;
      }
      this.from = this.#start + 4;
      this.to = this.from + length;
      this.#start = this.to;
      if (length > 0) return true;
    }
    return false;
  }

  #grow(size: number): void {
    const waiting = this.peek();
    const grown = new Uint8Array(size);
    grown.set(waiting);
    this.buffer = grown;
    this.#end = waiting.length;
    this.#start = 0;
  }
}
