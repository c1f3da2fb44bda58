import { assert, assertEquals } from "@std/assert";
import { concat, infoHash, toHex, utf8 } from "../../../src/base/mod.ts";
import { encodeHandshake, Message, PeerConnection, PLAIN } from "../../../src/wire/mod.ts";
import { Method } from "../../../src/wire/mse/mod.ts";
import { frame, handshake, HASH, hear, NOW, QuietLink } from "../talk.ts";
import { called, calling, converse, Side } from "./pair.ts";

const BOTH = Method.Plain | Method.Rc4;
const OTHER = infoHash(new Uint8Array(20).fill(8));

/** What each side says, and what the other hears, once the handshakes are over. */
function exchange(a: Side, b: Side, step = Infinity): void {
  for (const side of [a, b]) {
    side.connection.out.number(Message.Have, 3);
    side.connection.out.piece(1, 0, new Uint8Array(16_384).fill(5));
    side.connection.out.block(Message.Request, 2, 0, 16_384);
  }
  converse(a, b, step);
  for (const side of [a, b]) {
    assertEquals(side.connection.phase, "open");
    assertEquals(side.diary.lines, ["opened", "have 3", "block 1 0 16384", "request 2 0 16384"]);
  }
}

Deno.test("what both sides can and want decides how the connection goes on", () => {
  for (
    const [offered, taken, secrecy] of [
      [BOTH, [Method.Plain, Method.Rc4], "handshake"],
      [BOTH, [Method.Rc4, Method.Plain], "all"],
      [BOTH, [Method.Rc4], "all"],
      [Method.Rc4, [Method.Plain, Method.Rc4], "all"],
      [Method.Plain, [Method.Plain, Method.Rc4], "handshake"],
      [Method.Rc4, [Method.Rc4], "all"],
    ] as const
  ) {
    const a = new Side(1, true, calling(offered));
    const b = new Side(2, false, called({ methods: taken }));
    converse(a, b);
    assertEquals([a.connection.secrecy, b.connection.secrecy], [secrecy, secrecy]);
    exchange(a, b);
  }
});

Deno.test("it goes through in parts of any size, down to one byte", () => {
  for (const step of [1, 2, 3, 7, 19, 20, 21, 95, 96, 97, 500, 600]) {
    for (const methods of [[Method.Plain], [Method.Rc4]]) {
      const a = new Side(1, true, calling(BOTH, HASH, step));
      const b = new Side(2, false, called({ methods }, true, step + 1));
      converse(a, b, step);
      exchange(a, b, step);
    }
  }
});

Deno.test("it goes through split in two at every byte", () => {
  // the other end's bytes of a whole exchange, each way, from the same seeds
  const size = 1400;
  for (let cut = 1; cut < size; cut += 1) {
    const a = new Side(1, true, calling(Method.Rc4, HASH, 5));
    const b = new Side(2, false, called({}, true, 6));
    const sent: [number, number] = [0, 0];
    for (;;) {
      const parts = [a.take(), b.take()] as const;
      if (parts[0].length + parts[1].length === 0) break;
      for (const [i, to] of [[0, b], [1, a]] as const) {
        const at = Math.min(Math.max(cut - sent[i], 0), parts[i].length);
        hear(to.connection, parts[i].subarray(0, at));
        hear(to.connection, parts[i].subarray(at));
        sent[i] += parts[i].length;
      }
    }
    assertEquals([a.diary.lines, b.diary.lines], [["opened"], ["opened"]], `cut at ${cut}`);
    assert(Math.max(...sent) < size, "Expected every byte to have been a cut");
  }
});

Deno.test("nothing of it is the same twice, nor says what it is", () => {
  const streams = [1, 2].map((seed) => {
    const a = new Side(1, true, calling(Method.Rc4, HASH, seed));
    const b = new Side(2, false, called({}, true, seed + 10));
    const said: string[] = [];
    for (let i = 0; i < 4; i++) {
      const [there, back] = [a.take(), b.take()];
      said.push(toHex(there), toHex(back));
      hear(b.connection, there);
      hear(a.connection, back);
    }
    return said.join("");
  });
  assert(streams[0]!.slice(0, 400) !== streams[1]!.slice(0, 400));
  for (const stream of streams) {
    assert(!stream.includes(toHex(utf8("BitTorrent"))));
    assert(!stream.includes(toHex(HASH)));
  }
});

