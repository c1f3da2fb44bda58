import { assert, assertEquals, assertThrows } from "@std/assert";
import { binaryString, fromBinaryString } from "../../src/base/mod.ts";
import {
  asBytes,
  asDictionary,
  asInteger,
  asList,
  BencodeError,
  type Bvalue,
  decode,
  type DecodeOptions,
} from "../../src/bencode/mod.ts";
import { encodable } from "./values.ts";

function read(text: string, options: DecodeOptions = {}): Bvalue {
  return decode(fromBinaryString(text), options);
}

/** Fails unless `text` is refused at byte `offset` with a message that starts as `message`. */
function assertRefused(text: string, offset: number, message: string, options?: DecodeOptions) {
  const error = assertThrows(() => read(text, options), BencodeError);
  assertEquals([error.offset, error.message.slice(0, message.length)], [offset, message], text);
  assert(error.message.endsWith(`(at byte ${offset})`), error.message);
}

Deno.test("each kind of value is read with the span it takes", () => {
  const value = read("d1:ai-42e1:b3:xyz1:cli0eee");
  const entries = asDictionary(value)!;
  assertEquals([value.start, value.end], [0, 26]);
  assertEquals([...entries.keys()], ["a", "b", "c"]);
  assertEquals(asInteger(entries.get("a"), -100), -42);
  assertEquals(asBytes(entries.get("b")), fromBinaryString("xyz"));
  assertEquals(asList(entries.get("c"))!.map((item) => asInteger(item)), [0]);
  assertEquals([entries.get("b")!.start, entries.get("b")!.end], [12, 17]);
});

Deno.test("the as… functions answer null for another kind and for a number out of range", () => {
  for (const text of ["i1e", "1:a", "le", "de"]) {
    const value = read(text);
    const answers = [asInteger(value), asBytes(value), asList(value), asDictionary(value)];
    assertEquals(answers.filter((answer) => answer !== null).length, 1, text);
  }
  assertEquals(asInteger(read("i-1e")), null);
  assertEquals(asInteger(read("i11e"), 0, 10), null);
  assertEquals(asInteger(read("i9007199254740992e")), null);
  assertEquals(asInteger(undefined), null);
});

Deno.test("integers keep their exact value to the ends of 64 bits", () => {
  const values: [string, number | bigint][] = [
    ["i0e", 0],
    ["i999999999999999e", 999999999999999],
    ["i9007199254740991e", 2 ** 53 - 1],
    ["i9007199254740993e", 2n ** 53n + 1n],
    ["i-9007199254740993e", -(2n ** 53n) - 1n],
    ["i9223372036854775807e", 2n ** 63n - 1n],
    ["i-9223372036854775808e", -(2n ** 63n)],
  ];
  for (const [text, expected] of values) {
    const value = read(text);
    assert(value.kind === "integer");
    assertEquals(value.value, expected);
  }
});

Deno.test("integers that are not in their shortest form are refused where they start", () => {
  for (const text of ["i-0e", "i00e", "i01e", "i-01e", "ie", "i-e"]) {
    assertRefused(`l${text}e`, 1, "Expected an integer in its shortest form");
  }
  assertRefused("i+1e", 1, "Expected a digit in an integer");
  assertRefused("i1-e", 2, "Expected a digit in an integer");
  assertRefused("i1.5e", 2, "Expected a digit in an integer");
  assertRefused("li 1ee", 2, "Expected a digit in an integer");
});

Deno.test("integers beyond 64 bits are refused, however long", () => {
  assertRefused("i9223372036854775808e", 0, "Integer beyond 64 bits");
  assertRefused("i-9223372036854775809e", 0, "Integer beyond 64 bits");
  assertRefused(`li${"9".repeat(1_000_000)}ee`, 1, "Integer too long");
});

Deno.test("input that ends early is refused at its end, a cut string where it starts", () => {
  assertRefused("", 0, "Unexpected end of input");
  assertRefused("i12", 3, "Unexpected end of input in an integer");
  assertRefused("12", 2, "Unexpected end of input in a string's length");
  assertRefused("l1:a", 4, "Unexpected end of input");
  assertRefused("d", 1, "Unexpected end of input in a dictionary");
  assertRefused("d1:a", 4, "Unexpected end of input");
  assertRefused("l5:abce", 1, "Expected a string of 5 bytes, only 4 are left");
});

Deno.test("every cut of a whole value is refused", () => {
  const whole = "d1:ai1e1:bl2:xyi-3eded1:qleeee";
  for (let end = 0; end < whole.length; end++) {
    assertThrows(() => read(whole.slice(0, end)), BencodeError);
  }
});

