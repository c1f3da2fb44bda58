import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { AddressSet, SeededRandom, utf8 } from "../../src/base/mod.ts";
import { parseIpFilter } from "../../src/net/mod.ts";

function read(text: string) {
  const { ranges, ...counts } = parseIpFilter(utf8(text));
  return { set: new AddressSet(ranges), ...counts };
}

/** Lines, addresses they keep away and addresses they do not. */
const LINES: readonly (readonly [line: string, inside: string, outside: string])[] = [
  ["Bad people:1.2.3.4-1.2.3.9", "1.2.3.4 1.2.3.9", "1.2.3.3 1.2.3.10"],
  ["with: colons, 9.9.9.9-9.9.9.9:1.2.3.4-1.2.3.9", "1.2.3.5", "9.9.9.9"],
  [":1.2.3.4-1.2.3.9", "1.2.3.5", "1.2.4.5"],
  ["nämé:1.2.3.4 - 1.2.3.9", "1.2.3.5", "1.2.4.5"],
  ["001.002.003.004 - 001.002.003.009 , 000 , name", "1.2.3.4 1.2.3.9", "1.2.3.10"],
  ["010.000.000.001 - 010.000.000.002 , 100 , not octal", "10.0.0.1", "8.0.0.1"],
  ["1.2.3.4-1.2.3.9,127,", "1.2.3.9", "1.2.3.10"],
  ["001.002.003.004 - 001.002.003.009 , 128 , let in", "", "1.2.3.4 1.2.3.9"],
  ["1.2.3.0/24", "1.2.3.0 1.2.3.255", "1.2.2.255 1.2.4.0"],
  ["1.2.3.77/24", "1.2.3.0 1.2.3.255", "1.2.4.0"],
  ["0.0.0.0/0", "0.0.0.0 255.255.255.255", "2600::1"],
  ["1.2.3.4/32", "1.2.3.4", "1.2.3.5"],
  ["1.2.3.4", "1.2.3.4", "1.2.3.5"],
  ["1.2.3.4-1.2.3.9", "1.2.3.9", "1.2.3.10"],
  ["  \t1.2.3.4\t-  1.2.3.9  \r", "1.2.3.9", "1.2.3.10"],
  ["2600::/32", "2600:: 2600:0:ffff::1", "2600:1::"],
  ["2600::ff00/121", "2600::ff7f", "2600::ff80"],
  ["2600::1", "2600::1", "2600::2"],
  ["2600::1-2600::9", "2600::5", "2600::a"],
  ["Some name:2600::1-2600::9", "2600::5", "2600::a"],
  ["2600::1 - 2600::9 , 000 , name", "2600::9", "2600::a"],
  ["::ffff:1.2.3.0/120", "1.2.3.4", "1.2.4.1"],
];

for (const [line, inside, outside] of LINES) {
  Deno.test(`a filter understands ${JSON.stringify(line)}`, () => {
    const { set, understood, misunderstood } = read(line);
    assertEquals([understood, misunderstood], [1, 0]);
    for (const host of inside.split(" ")) if (host !== "") assertEquals(set.has(host), true, host);
    for (const host of outside.split(" ")) assertEquals(set.has(host), false, host);
  });
}

Deno.test("empty lines and comments are no lines of a filter", () => {
  const { understood, misunderstood, set } = read(
    "\ufeff# a list\n\n   \n;1.2.3.4\n//1.2.3.5\n# 1.2.3.6\n\r\n",
  );
  assertEquals([understood, misunderstood, set.size], [0, 0, 0]);
});

Deno.test("lines that are not understood are counted, the first one by its number", () => {
  const bad = [
    "nonsense",
    "1.2.3",
    "1.2.3.256",
    "1.2.3.4-",
    "1.2.3.9-1.2.3.4",
    "1.2.3.9 - 1.2.3.4 , 200 , x",
    "1.2.3.4/33",
    "1.2.3.4/",
    "1.2.3.4/24 x",
    "1.2.3.4 - 1.2.3.9 , x",
    "1.2.3.4 - 1.2.3.9 , 256",
    "1.2.3.4-2600::1",
    "2600::/129",
    "2600::9-2600::1",
    "00001.2.3.4",
    "x".repeat(2000) + ":1.2.3.4-1.2.3.9",
  ];
  const { understood, misunderstood, firstBad, set } = read(
    ["# list", "1.1.1.1", ...bad, "2.2.2.2"].join("\n"),
  );
  assertEquals([understood, misunderstood, firstBad], [2, bad.length, 3]);
  assertEquals([set.size, set.has("1.1.1.1"), set.has("2.2.2.2")], [2, true, true]);
});

Deno.test("a list may end without a line feed, and have none at all", () => {
  assertEquals(read("").understood, 0);
  assertEquals(read("1.1.1.1\n2.2.2.2").understood, 2);
});

Deno.test("a list of more ranges than any is given up", () => {
  const line = "1.2.3.4\n";
  assertThrows(() => parseIpFilter(utf8(line.repeat(2_000_001))), RangeError, "at most 2000000");
});

Deno.test("in 500,000 ranges of both kinds an address is found in less than 1 µs", () => {
  const random = new SeededRandom(1);
  const lines: string[] = [];
  // /19 networks, of which the first so many addresses are kept away
  const lengths = Array.from({ length: 500_000 }, () => random.below(8000));
  for (const [i, length] of lengths.entries()) {
    const [first, last] = [i * 8192, i * 8192 + length].map(dotted);
    lines.push(i % 2 === 0 ? `range ${i}:${first}-${last}` : `${first} - ${last} , 0 , x`);
    if (i % 5 === 0) lines.push(`${dotted(i * 8192)}/32`);
  }
  const { set, understood, misunderstood } = read(lines.join("\n"));
  assertEquals([understood, misunderstood, set.size], [600_000, 0, 500_000]);
  const hosts = Array.from({ length: 100_000 }, () => random.below(500_000 * 8192));
  const texts = hosts.map(dotted);
  const wrong = hosts.findIndex((host, i) =>
    set.has(texts[i]!) !== host % 8192 <= lengths[Math.floor(host / 8192)]!
  );
  assertEquals(wrong, -1, texts[wrong]);
  // the best of some rounds: other tests run beside this one
  const rounds = Array.from({ length: 10 }, () => {
    const start = performance.now();
    for (const text of texts) set.has(text);
    return (performance.now() - start) / texts.length * 1000;
  });
  assertLess(Math.min(...rounds), 1);
});

function dotted(address: number): string {
  const bytes = [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256);
  return bytes.join(".");
}
