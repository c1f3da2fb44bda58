import { assert, assertEquals } from "@std/assert";
import { markdown, median, type Sample, summarize } from "../../scripts/bench/report.ts";

function sample(round: number, downloader: string, wallSeconds: number, cpuSeconds = 1): Sample {
  return { round, downloader, wallSeconds, cpuSeconds, peakBytes: 2 ** 20, transferSeconds: 1 };
}

Deno.test("median is the middle value, or the mean of the two in the middle", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 2.5);
  assertEquals(median([7]), 7);
});

Deno.test("a ratio compares with libtorrent in the same round, not with its median", () => {
  // The machine is twice as slow in each following round, for both.
  const samples = [1, 2, 4].flatMap((slow, round) => [
    sample(round, "tm", slow, 3),
    sample(round, "libtorrent", slow * 2, 2),
  ]);
  const [tm] = summarize(["tm", "libtorrent"], samples, 100e6);
  assertEquals(tm?.speedRatio, 2);
  assertEquals(tm?.cpuRatio, 1.5);
  assertEquals(tm?.megabytesPerSecond, 50);
});

Deno.test("without libtorrent in the run there is no ratio", () => {
  const summaries = summarize(["tm"], [sample(0, "tm", 1)], 1e6);
  assertEquals(summaries[0]?.speedRatio, null);
  const table = markdown({
    scenario: "s",
    description: "d",
    payloadBytes: 1e6,
    rounds: 1,
    machine: {
      date: "2026-01-02T00:00:00Z",
      cores: 2,
      cpu: "c",
      kernel: "6",
      fileSystem: "tmpfs",
      versions: { tm: "tm 1" },
    },
    summaries,
    samples: [],
  });
  assert(table.includes("| tm | 1 | 1 | 1.00 | 1 | – | – |"), table);
  assert(table.includes("2026-01-02, 2 cores"), table);
});
