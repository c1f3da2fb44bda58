/** BEP 3: the protocol's name with its length, reserved bytes, info hash, peer id. */
const HANDSHAKE = 68;
const PROTOCOL = "\x13BitTorrent protocol";
const BITFIELD = 5;
const UNCHOKE = 1;
const REQUEST = 6;

/**
 * A peer that has everything and unchokes at once, tells when it is first asked for a block, and never
 * sends one.
 */
export class WaitingPeer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving: Promise<void>;
  readonly #open = new Set<Deno.Conn>();
  readonly #greeting: Uint8Array<ArrayBuffer>;
  #asked: (now: number) => void = () => {};

  constructor(pieces: number) {
    this.#greeting = new Uint8Array([...bitfield(pieces), ...message(UNCHOKE)]);
    this.#serving = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** When the next request came, by the clock of `performance.now()`. */
  request(): Promise<number> {
    return new Promise((resolve) => this.#asked = resolve);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const conn of this.#open) conn.close();
    await this.#serving;
  }

  async #accept(): Promise<void> {
    const talks: Promise<void>[] = [];
    try {
      for await (const conn of this.#listener) {
        this.#open.add(conn);
        talks.push(this.#talk(conn).finally(() => this.#close(conn)));
      }
    } finally {
      await Promise.all(talks);
    }
  }

  async #talk(conn: Deno.Conn): Promise<void> {
    const part = new Uint8Array(16_384);
    let bytes = new Uint8Array(0);
    let greeted = false;
    // A program that is killed while it talks is expected.
    for (;;) {
      const read = await conn.read(part).catch(() => null);
      const now = performance.now();
      if (read === null) return;
      bytes = new Uint8Array([...bytes, ...part.subarray(0, read)]);
      if (!greeted) {
        const head = String.fromCharCode(...bytes.subarray(0, PROTOCOL.length));
        // An encrypted handshake: who closes at once is soonest tried again without.
        if (!PROTOCOL.startsWith(head)) return;
        if (bytes.length < HANDSHAKE) continue;
        greeted = true;
        await conn.write(this.#answer(bytes)).catch(() => {});
        bytes = bytes.slice(HANDSHAKE);
      }
      if (firstOf(bytes, REQUEST)) this.#asked(now);
    }
  }

  /** Handshake, bitfield and unchoke. */
  #answer(handshake: Uint8Array): Uint8Array<ArrayBuffer> {
    const answer = new Uint8Array(HANDSHAKE + this.#greeting.length);
    // The torrent they ask for, whichever it is, but no extensions, and an id of our own.
    answer.set(handshake.subarray(0, HANDSHAKE));
    answer.fill(0, PROTOCOL.length, PROTOCOL.length + 8);
    answer.set(new TextEncoder().encode("-BENCH-waiting-peer-"), HANDSHAKE - 20);
    answer.set(this.#greeting, HANDSHAKE);
    return answer;
  }

  #close(conn: Deno.Conn): void {
    this.#open.delete(conn);
    try {
      conn.close();
    } catch {
      // Closed at the end.
    }
  }
}

/** True when a message of this kind is among the whole ones that `bytes` begins with. */
export function firstOf(bytes: Uint8Array, id: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 4 <= bytes.length; at += 4 + view.getUint32(at)) {
    if (at + 4 < bytes.length && view.getUint32(at) > 0 && bytes[at + 4] === id) return true;
  }
  return false;
}

function bitfield(pieces: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(pieces / 8)).fill(0xff);
  const spare = bits.length * 8 - pieces;
  bits[bits.length - 1]! &= 0xff << spare;
  return message(BITFIELD, bits);
}

function message(id: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(5 + payload.length);
  new DataView(bytes.buffer).setUint32(0, 1 + payload.length);
  bytes[4] = id;
  bytes.set(payload, 5);
  return bytes;
}
