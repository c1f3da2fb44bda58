import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { concat, ProtocolError, SeededRandom } from "../../src/base/mod.ts";
import { FrameReader } from "../../src/wire/mod.ts";
import { fill, frame, uint32 } from "./talk.ts";

/** All messages of `bytes`, fed at most `step(…)` bytes at a time. */
function messages(bytes: Uint8Array, step: () => number, reader = new FrameReader(200_000)) {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const count = fill(reader, bytes.subarray(at), step());
    assert(count > 0, "Expected free space");
    reader.filled(count);
    at += count;
    while (reader.next()) out.push(reader.buffer.slice(reader.from, reader.to));
  }
  return out;
}

const random = new SeededRandom(1);
const sent = Array.from({ length: 60 }, (_, i) => {
  const body = new Uint8Array(i % 7 === 0 ? 20_000 + random.below(100_000) : random.below(50));
  return body.fill(i);
});
const stream = concat(...sent.flatMap((body, i) => [frame(i, body), uint32(0)]));

for (const step of [1, 2, 3, 4, 5, 13, 1_000, 16_384, 65_536, 1_000_000]) {
  Deno.test(`frames come out whole when ${step} bytes arrive at a time`, () => {
    const got = messages(step < 3 ? stream.subarray(0, 100_000) : stream, () => step);
    if (step >= 3) assertEquals(got.length, sent.length);
    got.forEach((message, i) => assertEquals(message, concat(new Uint8Array([i]), sent[i]!)));
  });
}

Deno.test("frames come out whole whatever the sizes of the reads", () => {
  for (let seed = 0; seed < 50; seed++) {
    const sizes = new SeededRandom(seed);
    const got = messages(stream, () => 1 + sizes.below(1 << sizes.below(18)));
    assertEquals(got.length, sent.length);
    got.forEach((message, i) => assertEquals(message.length, 1 + sent[i]!.length));
  }
});

Deno.test("keep-alives are passed over", () => {
  assertEquals(messages(concat(uint32(0), uint32(0), frame(1), uint32(0)), () => 1), [
    new Uint8Array([1]),
  ]);
});

Deno.test("an idle reader costs 16 KiB, and grows only as far as reads fill it", () => {
  const reader = new FrameReader(200_000);
  messages(frame(1, new Uint8Array(100)), () => Infinity, reader);
  assertEquals(reader.buffer.length, 16 * 1024);
  for (let round = 0; round < 20; round++) messages(stream, () => Infinity, reader);
  assert(reader.buffer.length >= 256 * 1024 && reader.buffer.length < 512 * 1024);
});

Deno.test("a message longer than the largest buffer is taken when it is allowed", () => {
  const body = new Uint8Array(600_000).fill(9);
  const [got] = messages(frame(5, body), () => 10_000, new FrameReader(600_001));
  assertEquals(got?.length, 600_001);
  assertEquals(got?.at(-1), 9);
});

Deno.test("a message too long is refused at its length, before any memory is taken for it", () => {
  const reader = new FrameReader(1_000);
  reader.filled(fill(reader, uint32(1_001)));
  assertThrows(
    () => reader.next(),
    ProtocolError,
    "Expected a message of at most 1000 bytes, got 1001",
  );
  assertLessOrEqual(reader.buffer.length, 16 * 1024);
});

Deno.test("a message of exactly the limit is taken", () => {
  const got = messages(frame(1, new Uint8Array(999)), () => Infinity, new FrameReader(1_000));
  assertEquals(got.map((message) => message.length), [1_000]);
});

Deno.test("waiting bytes can be seen and passed over, as a handshake is", () => {
  const reader = new FrameReader(1_000);
  reader.filled(fill(reader, concat(new Uint8Array(68).fill(3), frame(4, 7))));
  assertEquals(reader.peek().length, 68 + 9);
  reader.skip(68);
  assert(reader.next());
  assertEquals(reader.buffer[reader.from], 4);
});

Deno.test("a reader that grew gives its buffer back once little comes at a time", () => {
  const reader = new FrameReader(200_000);
  for (let round = 0; round < 20; round++) messages(stream, () => Infinity, reader);
  assert(reader.buffer.length >= 256 * 1024);
  messages(concat(...new Array(40).fill(frame(4, 7))), () => 9, reader);
  assertEquals(reader.buffer.length, 16 * 1024);
});

Deno.test("small reads among large ones, or inside a message, keep the buffer", () => {
  const reader = new FrameReader(200_000);
  for (let round = 0; round < 20; round++) messages(stream, () => Infinity, reader);
  const { buffer } = reader;
  for (let round = 0; round < 10; round++) {
    messages(frame(7, new Uint8Array(60_000)), () => Infinity, reader);
    messages(concat(...new Array(10).fill(frame(4, 7))), () => 9, reader);
  }
  messages(frame(7, new Uint8Array(60_000)).subarray(0, 30_000), () => 100, reader);
  assertEquals(reader.buffer, buffer);
});

Deno.test("a reader told to rest gives its buffer back, but not what waits in it", () => {
  const reader = new FrameReader(200_000);
  for (let round = 0; round < 20; round++) messages(stream, () => Infinity, reader);
  const whole = frame(4, 7);
  reader.filled(fill(reader, whole.subarray(0, 5)));
  assert(!reader.next());
  reader.rest();
  const [message] = messages(whole.subarray(5), () => Infinity, reader);
  assertEquals(message, whole.subarray(4));
  reader.space();
  assertEquals(reader.buffer.length, 16 * 1024);
});
