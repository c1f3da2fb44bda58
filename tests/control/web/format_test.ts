import { assertEquals } from "@std/assert";
import { Format, isolated } from "../../../src/control/web/page/format.ts";

const en = new Format("en", "en", "UTC");
const pt = new Format("pt-PT", "pt-PT", "UTC");

Deno.test("page: sizes have three figures and never four", () => {
  assertEquals(
    [0, 999, 1_000, 9_994, 9_999, 99_940, 99_960, 999_499, 999_500, 1.5e12].map((n) => en.size(n)),
    [
      "0 B",
      "999 B",
      "1.00 kB",
      "9.99 kB",
      "10.0 kB",
      "99.9 kB",
      "100 kB",
      "999 kB",
      "1.00 MB",
      "1.50 TB",
    ],
  );
  assertEquals(pt.size(1_230_000_000), "1,23 GB");
  assertEquals([en.rate(0), en.rate(2_500)], ["", "2.50 kB/s"]);
});

Deno.test("page: what is not complete is not 100 %", () => {
  assertEquals([0, 0.5, 0.9999, 1].map((part) => en.percent(part)), ["0%", "50%", "99.9%", "100%"]);
});

Deno.test("page: durations have two units", () => {
  const shown = [null, 0, 59, 60, 3_661, 90_000, 86_400, 1e9].map((n) => en.duration(n));
  assertEquals(shown, ["–", "0 s", "59 s", "1 min", "1 h 1 min", "1 d 1 h", "1 d", "∞"]);
});

Deno.test("page: ratios, counts and dates are as the reader writes them", () => {
  assertEquals([en.ratio(null), en.ratio(1.5), pt.ratio(1.5)], ["–", "1.50", "1,50"]);
  assertEquals(en.count(1_234), "1,234");
  assertEquals([0, 1, 1_234].map((n) => en.counted(n).of("peer", "peers")), [
    "0 peers",
    "1 peer",
    "1,234 peers",
  ]);
  // figures as in Brazil, words as in Portugal: of nothing there are many
  const mixed = new Format("pt-BR", "pt-PT");
  assertEquals([0, 1, 1_234].map((n) => mixed.counted(n).of("par", "pares")), [
    "0 pares",
    "1 par",
    "1.234 pares",
  ]);
  assertEquals(en.day(0), "Jan 1, 1970");
  // as a torrent file may name it, whoever made that
  const far = Number.MAX_SAFE_INTEGER * 1000;
  assertEquals([en.day(far), en.clock(-far), en.date(far), en.date(NaN)], ["–", "–", "–", "–"]);
});

Deno.test("page: hostile text in a sentence has a direction of its own, and cannot end it", () => {
  assertEquals(isolated("<b> مرحبا"), "\u2068<b> مرحبا\u2069");
  assertEquals(isolated("a\u2069b\u202ec"), "\u2068a\ufffdb\ufffdc\u2069");
});
