import { type Bytes, infoHash, peerId, randomBytes, SeededRandom } from "../../src/base/mod.ts";
import { encodeHandshake, Message } from "../../src/wire/mod.ts";
import { frame, uint32 } from "../wire/talk.ts";

const random = new SeededRandom(500);

/** A peer that has nothing, wants nothing and only keeps its connection alive. */
export class Idler {
  /** The other side ended the connection. */
  ended = false;
  /** Keep-alives heard since {@linkcode listen}, and anything else in bytes. */
  keepAlives = 0;
  other = 0;
  #listening = false;
  #closed = false;
  readonly #reading: Promise<void>;

  private constructor(readonly conn: Deno.TcpConn, hash: Bytes) {
    this.#reading = this.#read();
    const ids = { infoHash: infoHash(hash), peerId: peerId(randomBytes(20, random)) };
    const hello = encodeHandshake({ ...ids, fast: true, extended: false, dht: false });
    this.#send(hello, frame(Message.HaveNone));
  }

  /** One that comes to `port` for the torrent of `hash`. */
  static async dial(port: number, hash: Bytes): Promise<Idler> {
    return new Idler(await Deno.connect({ hostname: "127.0.0.1", port }), hash);
  }

  /** One that is visited at `listener`, for whatever torrent the visitor wants. */
  static async visited(listener: Deno.TcpListener): Promise<Idler> {
    const conn = await listener.accept();
    const greeting = new Uint8Array(68);
    for (let at = 0; at < 68;) at += await conn.read(greeting.subarray(at)) ?? 68;
    return new Idler(conn, greeting.slice(28, 48));
  }

  /** From here on it counts what it hears. */
  listen(): void {
    this.#listening = true;
  }

  keepAlive(): void {
    this.#send(uint32(0));
  }

  async close(): Promise<void> {
    this.#closed = true;
    // closing does not end a read that waits (Deno 2.8): the other side would never hear of it
    await this.conn.closeWrite().catch(() => {});
    await this.#reading;
    this.conn.close();
  }

  async #send(...parts: readonly Uint8Array[]): Promise<void> {
    // so little always fits
    for (const part of parts) await this.conn.write(part).catch(() => this.ended = true);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(512);
    for (;;) {
      const count = await this.conn.read(buffer).catch(() => null);
      if (count === null) break;
      if (!this.#listening) continue;
      const heard = buffer.subarray(0, count);
      if (heard.every((byte) => byte === 0)) this.keepAlives += count / 4;
      else this.other += count;
    }
    if (!this.#closed) this.ended = true;
  }
}
