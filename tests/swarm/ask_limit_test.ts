import { assertEquals } from "@std/assert";
import { AskLimit } from "../../src/swarm/ask_limit.ts";
import { Bench, BLOCK } from "./bench.ts";

Deno.test("without a limit a peer's own depth decides", () => {
  const bench = new Bench(100, 16);
  assertEquals(bench.seed().requests().length, 16);
  assertEquals(bench.swarm.downloads.asks.each, Infinity);
});

Deno.test("under a limit peers that serve us have equal parts of four seconds in flight", () => {
  const bench = new Bench(100, 16);
  bench.downloadRate = 3 * BLOCK;
  const first = bench.seed();
  const asked = first.requests();
  assertEquals(asked.length, 12);
  const second = bench.seed();
  assertEquals(second.requests().length, 6);
  // it has more in flight than its part now, until some of it has come
  for (const request of asked.slice(0, 6)) {
    first.sends(request);
    assertEquals(first.requests(), []);
  }
  first.sends(asked[6]!);
  assertEquals(first.requests().length, 1);
});

Deno.test("however low the limit, everybody that serves us is asked for something", () => {
  const bench = new Bench(100, 16);
  bench.downloadRate = 1;
  const counts = Array.from({ length: 5 }, () => bench.seed().requests().length);
  assertEquals(counts, [1, 1, 1, 1, 1]);
});

Deno.test("a limit that is lifted counts within a second", () => {
  const bench = new Bench(100, 16);
  bench.downloadRate = BLOCK;
  const peer = bench.seed();
  assertEquals(peer.requests().length, 4);
  bench.downloadRate = Infinity;
  bench.wait(1);
  assertEquals(peer.requests().length, 12);
});

Deno.test("who chokes us has no part", () => {
  const bench = new Bench(100, 16);
  bench.downloadRate = 2 * BLOCK;
  bench.peer().has("all");
  assertEquals(bench.seed().requests().length, 8);
  assertEquals(new AskLimit({ rate: () => Infinity }).each, Infinity);
});
