/** A peer over a real socket that says exactly what a test wants. */
import { type Bytes, concat, infoHash, peerId, readUint32 } from "../../src/base/mod.ts";
import { encodeHandshake } from "../../src/wire/mod.ts";
import { frame } from "../wire/talk.ts";
import type { LabTorrent } from "./lab.ts";

let ids = 0;

/** Our half of a handshake for `torrent`, with an id of its own unless one is given. */
export function hello(torrent: LabTorrent, id = ++ids): Bytes {
  return encodeHandshake({
    infoHash: infoHash(torrent.hash),
    peerId: peerId(new Uint8Array(20).fill(id)),
    fast: false,
    extended: false,
    dht: false,
  });
}

/** One connection of a raw peer. */
export class RawPeer {
  readonly #buffer = new Uint8Array(64 * 1024);
  #waiting = new Uint8Array(0);

  constructor(readonly conn: Deno.TcpConn) {}

  /** Connects to `host:port`. */
  static async dial(address: string): Promise<RawPeer> {
    const [hostname, port] = address.split(":");
    return new RawPeer(await Deno.connect({ hostname: hostname!, port: Number(port) }));
  }

  async send(...parts: readonly Uint8Array[]): Promise<void> {
    for (let data = concat(...parts); data.length > 0;) {
      data = data.subarray(await this.conn.write(data));
    }
  }

  /** The next `count` bytes; null when the other side closed. */
  async take(count: number): Promise<Bytes | null> {
    while (this.#waiting.length < count) {
      const got = await this.conn.read(this.#buffer).catch(() => null);
      if (got === null) return null;
      this.#waiting = concat(this.#waiting, this.#buffer.subarray(0, got));
    }
    const out = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return out;
  }

  /** The next message, id first; null at the end. Keep-alives are passed over. */
  async message(): Promise<Bytes | null> {
    for (;;) {
      const prefix = await this.take(4);
      if (prefix === null) return null;
      const length = readUint32(prefix, 0);
      if (length > 0) return await this.take(length);
    }
  }

  /** Reads until the other side closes. */
  async end(): Promise<void> {
    while (await this.take(1) !== null);
  }

  /** Behaves as a seed until the end; `block` may spoil what is sent. */
  async seed(torrent: LabTorrent, block: (data: Bytes) => Bytes = (data) => data): Promise<void> {
    const { data, pieceLength } = torrent;
    const pieces = Math.ceil(data.length / pieceLength);
    const have = new Uint8Array((pieces + 7) >> 3).fill(0xff);
    if (pieces % 8 > 0) have[have.length - 1] = (0xff << (8 - pieces % 8)) & 0xff;
    await this.send(frame(5, have), frame(1));
    for (let said = await this.message(); said !== null; said = await this.message()) {
      if (said[0] !== 6) continue;
      const [piece, begin, length] = [1, 5, 9].map((at) => readUint32(said!, at));
      const start = piece! * pieceLength + begin!;
      const part = block(data.slice(start, start + length!));
      await this.send(frame(7, piece!, begin!, part)).catch(() => {});
    }
  }

  close(): void {
    try {
      // closing does not end a read that waits (Deno 2.8): the other side would never hear of it
      this.conn.closeWrite().catch(() => {});
      this.conn.close();
    } catch {
      // closed already
    }
  }
}

/** Waits for sessions to connect and does `behave` to each of them. */
export class RawServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #peers = new Set<RawPeer>();
  readonly #work: Promise<unknown>[] = [];
  /** Connections so far. */
  met = 0;

  constructor(behave: (peer: RawPeer) => Promise<void>) {
    this.#work.push(this.#accept(behave));
  }

  get address(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  async #accept(behave: (peer: RawPeer) => Promise<void>): Promise<void> {
    try {
      for await (const conn of this.#listener) {
        const peer = new RawPeer(conn);
        this.#peers.add(peer);
        this.met++;
        this.#work.push(behave(peer).catch(() => {}).finally(() => peer.close()));
      }
    } catch {
      // closed by dispose
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const peer of this.#peers) peer.close();
    await Promise.all(this.#work);
  }
}
