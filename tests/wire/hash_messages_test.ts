import { assertEquals, assertThrows } from "@std/assert";
import { concat, ProtocolError } from "../../src/base/mod.ts";
import {
  encodeHashes,
  encodeHashSpan,
  type HashSpan,
  Message,
  readHashMessage,
  uncleCount,
} from "../../src/wire/mod.ts";

const SPAN: HashSpan = {
  root: new Uint8Array(32).fill(5),
  base: 2,
  index: 8,
  length: 4,
  proofs: 3,
};

Deno.test("messages of hashes read back as they were written", () => {
  const span = encodeHashSpan(SPAN);
  assertEquals(span.length, 48);
  assertEquals(readHashMessage(Message.HashRequest, span), { type: "hash-request", span: SPAN });
  assertEquals(readHashMessage(Message.HashReject, span), { type: "hash-reject", span: SPAN });
  const hashes = new Uint8Array(6 * 32).fill(9);
  const said = readHashMessage(Message.Hashes, encodeHashes(SPAN, hashes));
  assertEquals(said, { type: "hashes", span: SPAN, hashes });
});

Deno.test("uncles come from where the hashes have become one node up to the last proof", () => {
  const count = (length: number, proofs: number) => uncleCount({ length, proofs });
  assertEquals([count(2, 0), count(2, 1), count(4, 1), count(4, 2), count(512, 8)], [
    0,
    1,
    0,
    1,
    0,
  ]);
  assertEquals(count(1, 3), 4);
});

Deno.test("what is no such message is refused", () => {
  const span = encodeHashSpan(SPAN);
  const wrong = [
    [Message.HashRequest, span.subarray(1)],
    [Message.HashRequest, concat(span, new Uint8Array(32))],
    [Message.Hashes, span],
    [Message.Hashes, concat(span, new Uint8Array(5 * 32))],
    [Message.Hashes, concat(span, new Uint8Array(7 * 32))],
    [Message.HashRequest, encodeHashSpan({ ...SPAN, length: 3, index: 9 })],
    [Message.HashRequest, encodeHashSpan({ ...SPAN, length: 0 })],
    [Message.HashRequest, encodeHashSpan({ ...SPAN, length: 16_384, index: 0 })],
    [Message.HashRequest, encodeHashSpan({ ...SPAN, index: 6 })],
    [Message.HashRequest, encodeHashSpan({ ...SPAN, base: 41 })],
    [Message.HashRequest, encodeHashSpan({ ...SPAN, proofs: 2 ** 32 - 1 })],
  ] as const;
  for (const [id, payload] of wrong) {
    assertThrows(() => readHashMessage(id, payload.slice()), ProtocolError);
  }
});
