import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { ProtocolError, toHex, utf8 } from "../../src/base/mod.ts";
import {
  decodeHandshake,
  encodeHandshake,
  HANDSHAKE_SIZE,
  mayBeHandshake,
} from "../../src/wire/mod.ts";
import { handshake } from "./talk.ts";

Deno.test("a handshake is 68 bytes with the capabilities in their reserved bits", () => {
  const bytes = encodeHandshake(handshake(2));
  assertEquals(bytes.length, HANDSHAKE_SIZE);
  const name = toHex(utf8("BitTorrent protocol"));
  assertEquals(
    toHex(bytes),
    `13${name}0000000000100004${"07".repeat(20)}${"02".repeat(20)}`,
  );
});

Deno.test("a handshake reads back as it was written", () => {
  for (const fast of [true, false]) {
    for (const extended of [true, false]) {
      for (const dht of [true, false]) {
        for (const v2 of [true, false]) {
          const said = handshake(9, { fast, extended, dht, v2 });
          assertEquals(decodeHandshake(encodeHandshake(said)), said);
        }
      }
    }
  }
});

Deno.test("reserved bits we do not know are passed over", () => {
  const bytes = encodeHandshake(handshake(2));
  bytes.fill(0xff, 20, 28);
  assertEquals(decodeHandshake(bytes), handshake(2, { dht: true, v2: true }));
});

Deno.test("a stranger is known by its first wrong byte", () => {
  const bytes = encodeHandshake(handshake(2));
  for (let length = 0; length <= 68; length++) assert(mayBeHandshake(bytes.subarray(0, length)));
  for (let at = 0; at < 20; at++) {
    const wrong = bytes.slice(0, at + 1);
    wrong[at]! ^= 1;
    assertFalse(mayBeHandshake(wrong));
  }
});

Deno.test("what is no handshake is refused", () => {
  const bytes = encodeHandshake(handshake(2));
  assertThrows(() => decodeHandshake(bytes.subarray(0, 67)), ProtocolError);
  assertThrows(() => decodeHandshake(utf8("GET / HTTP/1.1".padEnd(68))), ProtocolError);
});
