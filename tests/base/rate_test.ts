import { assertEquals } from "@std/assert";
import { millis, RateMeter, TokenBucket } from "../../src/base/mod.ts";

Deno.test("a steady flow is measured as it is", () => {
  const meter = new RateMeter();
  for (let at = 0; at < 20_000; at += 100) meter.add(1000, millis(at));
  const rate = meter.rate(millis(19_999));
  assertEquals(rate > 9000 && rate < 11_000, true, String(rate));
  assertEquals(meter.total, 200_000);
});

Deno.test("a young meter is divided by its age, and an idle one falls to nothing", () => {
  const meter = new RateMeter();
  assertEquals(meter.rate(millis(0)), 0);
  meter.add(1000, millis(1000));
  assertEquals(meter.rate(millis(2000)), 1000);
  assertEquals(meter.rate(millis(7000)), 0);
  assertEquals(meter.rate(millis(10_000_000)), 0);
  assertEquals(meter.total, 1000);
});

Deno.test("a bucket without a limit lets everything through", () => {
  const bucket = new TokenBucket(0, millis(0));
  bucket.take(10 ** 12);
  assertEquals([bucket.available(millis(0)), bucket.wait(10 ** 12, millis(0))], [Infinity, 0]);
});

Deno.test("a bucket refills at its rate up to a tenth of a second's worth", () => {
  const bucket = new TokenBucket(1_000_000, millis(0));
  assertEquals(bucket.available(millis(0)), 100_000);
  bucket.take(100_000);
  assertEquals(bucket.available(millis(10)), 10_000);
  assertEquals(bucket.available(millis(60_000)), 100_000);
});

Deno.test("a debt is paid before anything moves, and the wait says for how long", () => {
  const bucket = new TokenBucket(1_000_000, millis(0));
  bucket.take(150_000);
  assertEquals(bucket.available(millis(0)), -50_000);
  assertEquals(bucket.wait(10_000, millis(0)), 60);
  assertEquals(bucket.wait(10_000, millis(60)), 0);
});

Deno.test("a wish larger than the bucket waits for a full bucket, not for ever", () => {
  const bucket = new TokenBucket(1000, millis(0));
  bucket.take(32 * 1024);
  assertEquals(bucket.wait(10 ** 9, millis(0)), 32_768);
});

Deno.test("over a long run no more moves than the rate allows", () => {
  const bucket = new TokenBucket(500_000, millis(0));
  let moved = 0;
  for (let now = 0; now <= 10_000; now += 7) {
    if (bucket.available(millis(now)) >= 16_384) {
      bucket.take(16_384);
      moved += 16_384;
    }
  }
  assertEquals(moved <= 5_000_000 + 50_000 && moved >= 4_800_000, true, String(moved));
});

Deno.test("a new rate counts from now on, and a debt under the old one is forgotten", () => {
  const bucket = new TokenBucket(1_000, millis(0));
  bucket.take(10 ** 9);
  bucket.setRate(1_000_000, millis(0));
  assertEquals(bucket.available(millis(0)), 0);
  assertEquals(bucket.available(millis(10)), 10_000);
  bucket.setRate(0, millis(10));
  assertEquals(bucket.available(millis(10)), Infinity);
});
