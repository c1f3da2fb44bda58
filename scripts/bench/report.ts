import { judge, type Verdict } from "./check.ts";
import type { Machine } from "./machine.ts";
import {
  type Figures,
  format,
  medianOf,
  medianRatio,
  type Metric,
  METRICS,
  type Sample,
} from "./metric.ts";
import type { Scenario } from "./scenario.ts";

/** Medians of one program over the rounds. */
export interface Summary {
  readonly program: string;
  readonly figures: Figures;
  /** Medians of each round's ratio to the baseline in that round; empty without one. */
  readonly ratios: Figures;
}

/** The result of a scenario, as it is written to a file. */
export interface Report {
  readonly scenario: string;
  readonly title: string;
  readonly rounds: number;
  readonly baseline: string | null;
  readonly machine: Machine;
  readonly summaries: readonly Summary[];
  readonly verdicts: readonly Verdict[];
  readonly samples: readonly Sample[];
}

/** Metrics whose ratio to the baseline the table shows. */
const COMPARED: readonly Metric[] = ["speed", "cpuSeconds", "seederCpuSeconds"];

const ALL = Object.keys(METRICS) as Metric[];

/** Sums up what a scenario measured. */
export function summarize(
  scenario: Scenario,
  samples: readonly Sample[],
  machine: Machine,
): Report {
  const { name, title, rounds, baseline } = scenario;
  const programs = [...new Set(samples.filter((one) => one.round === 0).map((one) => one.program))];
  return {
    scenario: name,
    title,
    rounds,
    baseline,
    machine,
    summaries: programs.map((program) => ({
      program,
      figures: collect(ALL, (metric) => medianOf(samples, program, metric)),
      ratios: baseline === null
        ? {}
        : collect(COMPARED, (metric) => medianRatio(samples, metric, program, baseline)),
    })),
    verdicts: scenario.checks.map((check) => judge(check, samples)),
    samples,
  };
}

function collect(metrics: readonly Metric[], of: (metric: Metric) => number | null): Figures {
  return Object.fromEntries(
    metrics.map((metric) => [metric, of(metric)]).filter(([, value]) => value !== null),
  );
}

/** One scenario for people: a heading line, a table and what it was measured on. */
export function markdown(report: Report): string {
  const metrics = ALL.filter((metric) => report.summaries.some((one) => metric in one.figures));
  const compared = COMPARED.filter((metric) =>
    report.summaries.some((one) => metric in one.ratios)
  );
  const heading = (metric: Metric) => METRICS[metric].heading;
  const rows = report.summaries.map(({ program, figures, ratios }) =>
    row([
      program,
      ...metrics.map((metric) => format(metric, figures[metric] ?? null)),
      ...compared.map((metric) => ratios[metric]?.toFixed(2) ?? "–"),
    ])
  );
  return [
    `**${report.title}**; medians of ${report.rounds} rounds, interleaved`,
    "",
    row([
      "program",
      ...metrics.map(heading),
      ...compared.map((metric) => `× ${report.baseline}'s ${heading(metric)}`),
    ]),
    row(["---", ...[...metrics, ...compared].map(() => "--:")]),
    ...rows,
    "",
    footer(report.machine),
    "",
  ].join("\n");
}

/** When, where and with what. */
export function footer(machine: Machine): string {
  const { date, cores, cpu, kernel, fileSystem } = machine;
  const versions = Object.entries(machine.versions).map(([name, version]) =>
    version.toLowerCase().startsWith(name) ? version : `${name} ${version}`
  );
  return `${date.slice(0, 10)}, ${cores} cores (${cpu}), Linux ${kernel}, ` +
    `data on ${fileSystem}; ${versions.join(", ")}`;
}

/** A line of a Markdown table. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
