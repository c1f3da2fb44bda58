import { assertEquals, assertGreater, assertLessOrEqual, assertNotEquals } from "@std/assert";
import { concat, utf8 } from "../../src/base/mod.ts";
import { Message, Outbox } from "../../src/wire/mod.ts";
import { frame, uint32 } from "./talk.ts";

/** What `write` puts into an outbox. */
function written(write: (out: Outbox) => void) {
  const out = new Outbox();
  write(out);
  return out.take().slice();
}

Deno.test("every kind of message is written as BEP 3, 6 and 10 say", () => {
  assertEquals(written((out) => out.keepAlive()), uint32(0));
  assertEquals(written((out) => out.bare(Message.Interested)), frame(2));
  assertEquals(written((out) => out.number(Message.Have, 0xfedcba98)), frame(4, 0xfedcba98));
  assertEquals(written((out) => out.block(Message.Request, 1, 2, 3)), frame(6, 1, 2, 3));
  assertEquals(
    written((out) => out.bytes(Message.Bitfield, new Uint8Array([9, 8]))),
    frame(5, new Uint8Array([9, 8])),
  );
  assertEquals(written((out) => out.port(0x1ae1)), frame(9, new Uint8Array([0x1a, 0xe1])));
  assertEquals(written((out) => out.extended(3, utf8("de"))), frame(20, utf8("\x03de")));
  assertEquals(written((out) => out.piece(1, 2, utf8("data"))), frame(7, 1, 2, utf8("data")));
  assertEquals(written((out) => out.raw(utf8("as it is"))), utf8("as it is"));
});

Deno.test("messages gather in order and are taken at once", () => {
  const out = new Outbox();
  out.bare(0);
  out.number(4, 5);
  assertEquals(out.length, 5 + 9);
  assertEquals(out.take().slice(), concat(frame(0), frame(4, 5)));
  assertEquals(out.length, 0);
  assertEquals(out.take().length, 0);
});

Deno.test("a message that makes the buffer grow is whole", () => {
  for (
    const write of [
      (out: Outbox) => out.number(Message.Have, 0x01020304),
      (out: Outbox) => out.port(0x0102),
    ]
  ) {
    const alone = written(write);
    for (let filled = 1010; filled <= 1024; filled++) {
      const all = written((out) => {
        out.raw(new Uint8Array(filled).fill(7));
        write(out);
      });
      assertEquals(all.slice(filled), alone);
    }
  }
});

Deno.test("what was taken stays as it is while new messages gather", () => {
  const out = new Outbox();
  for (let round = 1; round < 10; round++) {
    out.number(4, round);
    const taken = out.take();
    for (let i = 0; i < 500; i++) out.number(4, 0xffff_ffff);
    assertEquals(taken.slice(), frame(4, round));
    out.take();
  }
});

Deno.test("an outbox grows for blocks, and lets a large buffer go afterwards", () => {
  const out = new Outbox();
  const block = new Uint8Array(16_384).fill(5);
  for (let i = 0; i < 100; i++) out.piece(i, 0, block);
  const taken = out.take();
  assertEquals(taken.length, 100 * (13 + 16_384));
  assertEquals(taken.subarray(-16_384).every((byte) => byte === 5), true);
  out.bare(1);
  assertNotEquals(out.take().buffer, taken.buffer);
  out.bare(1);
  assertNotEquals(out.take().buffer, taken.buffer);
});

Deno.test("an outbox that nobody takes from grows by parts of its size, not by each message", () => {
  const out = new Outbox();
  // the size of a buffer shows only when it is taken
  for (const size of [700_000, 2_000_000, 4_000_000]) {
    for (let i = 0; i * 17 < size; i++) out.block(16, i, 0, 16_384);
    const { buffer, length } = out.take();
    const room = buffer.byteLength - length;
    assertGreater(room, 1_000, "one more message would copy everything");
    assertLessOrEqual(buffer.byteLength, 1.5 * length + 17);
  }
});

/** Memory of its two buffers. */
function held(out: Outbox): number {
  const sizes = [0, 0].map(() => {
    out.bare(1);
    return out.take().buffer.byteLength;
  });
  return sizes[0]! + sizes[1]!;
}

/** One that a fast peer took blocks from. */
function grown(): Outbox {
  const out = new Outbox();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 33; i++) out.piece(i, 0, new Uint8Array(16_384));
    out.take();
  }
  return out;
}

Deno.test("a fast peer's blocks need no new buffers", () => {
  const out = grown();
  const buffers = new Set<ArrayBufferLike>();
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 33; i++) out.piece(i, 0, new Uint8Array(16_384));
    buffers.add(out.take().buffer);
  }
  assertEquals(buffers.size, 2);
});

Deno.test("an outbox that grew gives its buffers back once little goes out at a time", () => {
  const out = grown();
  assertGreater(held(out), 512 * 1024);
  for (let i = 0; i < 40; i++) {
    out.number(4, i);
    assertEquals(out.take().slice(), frame(4, i));
  }
  assertLessOrEqual(held(out), 8 * 1024);
});

Deno.test("an outbox told to rest gives its buffers back when it is empty", () => {
  const out = grown();
  out.rest();
  assertLessOrEqual(held(out), 8 * 1024);
  const waiting = grown();
  waiting.number(4, 9);
  waiting.rest();
  assertEquals(waiting.take().slice(), frame(4, 9));
});
