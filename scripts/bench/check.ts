import { medianOf, medianRatio, type Metric, type Sample } from "./metric.ts";

/** The program whose figures are judged. */
export const OURS = "tm";

/** What a figure must come to. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** One demand on a scenario's result: on tm's own figure, or on its ratio to another program's. */
export interface Check {
  readonly metric: Metric;
  /** Null: the figure itself is bounded. */
  readonly over: string | null;
  readonly bound: Bound;
}

/** How a check came out. */
export interface Verdict extends Check {
  /** Median of each round's ratio, or of tm's figures; null when the run did not measure it. */
  readonly value: number | null;
  readonly met: boolean;
}

/** Judges the samples of a run; what was not measured is not met. */
export function judge(check: Check, samples: readonly Sample[]): Verdict {
  const value = check.over === null
    ? medianOf(samples, OURS, check.metric)
    : medianRatio(samples, check.metric, OURS, check.over);
  return { ...check, value, met: value !== null && holds(check.bound, value) };
}

function holds(bound: Bound, value: number): boolean {
  return "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;
}
