import { assertAlmostEquals, assertEquals } from "@std/assert";
import { readOf, worstDeviation } from "../../../scripts/bench/received.ts";

Deno.test("what was read is what arrived, less what waits", () => {
  const out = [
    "ESTAB 300    0   127.0.0.1:40000 127.0.0.1:6881",
    "\t cubic wscale:7,7 rto:204 bytes_sent:99 bytes_received:1300 segs_out:3",
    "ESTAB 0      17  127.0.0.1:40001 127.0.0.1:6881",
    "\t cubic rto:204 bytes_sent:68 bytes_acked:69",
    "",
  ].join("\n");
  assertEquals(readOf(out), 1_000);
  assertEquals(readOf(""), 0);
});

Deno.test("the worst stretch decides, and one that is too short does not count", () => {
  const steady = Array.from({ length: 30 }, (_, at) => ({ at, bytes: at * 100 }));
  assertEquals(worstDeviation(steady, 100, 10), 0);
  // a second without anything after the fifteenth
  const gap = steady.map(({ at, bytes }) => ({ at, bytes: at > 15 ? bytes - 100 : bytes }));
  assertAlmostEquals(worstDeviation(gap, 100, 10), 10);
  assertEquals(worstDeviation(steady.slice(0, 5), 100, 10), NaN);
});