Deno.test("string lengths must be plain decimal within the bound", () => {
  assertRefused("l01:ae", 1, "Expected a string's length without leading zeros");
  assertRefused("00:", 0, "Expected a string's length without leading zeros");
  assertRefused("1a:", 1, "Expected a digit in a string's length");
  assertRefused("1-1:", 1, "Expected a digit in a string's length");
  assertRefused("-1:a", 0, "Expected a value, found byte 0x2d");
  assertRefused("9".repeat(1_000_000), 0, "String too long, at most 268435456 bytes are read");
  assertRefused("l4:abcde", 1, "String too long, at most 3 bytes are read", { maxString: 3 });
});

Deno.test("bytes after the value are refused, or left alone when a prefix is asked for", () => {
  assertRefused("i1ei2e", 3, "Expected the end of input, found 3 more bytes");
  assertEquals(read("i1eXYZ", { prefix: true }).end, 3);
  assertRefused("x", 0, "Expected a value, found byte 0x78");
});

Deno.test("dictionary keys must be strings, once each, in raw byte order", () => {
  assertRefused("di1ei2ee", 1, "Expected a string as dictionary key");
  assertRefused("dlei2ee", 1, "Expected a string as dictionary key");
  assertRefused("d1:bi1e1:ai2ee", 7, 'Expected dictionary keys in order, got "a" after "b"');
  assertRefused("d1:ai1e1:ai2ee", 7, 'Repeated dictionary key "a"');
  assertRefused("d1:bi1e1:ci1e1:bi1ee", 13, 'Repeated dictionary key "b"');
  // 0xff sorts after every ASCII byte, a shorter key before a longer one with the same start
  assertEquals([...asDictionary(read("d0:le1:zle2:zzle1:\xfflee"))!.keys()], [
    "",
    "z",
    "zz",
    "\xff",
  ]);
  assertRefused("d1:\xffi1e1:zi1ee", 7, 'Expected dictionary keys in order, got "z" after "?"');
});

Deno.test("a repeated key is refused even where order does not matter", () => {
  assertEquals([...asDictionary(read("d1:bi1e1:ai2ee", { sorted: false }))!.keys()], ["b", "a"]);
  assertRefused("d1:bi1e1:ai2e1:bi3ee", 13, 'Repeated dictionary key "b"', { sorted: false });
});

Deno.test("order can be asked of the value under one outermost key alone", () => {
  const options: DecodeOptions = { sorted: { under: "info" } };
  read("d4:infod1:ai1e1:bi2ee1:ad1:zi1e1:yi2eee", options);
  const unsorted = "d1:zle4:infod1:ad1:zi1e1:yi2eeee";
  assertRefused(unsorted, 23, 'Expected dictionary keys in order, got "y" after "z"', options);
  // the same key further in asks for nothing
  read("d1:ad4:infod1:bi1e1:ai2eeee", options);
});

Deno.test("a key that is a name of Object's own is a key like any other", () => {
  const entries = asDictionary(read("d9:__proto__i1e11:constructori2ee"))!;
  assertEquals([...entries.keys()], ["__proto__", "constructor"]);
});

Deno.test("many different keys of one length stay apart", () => {
  const keys = Array.from({ length: 2000 }, (_, i) => String(i).padStart(5, "0"));
  const text = `d${keys.map((key, i) => `5:${key}i${i}e`).join("")}e`;
  const entries = asDictionary(read(`l${text}${text}e`.slice(1, -1), { prefix: true }))!;
  assertEquals([...entries.keys()], keys);
});

Deno.test("a hundred million lists within one another are refused at the depth bound", () => {
  const bytes = new Uint8Array(100_000_000).fill(0x6c);
  const error = assertThrows(() => decode(bytes), BencodeError);
  assertEquals(error.offset, 100);
  assertRefused("lllleeee", 3, "Nested too deeply, at most 3 levels are read", { maxDepth: 3 });
  assertRefused("d1:ad1:bdeee", 8, "Nested too deeply", { maxDepth: 2 });
  read("llleee", { maxDepth: 3 });
});

Deno.test("the number of values and the length of a key are bounded", () => {
  read("li1ei2ee", { maxValues: 3 });
  assertRefused("li1ei2ei3ee", 7, "Too many values, at most 3 are read", { maxValues: 3 });
  assertRefused(`l${"le".repeat(1_000_001)}e`, 1 + 2 * 999_999, "Too many values");
  assertRefused(`d4097:${"k".repeat(4097)}lee`, 1, "String too long, at most 4096 bytes are read");
});

Deno.test("what the decoder accepts, the encoder writes back", () => {
  const value = read("d1:\x80l2:\x00\xffi-5eee");
  const again = encodable(value);
  assert(again instanceof Map);
  assertEquals(binaryString((again.get("\x80") as Uint8Array[])[0]!), "\x00\xff");
});
