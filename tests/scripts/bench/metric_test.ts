import { assertEquals } from "@std/assert";
import { judge } from "../../../scripts/bench/check.ts";
import { median, medianRatio, overNeighbours, type Sample } from "../../../scripts/bench/metric.ts";

function sample(round: number, program: string, speed: number): Sample {
  return { round, program, figures: { speed } };
}

/** The machine is twice as slow in each following round, for both. */
const SLOWING = [1, 2, 4].flatMap((slow, round) => [
  sample(round, "tm", 120 / slow),
  sample(round, "libtorrent", 100 / slow),
]);

Deno.test("median is the middle value, or the mean of the two in the middle", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 2.5);
  assertEquals(median([7]), 7);
});

Deno.test("a ratio compares with the other program in the same round, not with its median", () => {
  const late = SLOWING.filter((one) => one.round > 0 || one.program === "tm");
  assertEquals(medianRatio(late, "speed", "tm", "libtorrent"), 1.2);
  assertEquals(medianRatio(late, "speed", "tm", "aria2"), null);
  assertEquals(medianRatio(late, "cpuSeconds", "tm", "libtorrent"), null);
});

Deno.test("a check of a ratio is met from its bound on", () => {
  const verdict = (atLeast: number) =>
    judge({ metric: "speed", over: "libtorrent", bound: { atLeast } }, SLOWING);
  assertEquals(verdict(1.2).met, true);
  assertEquals(verdict(1.21).met, false);
  assertEquals(verdict(1.2).value, 1.2);
});

Deno.test("a check of tm's own figure takes the median of the rounds", () => {
  const verdict = (atMost: number) =>
    judge({ metric: "speed", over: null, bound: { atMost } }, SLOWING);
  assertEquals(verdict(60).met, true);
  assertEquals(verdict(59).met, false);
});

Deno.test("what was not measured is not met", () => {
  const check = { metric: "idlePercent", over: null, bound: { atMost: 10 } } as const;
  assertEquals(judge(check, SLOWING), { ...check, value: null, met: false });
});

Deno.test("what others took before and after is not counted, though it rises", () => {
  assertEquals(overNeighbours([10, 20, 30], [17, 26]), [2, 1]);
  assertEquals(overNeighbours([10], [17]), [NaN]);
});
