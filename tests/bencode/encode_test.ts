import { assertEquals, assertThrows } from "@std/assert";
import { binaryString } from "../../src/base/mod.ts";
import { type Encodable, encode } from "../../src/bencode/mod.ts";

function written(value: Encodable): string {
  return binaryString(encode(value));
}

Deno.test("each kind of value is written as BEP 3 says", () => {
  assertEquals(written(0), "i0e");
  assertEquals(written(-42), "i-42e");
  assertEquals(written(Number.MAX_SAFE_INTEGER), "i9007199254740991e");
  assertEquals(written("é"), "2:\xc3\xa9");
  assertEquals(written(""), "0:");
  assertEquals(written(new Uint8Array([0, 255])), "2:\x00\xff");
  assertEquals(written([1, ["a"], []]), "li1el1:aelee");
  assertEquals(written({}), "de");
});

Deno.test("keys are written in raw byte order, undefined entries not at all", () => {
  assertEquals(written({ b: 1, a: 2, aa: 3, c: undefined }), "d1:ai2e2:aai3e1:bi1ee");
  assertEquals(
    written({ "10": 1, "9": 2, "created by": "x", created: "y" }),
    "d2:10i1e1:9i2e7:created1:y10:created by1:xe",
  );
});

Deno.test("keys of a map are raw bytes, in raw byte order", () => {
  const map = new Map<string, Encodable>([["\xff", 1], ["\x0a", 2], ["\x02", [3]], ["b", {
    c: 4,
  }]]);
  assertEquals(written(map), "d1:\x02li3ee1:\x0ai2e1:bd1:ci4ee1:\xffi1ee");
});

Deno.test("what cannot be written exactly is refused", () => {
  for (const number of [0.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(() => encode([number]), RangeError, "Expected a safe integer");
  }
  assertThrows(() => encode({ "é": 1 }), RangeError, "Expected a key");
  assertThrows(() => encode(new Map([["\u0100", 1]])), RangeError, "Expected a key");
});

Deno.test("a view is written without the rest of its buffer", () => {
  assertEquals(written(new Uint8Array([1, 2, 3, 4]).subarray(1, 3)), "2:\x02\x03");
});
