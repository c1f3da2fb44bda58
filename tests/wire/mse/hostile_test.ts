import { assert, assertEquals } from "@std/assert";
import {
  type Bytes,
  concat,
  infoHash,
  randomBytes,
  SeededRandom,
  writeUint16,
  writeUint32,
} from "../../../src/base/mod.ts";
import { KEY_SIZE, KeyExchange, Method } from "../../../src/wire/mse/mod.ts";
import {
  calledCipher,
  callerCipher,
  maskTorrent,
  syncMark,
  torrentMark,
} from "../../../src/wire/mse/secrets.ts";
import { frame, HASH, hear } from "../talk.ts";
import { called, calling, Side } from "./pair.ts";

const NOT_FOR_US = "Expected an encrypted handshake for a torrent that is here";
const random = new SeededRandom(77);
const noise = (count: number) => randomBytes(count, random);

/** A stranger that dials, with a secret once it was answered. */
class Stranger {
  readonly keys = new KeyExchange(random);
  readonly side: Side;
  secret!: Bytes;

  constructor(side = new Side(2, false, called())) {
    this.side = side;
    this.say(this.keys.publicKey);
    const answer = side.take();
    if (answer.length >= KEY_SIZE) this.secret = this.keys.secret(answer.subarray(0, KEY_SIZE))!;
  }

  say(bytes: Uint8Array, step = Infinity): void {
    hear(this.side.connection, bytes, step);
  }

  /** Its third message; whatever is given is not as it should be. */
  offer(
    { vc = new Uint8Array(8), provide = 3, padding = 0, words = 0, hash = HASH }: {
      vc?: Uint8Array;
      provide?: number;
      padding?: number;
      words?: number;
      hash?: typeof HASH;
    },
  ): Bytes {
    const hidden = concat(vc, new Uint8Array(6), new Uint8Array(Math.min(padding, 600) + 2));
    writeUint32(hidden, 8, provide);
    writeUint16(hidden, 12, padding);
    writeUint16(hidden, hidden.length - 2, words);
    callerCipher(this.secret, hash).apply(hidden);
    const mark = maskTorrent(torrentMark(hash), this.secret);
    return concat(syncMark(this.secret), mark, hidden);
  }

  /** Closed for `reason`, and nothing was said since the key. */
  expectSilence(reason = NOT_FOR_US): void {
    assertEquals(this.side.link.closedFor, reason);
    assertEquals(this.side.take().length, 0);
  }
}

Deno.test("noise behind a key is read to the end of the longest padding and no further", () => {
  const stranger = new Stranger();
  stranger.say(noise(512 + 19), 10);
  assertEquals(stranger.side.connection.phase, "handshake");
  stranger.say(noise(1));
  stranger.expectSilence();
});

Deno.test("the mark is found behind padding of any length up to 512, and not behind more", () => {
  for (const length of [0, 1, 17, 511, 512, 513]) {
    const stranger = new Stranger();
    stranger.say(concat(noise(length), stranger.offer({})), 50);
    if (length > 512) stranger.expectSilence();
    else assertEquals(stranger.side.connection.phase, "handshake", String(length));
  }
});

Deno.test("whatever is wrong behind the mark, a stranger hears the same: nothing", () => {
  const wrong = [
    { hash: infoHash(new Uint8Array(20).fill(99)) },
    { vc: new Uint8Array(8).fill(1) },
    { provide: 0 },
    { provide: 4 },
    { padding: 513 },
    { padding: 65_535 },
    { words: 4097 },
    { words: 65_535 },
  ];
  for (const each of wrong) {
    const stranger = new Stranger();
    stranger.say(stranger.offer(each));
    stranger.expectSilence();
  }
});

Deno.test("who has another key is not understood", () => {
  const stranger = new Stranger();
  const right = stranger.secret;
  stranger.secret = noise(KEY_SIZE);
  const wrong = stranger.offer({});
  stranger.secret = right;
  stranger.say(concat(wrong, noise(600)));
  stranger.expectSilence();
});

Deno.test("nothing is computed for half a key, and the connection waits for the rest", () => {
  let exchanges = 0;
  const mayCompute = () => ++exchanges > 0;
  const side = new Side(2, false, called({ mayCompute }));
  hear(side.connection, noise(KEY_SIZE - 1));
  assertEquals([exchanges, side.take().length, side.connection.phase], [0, 0, "handshake"]);
  hear(side.connection, noise(1));
  assertEquals(exchanges, 1);
});

