import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Machine } from "../../../scripts/bench/machine.ts";
import type { Sample } from "../../../scripts/bench/metric.ts";
import { markdown, summarize } from "../../../scripts/bench/report.ts";
import type { Scenario } from "../../../scripts/bench/scenario.ts";
import { table } from "../../../scripts/bench/table.ts";

const MACHINE: Machine = {
  date: "2026-01-02T00:00:00Z",
  cores: 2,
  cpu: "c",
  kernel: "6",
  fileSystem: "tmpfs",
  versions: { tm: "tm 1", aria2: "2" },
};

const SCENARIO: Scenario = {
  name: "s",
  title: "a title",
  rounds: 1,
  baseline: "libtorrent",
  work: { kind: "start", programs: [] },
  checks: [
    { metric: "speed", over: "libtorrent", bound: { atLeast: 1.25 } },
    { metric: "cpuSeconds", over: "libtorrent", bound: { atMost: 0.8 } },
    { metric: "peakMebibytes", over: null, bound: { atMost: 200 } },
  ],
};

const SAMPLES: readonly Sample[] = [
  { round: 0, program: "tm", figures: { speed: 120, cpuSeconds: 1, peakMebibytes: 150 } },
  { round: 0, program: "libtorrent", figures: { speed: 100, cpuSeconds: 2, peakMebibytes: 9 } },
  { round: 0, program: "aria2", figures: { speed: 50, cpuSeconds: 3 } },
];

Deno.test("a scenario's table has the metrics that were measured, and ratios to the baseline", () => {
  const text = markdown(summarize(SCENARIO, SAMPLES, MACHINE));
  for (
    const line of [
      "| program | MB/s | CPU s | peak MiB | × libtorrent's MB/s | × libtorrent's CPU s |",
      "| tm | 120 | 1.00 | 150 | 1.20 | 0.50 |",
      "| aria2 | 50 | 3.00 | – | 0.50 | 1.50 |",
      "2026-01-02, 2 cores (c), Linux 6, data on tmpfs; tm 1, aria2 2",
    ]
  ) assertStringIncludes(text, `${line}\n`);
});

Deno.test("without the baseline in the run there is no ratio", () => {
  const text = markdown(summarize(SCENARIO, SAMPLES.slice(0, 1), MACHINE));
  assertStringIncludes(text, "| program | MB/s | CPU s | peak MiB |\n");
  assertStringIncludes(text, "| tm | 120 | 1.00 | 150 |\n");
});

Deno.test("the table of all has a row a check, which says whether it is met", () => {
  const text = table([summarize(SCENARIO, SAMPLES, MACHINE)]);
  assertEquals(text.split("\n").slice(2, 5), [
    "| a title | MB/s | 120 | 100 | aria2 50 | 1.20 | at least 1.25 × libtorrent | no |",
    "| a title | CPU s | 1.00 | 2.00 | aria2 3.00 | 0.50 | at most 0.80 × libtorrent | yes |",
    "| a title | MiB | 150 | 9 |  |  | at most 200 MiB | yes |",
  ]);
});

Deno.test("a check whose other program did not run is not met", () => {
  const text = table([summarize(SCENARIO, SAMPLES.slice(0, 1), MACHINE)]);
  assertStringIncludes(
    text,
    "| a title | MB/s | 120 | – |  | – | at least 1.25 × libtorrent | no |",
  );
});
