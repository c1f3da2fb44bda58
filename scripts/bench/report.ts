import { BASELINE } from "./downloader.ts";
import type { Machine } from "./machine.ts";
import type { Cost } from "./measure.ts";

/** One download of one round. */
export interface Sample extends Cost {
  readonly round: number;
  readonly downloader: string;
  /** Seconds from the first payload byte the seeder sent to the last. */
  readonly transferSeconds: number;
}

/** Medians over the rounds. MB are 1,000,000 bytes, MiB 1,048,576. */
export interface Summary {
  readonly downloader: string;
  /** Payload over wall time, from the start of the process to its end. */
  readonly megabytesPerSecond: number;
  /** Payload over the time from the first byte to the last. */
  readonly transferMegabytesPerSecond: number;
  readonly cpuSeconds: number;
  readonly peakMebibytes: number;
  /** Median of each round's ratio to libtorrent in that round; null without libtorrent. */
  readonly speedRatio: number | null;
  readonly cpuRatio: number | null;
}

/** The result of a run, as it is written to a file. */
export interface Report {
  readonly scenario: string;
  readonly description: string;
  readonly payloadBytes: number;
  readonly rounds: number;
  readonly machine: Machine;
  readonly summaries: readonly Summary[];
  readonly samples: readonly Sample[];
}

/** Middle value; the mean of the two in the middle when their number is even. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? NaN;
  const high = sorted[Math.floor(middle)] ?? NaN;
  return (low + high) / 2;
}

/** One summary for each downloader, in the order given. */
export function summarize(
  downloaders: readonly string[],
  samples: readonly Sample[],
  payloadBytes: number,
): Summary[] {
  const baseline = new Map(
    samples.filter((sample) => sample.downloader === BASELINE).map((sample) => [
      sample.round,
      sample,
    ]),
  );
  return downloaders.map((downloader) => {
    const own = samples.filter((sample) => sample.downloader === downloader);
    const ratios = (of: (sample: Sample, base: Sample) => number): number | null => {
      const all = own.flatMap((sample) => {
        const base = baseline.get(sample.round);
        return base === undefined ? [] : [of(sample, base)];
      });
      return all.length === 0 ? null : median(all);
    };
    const megabytes = payloadBytes / 1e6;
    return {
      downloader,
      megabytesPerSecond: median(own.map((sample) => megabytes / sample.wallSeconds)),
      transferMegabytesPerSecond: median(own.map((sample) => megabytes / sample.transferSeconds)),
      cpuSeconds: median(own.map((sample) => sample.cpuSeconds)),
      peakMebibytes: median(own.map((sample) => sample.peakBytes / 2 ** 20)),
      speedRatio: ratios((sample, base) => base.wallSeconds / sample.wallSeconds),
      cpuRatio: ratios((sample, base) => sample.cpuSeconds / base.cpuSeconds),
    };
  });
}

/** The report for people: a heading line, a table and what it was measured on. */
export function markdown(report: Report): string {
  const ratio = (value: number | null) => value === null ? "–" : value.toFixed(2);
  const rows = report.summaries.map((one) =>
    [
      "",
      one.downloader,
      one.megabytesPerSecond.toFixed(0),
      one.transferMegabytesPerSecond.toFixed(0),
      one.cpuSeconds.toFixed(2),
      one.peakMebibytes.toFixed(0),
      ratio(one.speedRatio),
      ratio(one.cpuRatio),
      "",
    ].join(" | ").trim()
  );
  const { machine } = report;
  const versions = Object.entries(machine.versions).map(([name, version]) =>
    version.toLowerCase().startsWith(name) ? version : `${name} ${version}`
  );
  return [
    `**${report.description}**; medians of ${report.rounds} rounds, interleaved`,
    "",
    "| downloader | MB/s | MB/s, first byte to last | CPU s | peak MiB | × libtorrent's speed | × its CPU |",
    "| --- | --: | --: | --: | --: | --: | --: |",
    ...rows,
    "",
    `${
      machine.date.slice(0, 10)
    }, ${machine.cores} cores (${machine.cpu}), Linux ${machine.kernel}, ` +
    `data on ${machine.fileSystem}; ${versions.join(", ")}`,
    "",
  ].join("\n");
}