Deno.test("in a flood of keys those beyond what there is time for are closed without an answer", () => {
  let left = 1;
  const mayCompute = () => left-- > 0;
  const opening = called({ mayCompute });
  const [first, second] = [new Stranger(new Side(2, false, opening)), new Side(2, false, opening)];
  hear(second.connection, new KeyExchange(random).publicKey);
  assertEquals(first.side.connection.phase, "handshake");
  assertEquals(second.link.closedFor, "Too many encrypted connections at once");
  assertEquals(second.take().length, 0);
});

/** 0, 1, and more than the prime. */
function weakKeys(): Bytes[] {
  const [zero, one] = [new Uint8Array(KEY_SIZE), new Uint8Array(KEY_SIZE)];
  one[KEY_SIZE - 1] = 1;
  return [zero, one, new Uint8Array(KEY_SIZE).fill(255)];
}

Deno.test("a key that keeps no secret ends it, on either side", () => {
  for (const key of weakKeys()) {
    const a = new Side(1, true, calling());
    a.take();
    hear(a.connection, key);
    assertEquals(a.link.closedFor, "Expected a public key that keeps a secret");
    // a stranger's must not look like a plain handshake, which begins with 19
    const b = new Side(2, false, called());
    hear(b.connection, key);
    assertEquals(b.link.closedFor, "Expected a public key that keeps a secret");
    assertEquals(b.take().length, 0);
  }
});

/** Somebody that we dialled, with a secret. */
function dialled(methods?: number): { side: Side; answer: (hidden: Bytes) => Bytes } {
  const side = new Side(1, true, calling(methods));
  const keys = new KeyExchange(random);
  const secret = keys.secret(side.take().subarray(0, KEY_SIZE))!;
  hear(side.connection, keys.publicKey);
  const answer = (hidden: Bytes) => {
    const bytes = hidden.slice();
    calledCipher(secret, HASH).apply(bytes);
    return bytes;
  };
  return { side, answer };
}

/** Verification constant, choice, length of the padding. */
function choice(method: number, padding: number): Bytes {
  const out = new Uint8Array(14);
  writeUint32(out, 8, method);
  writeUint16(out, 12, padding);
  return out;
}

Deno.test("who is dialled may choose one of what was offered, once, with no more than 512 bytes of padding", () => {
  for (
    const [offered, method, padding, good] of [
      [3, 1, 0, true],
      [3, 2, 512, true],
      [3, 3, 0, false],
      [3, 0, 0, false],
      [3, 4, 0, false],
      [2, 1, 0, false],
      [1, 2, 0, false],
      [3, 1, 513, false],
    ] as const
  ) {
    const { side, answer } = dialled(offered);
    hear(side.connection, concat(noise(100), answer(choice(method, padding))));
    const closed = side.connection.phase === "closed";
    assertEquals(closed, !good, `${offered} ${method} ${padding}`);
    if (closed) assert(side.connection.faulty);
  }
});

Deno.test("who is dialled and answers with noise is given up behind the longest padding", () => {
  const { side } = dialled();
  hear(side.connection, noise(512 + 7), 10);
  assertEquals(side.connection.phase, "handshake");
  hear(side.connection, noise(1));
  assertEquals(side.link.closedFor, "Expected an answer to the encrypted handshake");
});

Deno.test("what is encrypted and then no message is refused as any other", () => {
  const a = new Side(1, true, calling(Method.Rc4));
  const b = new Side(2, false, called());
  for (let i = 0; i < 3; i++) {
    hear(b.connection, a.take());
    hear(a.connection, b.take());
  }
  assertEquals([a.connection.phase, b.connection.phase], ["open", "open"]);
  // a byte that was changed on its way: the length of a message
  const bytes = frame(7, 1, 0, new Uint8Array(16));
  a.connection.out.raw(bytes);
  const sent = a.take();
  sent[0]! ^= 0x80;
  hear(b.connection, sent);
  assert(b.connection.faulty);
});

Deno.test("a stranger never holds more of us than one small buffer before it is known", () => {
  const stranger = new Stranger();
  stranger.say(stranger.offer({ padding: 512, words: 4096 }).subarray(0, 600));
  // all that may come before the first word of BitTorrent fits the reader's first buffer
  assert(stranger.side.connection.reader.buffer.length <= 16 * 1024);
});
