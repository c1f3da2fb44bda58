import { type Bytes, writeUint16, writeUint32 } from "../base/mod.ts";
import { Message, PIECE_HEADER } from "./messages.ts";
import type { Cipher } from "./prelude.ts";

const FIRST_SIZE = 1024;
/** What a fast peer needs: half a mebibyte of blocks and one block more. A buffer that grew beyond this is let go. */
const KEPT_SIZE = 640 * 1024;
/** So many writes in a row that would fit into a buffer of an eighth, and a larger one is let go. */
const SMALL_WRITES = 16;
const NO_BYTES: Bytes = new Uint8Array(0);

/**
 * Messages on their way out, written one after another into one of two buffers: while a link sends the
 * one it took, new messages gather in the other, so a message costs no allocation and a burst one write.
 */
export class Outbox {
  #buffer: Bytes = new Uint8Array(FIRST_SIZE);
  #spare: Bytes | null = null;
  #length = 0;
  #smallWrites = 0;
  #cipher: Cipher | null = null;
  /** Of what gathered, the bytes before the cipher's first. */
  #clear = 0;

  /** Bytes gathered and not taken. */
  get length(): number {
    return this.#length;
  }

  /** All that gathered, as a view that stays valid until the next call. */
  take(): Bytes {
    const taken = this.#buffer.subarray(0, this.#length);
    if (this.#cipher !== null) {
      // in place: the buffer is ours alone, blocks were copied into it
      this.#cipher.apply(taken.subarray(this.#clear));
      this.#clear = 0;
    }
    const next = this.#spare ?? new Uint8Array(FIRST_SIZE);
    this.#spare = this.#keeps() ? this.#buffer : null;
    this.#buffer = next;
    this.#length = 0;
    return taken;
  }

  /** From the next byte on everything is encrypted. */
  seal(cipher: Cipher): void {
    this.#cipher = cipher;
    this.#clear = this.#length;
  }

  /** Nothing was sent for a while: large buffers are let go. */
  rest(): void {
    if (this.#length > 0) return;
    if (this.#buffer.length > FIRST_SIZE) this.#buffer = new Uint8Array(FIRST_SIZE);
    this.#spare = null;
  }

  /** Nothing will be sent any more. */
  free(): void {
    this.#buffer = NO_BYTES;
    this.#spare = null;
    this.#length = 0;
  }

  /** Bytes as they are (a handshake). */
  raw(bytes: Uint8Array): void {
    const at = this.#claim(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** A keep-alive. */
  keepAlive(): void {
    const at = this.#claim(4);
    writeUint32(this.#buffer, at, 0);
  }

  /** A message that is only its id. */
  bare(id: number): void {
    this.#header(id, 0);
  }

  /** A message of one number: have, suggest, allowed fast. */
  number(id: number, value: number): void {
    // claimed first: that may take another buffer
    const at = this.#header(id, 4);
    writeUint32(this.#buffer, at, value);
  }

  /** Where our DHT node is (BEP 5). */
  port(port: number): void {
    const at = this.#header(Message.Port, 2);
    writeUint16(this.#buffer, at, port);
  }

  /** A message that names a block: request, cancel, reject. */
  block(id: number, piece: number, begin: number, length: number): void {
    const at = this.#header(id, 12);
    writeUint32(this.#buffer, at, piece);
    writeUint32(this.#buffer, at + 4, begin);
    writeUint32(this.#buffer, at + 8, length);
  }

  /** A message of bytes: bitfield. */
  bytes(id: number, payload: Uint8Array): void {
    const at = this.#header(id, payload.length);
    this.#buffer.set(payload, at);
  }

  /** An extension message (BEP 10). */
  extended(extension: number, payload: Uint8Array): void {
    const at = this.#header(Message.Extended, 1 + payload.length);
    this.#buffer[at] = extension;
    this.#buffer.set(payload, at + 1);
  }

  /** A block with its header. */
  piece(piece: number, begin: number, data: Uint8Array): void {
    const at = this.#claim(PIECE_HEADER + data.length);
    const buffer = this.#buffer;
    writeUint32(buffer, at, PIECE_HEADER - 4 + data.length);
    buffer[at + 4] = Message.Piece;
    writeUint32(buffer, at + 5, piece);
    writeUint32(buffer, at + 9, begin);
    buffer.set(data, at + PIECE_HEADER);
  }

  /** Whether the buffer that is being taken is worth keeping. */
  #keeps(): boolean {
    const { length } = this.#buffer;
    if (length <= FIRST_SIZE) return true;
    this.#smallWrites = this.#length * 8 < length ? this.#smallWrites + 1 : 0;
    return length <= KEPT_SIZE && this.#smallWrites < SMALL_WRITES;
  }

  /** Writes length prefix and id of a message; answers where its payload goes. */
  #header(id: number, payload: number): number {
    const at = this.#claim(5 + payload);
    writeUint32(this.#buffer, at, 1 + payload);
    this.#buffer[at + 4] = id;
    return at + 5;
  }

  /** Makes room for `count` bytes; answers where. */
  #claim(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, grownSize(this.#buffer.length)));
      grown.set(this.#buffer.subarray(0, at));
      this.#buffer = grown;
    }
    this.#length = needed;
    return at;
  }
}

/**
 * The size after `size`: twice that up to what is kept, then half as much again. By any fixed step a peer that floods
 * us with short requests and reads no answer would have all that waits copied once more for each of them.
 */
function grownSize(size: number): number {
  return size < KEPT_SIZE ? Math.min(size * 2, KEPT_SIZE) : size + (size >> 1);
}
