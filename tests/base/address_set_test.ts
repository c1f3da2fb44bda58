import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  AddressRangesBuilder,
  AddressSet,
  formatAddress,
  NO_RANGES,
  parseAddress,
  SeededRandom,
} from "../../src/base/mod.ts";

function setOf(...ranges: readonly (readonly [string, string])[]): AddressSet {
  const builder = new AddressRangesBuilder();
  for (const [first, last] of ranges) {
    assert(builder.add(parseAddress(first)!, parseAddress(last)!), `${first}-${last}`);
  }
  return new AddressSet(builder.build());
}

Deno.test("a range holds its ends and nothing beyond", () => {
  const set = setOf(["1.2.3.4", "1.2.3.9"], ["2600::10", "2600::20"]);
  for (const inside of ["1.2.3.4", "1.2.3.7", "1.2.3.9", "2600::10", "2600::1f", "2600::20"]) {
    assert(set.has(inside), inside);
  }
  for (const outside of ["1.2.3.3", "1.2.3.10", "2600::f", "2600::21", "0.0.0.0", "::", "x", ""]) {
    assertFalse(set.has(outside), outside);
  }
});

Deno.test("a v4-mapped address is the IPv4 one", () => {
  const set = setOf(["1.2.3.4", "1.2.3.9"]);
  assert(set.has("::ffff:1.2.3.4"));
  assert(set.hasBytes(parseAddress("::ffff:1.2.3.9")!));
  assertFalse(set.has("::ffff:1.2.3.10"));
});

Deno.test("the whole of both families is a set like any other", () => {
  const set = setOf(
    ["0.0.0.0", "255.255.255.255"],
    ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["0.0.0.0", "0.0.0.0"],
    ["::", "::"],
  );
  assertEquals(set.size, 2);
  for (const each of ["0.0.0.0", "255.255.255.255", "::", "::1", "ffff::"]) assert(set.has(each));
});

Deno.test("ranges that overlap or touch become one, in any order", () => {
  const set = setOf(
    ["1.0.0.20", "1.0.0.30"],
    ["1.0.0.0", "1.0.0.9"],
    ["1.0.0.10", "1.0.0.15"],
    ["1.0.0.5", "1.0.0.6"],
    ["1.0.0.25", "1.0.0.40"],
    ["2600::ffff:ffff", "2600::1:0:0"],
    ["2600::1:0:1", "2600::1:0:2"],
  );
  assertEquals(set.size, 3);
  assert(set.has("1.0.0.9") && set.has("1.0.0.10") && set.has("1.0.0.15") && set.has("1.0.0.35"));
  assertFalse(set.has("1.0.0.16") || set.has("1.0.0.19") || set.has("1.0.0.41"));
  assert(set.has("2600::1:0:1"));
});

Deno.test("what is no range is refused", () => {
  const builder = new AddressRangesBuilder();
  const [low, high, six] = ["1.0.0.1", "1.0.0.2", "::1"].map((text) => parseAddress(text)!);
  assertFalse(builder.add(high!, low!));
  assertFalse(builder.add(low!, six!));
  assertEquals(builder.size, 0);
  assertEquals(builder.build(), NO_RANGES);
});

Deno.test("thousands of ranges answer as one look at each would", () => {
  for (const [seed, width] of [[1, 4], [2, 16]] as const) {
    const random = new SeededRandom(seed);
    // few differing bits, so that ranges overlap, touch and are hit
    const address = () => {
      const bytes = new Uint8Array(width).fill(0x26);
      bytes[1] = random.below(4);
      bytes[width - 2] = random.below(256);
      bytes[width - 1] = random.below(256);
      return bytes;
    };
    const order = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const ranges: [bigint, bigint][] = [];
    const builder = new AddressRangesBuilder();
    while (ranges.length < 2000) {
      const first = address();
      const last = first.slice();
      last[width - 1] = Math.min(255, last[width - 1]! + random.below(8));
      assert(builder.add(first, last));
      ranges.push([order(first), order(last)]);
    }
    const set = new AddressSet(builder.build());
    assert(set.size < 2000, "Expected ranges to be joined");
    for (let i = 0; i < 2000; i++) {
      const bytes = address();
      const at = order(bytes);
      const expected = ranges.some(([first, last]) => first <= at && at <= last);
      assertEquals(set.hasBytes(bytes), expected, `${formatAddress(bytes)}, seed ${seed}`);
      assertEquals(set.has(formatAddress(bytes)), expected);
    }
  }
});
