import { type Bytes, concat, readUint32, utf8, writeUint32 } from "../../../src/base/mod.ts";
import type { TestTorrent } from "./torrent.ts";

/** Message ids of BEP 3 that the tests use. */
export const Message = {
  choke: 0,
  unchoke: 1,
  interested: 2,
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
} as const;

const HANDSHAKE_LENGTH = 68;
/** What every plain handshake begins with. */
const PROTOCOL_LENGTH = 19;

/** The test's end of a connection with `tm`. Every call rejects once the other side is gone. */
export class Wire {
  readonly #conn: Deno.TcpConn;
  #buffer: Bytes = new Uint8Array(0);

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  async send(...parts: readonly Uint8Array[]): Promise<void> {
    const bytes = concat(...parts);
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Sends one message. */
  message(id: number, payload: Uint8Array = new Uint8Array(0)): Promise<void> {
    const head = new Uint8Array(5);
    writeUint32(head, 0, payload.length + 1);
    head[4] = id;
    return this.send(head, payload);
  }

  /** Exactly so many bytes. */
  async read(length: number): Promise<Bytes> {
    while (this.#buffer.length < length) {
      const chunk = new Uint8Array(65_536);
      const count = await this.#conn.read(chunk);
      if (count === null) throw new Deno.errors.UnexpectedEof("The other side has closed");
      this.#buffer = concat(this.#buffer, chunk.subarray(0, count));
    }
    const out = this.#buffer.slice(0, length);
    this.#buffer = this.#buffer.slice(length);
    return out;
  }

  /** The next message that is not a keep-alive. */
  async next(): Promise<{ readonly id: number; readonly payload: Bytes }> {
    while (true) {
      const length = readUint32(await this.read(4), 0);
      if (length === 0) continue;
      const message = await this.read(length);
      return { id: message[0]!, payload: message.slice(1) };
    }
  }

  /** Takes the other side's handshake and sends ours, of a client without extensions; rejects when it is encrypted. */
  async handshake(torrent: Pick<TestTorrent, "infoHash">): Promise<void> {
    const [first] = await this.read(HANDSHAKE_LENGTH);
    if (first !== PROTOCOL_LENGTH) throw new Deno.errors.UnexpectedEof("It is encrypted");
    await this.send(handshake(torrent.infoHash));
  }

  /** Resolves when the other side has closed. */
  async closed(): Promise<void> {
    while (await this.#conn.read(new Uint8Array(65_536)) !== null);
  }
}

/** A handshake (BEP 3) with a peer id of its own. */
export function handshake(infoHash: Uint8Array): Bytes {
  const id = crypto.getRandomValues(new Uint8Array(12));
  return concat(
    Uint8Array.of(19),
    utf8("BitTorrent protocol"),
    new Uint8Array(8),
    infoHash,
    utf8("-XX0001-"),
    id,
  );
}

/** A peer that does to everybody who connects what a test wants. */
export class FakePeer implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #work: Promise<void>[] = [];
  readonly #accepting: Promise<void>;
  /** Connections so far. */
  connections = 0;

  /** `script` may reject: the other side is expected to leave. */
  constructor(script: (wire: Wire) => Promise<void>) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#accepting = this.#accept(script);
  }

  /** `host:port`. */
  get address(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async #accept(script: (wire: Wire) => Promise<void>): Promise<void> {
    for await (const conn of this.#listener) {
      this.connections++;
      this.#open.add(conn);
      this.#work.push(
        script(new Wire(conn)).catch(isGone).finally(() => {
          this.#open.delete(conn);
          close(conn);
        }),
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    close(this.#listener);
    for (const conn of this.#open) close(conn);
    await this.#accepting.catch(isGone);
    await Promise.all(this.#work);
  }
}

/** What a {@linkcode seeder} was asked for. */
export interface Requests {
  /** Pieces of the requests answered, in order. */
  readonly pieces: number[];
}

/**
 * A whole seeder in a few lines, which does only what BEP 3 asks and notes every request.
 * `answer` may change a block, or withhold it with null; it chokes everybody until it is `ready`.
 */
export function seeder(
  torrent: TestTorrent,
  answer: (piece: number, begin: number, block: Bytes) => Bytes | null = (_p, _b, block) => block,
  ready: Promise<void> = Promise.resolve(),
): FakePeer & Requests {
  const pieces: number[] = [];
  const { payload, pieceLength } = torrent;
  const peer = new FakePeer(async (wire) => {
    await wire.handshake(torrent);
    await wire.message(Message.bitfield, fullBitfield(torrent.pieceCount));
    await ready;
    await wire.message(Message.unchoke);
    while (true) {
      const { id, payload: asked } = await wire.next();
      if (id !== Message.request) continue;
      const [piece, begin, length] = [0, 4, 8].map((at) => readUint32(asked, at)) as [
        number,
        number,
        number,
      ];
      const at = piece * pieceLength + begin;
      const block = answer(piece, begin, payload.slice(at, at + length));
      if (block === null) continue;
      pieces.push(piece);
      await wire.message(Message.piece, concat(asked.subarray(0, 8), block));
    }
  });
  return Object.assign(peer, { pieces });
}

/** A bitfield of a peer that has everything. */
export function fullBitfield(pieceCount: number): Bytes {
  const bits = new Uint8Array(Math.ceil(pieceCount / 8));
  for (let i = 0; i < pieceCount; i++) bits[i >> 3]! |= 0x80 >> (i & 7);
  return bits;
}

/** Big-endian numbers of four bytes each, as messages carry them. */
export function words(...values: readonly number[]): Bytes {
  const out = new Uint8Array(values.length * 4);
  for (const [i, value] of values.entries()) writeUint32(out, i * 4, value);
  return out;
}

/** A connection that ended is no failure of the test's; anything else is. */
function isGone(error: unknown): void {
  const { UnexpectedEof, ConnectionReset, BrokenPipe, Interrupted, BadResource } = Deno.errors;
  const ends = [UnexpectedEof, ConnectionReset, BrokenPipe, Interrupted, BadResource];
  if (!ends.some((end) => error instanceof end)) throw error;
}

function close(closer: { close(): void }): void {
  try {
    closer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
