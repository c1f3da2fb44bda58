import { OURS, type Verdict } from "./check.ts";
import { format, type Metric, METRICS } from "./metric.ts";
import { footer, type Report, row } from "./report.ts";

/** The columns of their own; everyone else shares one. */
const COLUMNS = [OURS, "libtorrent"] as const;

/** One table of all that the project demands of itself, a row a check. */
export function table(reports: readonly Report[]): string {
  const rows = reports.flatMap((report) => report.verdicts.map((one) => line(report, one)));
  const machine = reports[0]?.machine;
  return [
    row(["work", "in", ...COLUMNS, "others", "ratio", "demanded", "met"]),
    row(["---", "---", "--:", "--:", "---", "--:", "---", "---"]),
    ...rows,
    "",
    machine === undefined ? "" : footer({ ...machine, versions: versions(reports) }),
    "",
  ].join("\n");
}

function line(report: Report, verdict: Verdict): string {
  const { metric, over, value, met } = verdict;
  const figure = (program: string) =>
    report.summaries.find((one) => one.program === program)?.figures[metric];
  const others = report.summaries.map((one) => one.program)
    .filter((program) => !COLUMNS.some((column) => column === program))
    .flatMap((program) => {
      const own = figure(program);
      return own === undefined ? [] : [`${program} ${format(metric, own)}`];
    });
  return row([
    report.title,
    METRICS[metric].unit,
    ...COLUMNS.map((program) => format(metric, figure(program) ?? null)),
    others.join(", "),
    over === null ? "" : value?.toFixed(2) ?? "–",
    demand(verdict, metric),
    met ? "yes" : "no",
  ]);
}

/** As "at most 0.80 of libtorrent" or "at most 200 MiB". */
function demand({ bound, over }: Verdict, metric: Metric): string {
  const [word, limit] = "atLeast" in bound
    ? ["at least", bound.atLeast] as const
    : ["at most", bound.atMost] as const;
  return over === null
    ? `${word} ${limit} ${METRICS[metric].unit}`
    : `${word} ${limit.toFixed(2)} × ${over}`;
}

/** Of every program in any of the reports. */
function versions(reports: readonly Report[]): Record<string, string> {
  return Object.assign({}, ...reports.map((one) => one.machine.versions));
}
