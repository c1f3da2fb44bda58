import { assert, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import { slotsFor, UploadSlots } from "../../src/swarm/mod.ts";

const KIB = 1024;

Deno.test("with an upload limit the slots follow its square root, four at least and fifty at most", () => {
  const slots = new UploadSlots();
  const counts = [1, 100, 500, 1_000, 10_000, 100_000].map((limit) => {
    slots.review(limit * KIB, 0, true);
    return slots.count;
  });
  assertEquals(counts, [4, 4, 8, 12, 36, 50]);
});

Deno.test("without a limit eight have a slot at once, also after a crowd of slow takers", () => {
  const slots = new UploadSlots();
  assertEquals(slots.count, 8);
  for (let round = 0; round < 9; round++) slots.review(Infinity, 30 * KIB, true);
  assertLessOrEqual(slots.count, 5);
  slots.review(Infinity, 30 * KIB, false);
  assertEquals(slots.count, 8);
});

Deno.test("a round that began with free slots says nothing", () => {
  const slots = new UploadSlots();
  slots.review(Infinity, 0, false);
  slots.review(Infinity, 1, true);
  assertEquals(slots.count, 8);
});

/** Slots over an hour of rounds in which a full slot takes `each` bytes a second and the line gives `line`. */
function hour(each: number, line: number, jitter = 0): number[] {
  const slots = new UploadSlots();
  const counts: number[] = [];
  for (let round = 0; round < 360; round++) {
    const rate = Math.min(line, slots.count * each) * (1 + jitter * Math.sin(round * 7));
    slots.review(Infinity, rate, true);
    counts.push(slots.count);
  }
  return counts;
}

const mean = (counts: readonly number[]) => counts.reduce((a, b) => a + b) / counts.length;

Deno.test("a full line settles at the slots of its rate, a round in seven tries more", () => {
  for (const line of [60 * KIB, 500 * KIB, 5_000 * KIB]) {
    const counts = hour(Infinity, line, 0.03).slice(60);
    const settled = counts.filter((count) => Math.abs(count - slotsFor(line)) <= 1).length;
    assertGreaterOrEqual(settled, counts.length * 0.8);
    assertLessOrEqual(mean(counts), slotsFor(line) * 1.1 + 0.5);
  }
});

Deno.test("slow takers on a fast line get more slots until it is full or nobody can have more", () => {
  // ten slots a MiB/s would be full at 20; the square root alone says four
  const counts = hour(50 * KIB, 1_000 * KIB).slice(60);
  assertGreaterOrEqual(mean(counts), 16);
  assertLessOrEqual(mean(counts), 24);
  assert(hour(10 * KIB, 100_000 * KIB).slice(60).every((count) => count >= 40));
});
