import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { randomBytes, SeededRandom, shuffle, SystemRandom } from "../../src/base/mod.ts";

Deno.test("a seed repeats its sequence, another seed has another", () => {
  const draws = (seed: number) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  assertEquals(draws(7), draws(7));
  assertNotEquals(draws(7), draws(8));
});

Deno.test("draws are whole numbers below the limit and reach both ends", () => {
  for (const random of [new SeededRandom(1), new SystemRandom()]) {
    const seen = new Set<number>();
    for (let i = 0; i < 2000; i++) seen.add(random.below(5));
    assertEquals([...seen].sort(), [0, 1, 2, 3, 4]);
    assertEquals(random.below(1), 0);
    assert(random.below(2 ** 32) < 2 ** 32);
  }
});

Deno.test("a shuffle keeps the items and can give every order", () => {
  const random = new SeededRandom(3);
  const orders = new Set<string>();
  for (let i = 0; i < 500; i++) orders.add(shuffle([1, 2, 3], random).join(""));
  assertEquals([...orders].sort(), ["123", "132", "213", "231", "312", "321"]);
  assertEquals(shuffle(new Uint8Array(0), random).length, 0);
});

Deno.test("random bytes cover the whole range", () => {
  const bytes = randomBytes(10_000, new SeededRandom(5));
  assertEquals(new Set(bytes).size, 256);
});