Deno.test("a plain handshake is taken beside the encrypted one, unless encryption is required", () => {
  const plain = new Side(2, false, called());
  converse(new Side(1, true), plain);
  assertEquals([plain.connection.phase, plain.connection.secrecy], ["open", "none"]);
  const strict = new Side(2, false, called({ methods: [Method.Rc4] }, false));
  converse(new Side(1, true), strict);
  assertEquals(strict.link.closedFor, "Expected an encrypted connection");
  assertEquals(strict.take().length, 0);
});

Deno.test("where encryption is off an encrypted handshake is no handshake", () => {
  const off = new Side(2, false, PLAIN);
  const a = new Side(1, true, calling());
  converse(a, off);
  assertEquals(off.link.closedFor, "Expected a BitTorrent handshake");
  assertEquals(a.connection.phase, "handshake");
});

Deno.test("whom we dial and who greets us plainly is understood at once", () => {
  const a = new Side(1, true, calling());
  a.take();
  const plain = encodeHandshake(handshake(2));
  hear(a.connection, plain.subarray(0, 19));
  assertEquals(a.connection.phase, "handshake");
  hear(a.connection, plain.subarray(19, 20));
  assertEquals(a.link.closedFor, "Expected an encrypted answer");
});

Deno.test("a side that wants RC4 and one that wants none part", () => {
  const a = new Side(1, true, calling(Method.Plain));
  const b = new Side(2, false, called({ methods: [Method.Rc4] }));
  converse(a, b);
  assertEquals(b.connection.phase, "closed");
  assert(b.connection.faulty);
});

Deno.test("the handshake must be for the torrent that the encryption was for", () => {
  const other = handshake(1, { infoHash: OTHER });
  const accept = () => null;
  const a = new PeerConnection(other, accept, NOW, calling());
  a.attach(new QuietLink());
  const b = new Side(2, false, called());
  for (let i = 0; i < 4; i++) {
    hear(b.connection, a.out.take().slice());
    hear(a, b.take());
  }
  assertEquals(
    b.link.closedFor,
    "Expected a handshake for the torrent it was encrypted for",
  );
});

Deno.test("our handshake need not come along: some send it when they have the answer", () => {
  const prelude = calling().prelude!();
  const b = new Side(2, false, called());
  hear(b.connection, prelude.begin(null)!);
  const key = b.take();
  const step = prelude.receive(key, NOW);
  hear(b.connection, step.send!);
  // without a handshake there is an answer all the same, behind the padding of the key
  const answer = concat(key.subarray(step.used), b.take());
  const { sealed, used } = prelude.receive(answer, NOW);
  assertEquals([sealed?.infoHash, used], [HASH, answer.length]);
  hear(b.connection, encodeHandshake(handshake(1)));
  hear(b.connection, frame(Message.Have, 3));
  assertEquals(b.diary.lines, ["opened", "have 3"]);
});

Deno.test("whom we dialled may answer by another hash, which is for the torrent to judge", () => {
  const asked: string[] = [];
  const mine = handshake(1);
  const a = new PeerConnection(
    mine,
    ({ infoHash }) => {
      asked.push(toHex(infoHash));
      return { geometry: null, handler: new Side(3, false).diary, mine };
    },
    NOW,
    calling(),
  );
  a.attach(new QuietLink());
  const b = new Side(2, false, called());
  for (let i = 0; i < 2; i++) {
    hear(b.connection, a.out.take().slice());
    const said = b.take();
    // its handshake comes last, plainly: another hash takes the place of ours
    const at = said.length - 40;
    if (i === 1) said.set(OTHER, at);
    hear(a, said);
  }
  assertEquals(asked, [toHex(OTHER)]);
});
