import { assertEquals } from "@std/assert";
import {
  formatElapsed,
  formatEta,
  formatPart,
  formatPercent,
  formatRate,
} from "../../src/cli/units.ts";

Deno.test("a part is in the unit of the whole", () => {
  assertEquals(formatPart(112_721_920, 268_435_456), "107.5/256.0 MiB");
  assertEquals(formatPart(0, 100), "0/100 B");
});

Deno.test("rates are whole bytes", () => {
  assertEquals(formatRate(0.4), "0 B/s");
  assertEquals(formatRate(12_897_485), "12.3 MiB/s");
});

Deno.test("times are as short as they can be", () => {
  assertEquals([0.4, 59.96, 3700].map(formatElapsed), ["0.40 s", "1m 00s", "1h 01m"]);
  const etas = [0, 59.6, 291, 7380, 273_600, 1e9].map(formatEta);
  assertEquals(etas, ["0s", "1m00s", "4m51s", "2h03m", "3d04h", ">99d"]);
});

Deno.test("100% means complete", () => {
  assertEquals(formatPercent(999_999, 1_000_000), "99%");
  assertEquals(formatPercent(1_000_000, 1_000_000), "100%");
  assertEquals(formatPercent(0, 0), "100%");
});
