import { assert, assertEquals } from "@std/assert";
import {
  binaryString,
  compareBytes,
  concat,
  equalBytes,
  fromBinaryString,
  fromHex,
  fromUtf8,
  fromUtf8Lossy,
  readUint16,
  readUint32,
  toHex,
  utf8,
  writeUint16,
  writeUint32,
} from "../../src/base/mod.ts";

Deno.test("a binary string holds every byte, at any length", () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251 ^ i >> 8 & 0xff);
  assertEquals(fromBinaryString(binaryString(bytes)), bytes);
  assertEquals(binaryString(new Uint8Array([0, 0x80, 0xff])), "\x00\x80\xff");
  assertEquals(binaryString(new Uint8Array(0)), "");
});

Deno.test("UTF-8 is read strictly or with replacements, a byte order mark kept", () => {
  assertEquals(fromUtf8(utf8("é☃")), "é☃");
  assertEquals(fromUtf8(new Uint8Array([0x61, 0xff])), null);
  assertEquals(fromUtf8Lossy(new Uint8Array([0x61, 0xff])), "a\ufffd");
  assertEquals(fromUtf8(utf8("\ufeffa")), "\ufeffa");
});

Deno.test("bytes compare as unsigned, a start before the whole", () => {
  assert(compareBytes(new Uint8Array([0x7f]), new Uint8Array([0x80])) < 0);
  assert(compareBytes(utf8("a"), utf8("aa")) < 0);
  assert(compareBytes(utf8("b"), utf8("aa")) > 0);
  assertEquals(compareBytes(utf8("ab"), utf8("ab")), 0);
  assertEquals([equalBytes(utf8("a"), utf8("a")), equalBytes(utf8("a"), utf8("ab"))], [
    true,
    false,
  ]);
});

Deno.test("hexadecimal is read in either case and nothing else is", () => {
  assertEquals(toHex(fromHex("00fFa0")!), "00ffa0");
  for (const text of ["0", "0g", " 00", "0x00"]) assertEquals(fromHex(text), null, text);
});

Deno.test("integers are big-endian and unsigned", () => {
  const bytes = new Uint8Array(6);
  writeUint32(bytes, 1, 0xfedcba98);
  assertEquals([toHex(bytes), readUint32(bytes, 1)], ["00fedcba9800", 0xfedcba98]);
  writeUint16(bytes, 4, 0xabcd);
  assertEquals([readUint16(bytes, 4), bytes[3]], [0xabcd, 0xba]);
  assertEquals(concat(utf8("a"), utf8(""), utf8("bc")), utf8("abc"));
});
