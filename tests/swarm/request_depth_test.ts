import { assert, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import { millis, RateMeter } from "../../src/base/mod.ts";
import { RequestDepth } from "../../src/swarm/request_depth.ts";

const BLOCK = 16_384;

/** Blocks arrive evenly for `seconds` at `rate` bytes a second, from `start` on. */
function run(depth: RequestDepth, meter: RateMeter, rate: number, start: number, seconds: number) {
  const every = (BLOCK * 1_000) / rate;
  for (let at = start; at < start + seconds * 1_000; at += every) {
    meter.add(BLOCK, millis(at));
    depth.received(meter, millis(at));
  }
}

Deno.test("the depth begins small and grows with every block that comes", () => {
  const depth = new RequestDepth();
  const meter = new RateMeter();
  const first = depth.value;
  for (let i = 0; i < 50; i++) depth.received(meter, millis(1));
  assertEquals(depth.value, first + 50);
});

Deno.test("a peer that does not say its limit is asked for at most 250 blocks", () => {
  const depth = new RequestDepth();
  run(depth, new RateMeter(), 100e6, 1, 5);
  assertEquals(depth.value, 250);
});

Deno.test("a peer's own limit is kept, within reason", () => {
  const rate = 100e6;
  for (const [said, kept] of [[1, 1], [20, 20], [500, 500], [1_000_000, 1024]] as const) {
    const depth = new RequestDepth();
    depth.limit(said);
    assertLessOrEqual(depth.value, kept);
    run(depth, new RateMeter(), rate, 1, 5);
    assertEquals(depth.value, kept);
  }
});

Deno.test("once the rate is steady the depth covers more than a second of it", () => {
  const depth = new RequestDepth();
  depth.limit(1_000);
  run(depth, new RateMeter(), 100 * BLOCK, 1, 20);
  assertGreaterOrEqual(depth.value, 100);
  assertLessOrEqual(depth.value, 200);
});

Deno.test("a slow peer keeps a few requests", () => {
  const depth = new RequestDepth();
  run(depth, new RateMeter(), BLOCK / 2, 1, 60);
  assertGreaterOrEqual(depth.value, 8);
  assertLessOrEqual(depth.value, 16);
});

Deno.test("the depth follows the rate down", () => {
  const depth = new RequestDepth();
  const meter = new RateMeter();
  depth.limit(1_000);
  run(depth, meter, 400 * BLOCK, 1, 20);
  const before = depth.value;
  run(depth, meter, 10 * BLOCK, 20_001, 20);
  assert(depth.value * 10 < before, `Expected far less than ${before}, got ${depth.value}`);
});

Deno.test("a snubbing peer is asked for one block, and may grow again", () => {
  const depth = new RequestDepth();
  const meter = new RateMeter();
  run(depth, meter, 1e6, 1, 5);
  depth.snubbed();
  assertEquals(depth.value, 1);
  depth.received(meter, millis(5_001));
  assertEquals(depth.value, 2);
});
