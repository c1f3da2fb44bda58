import { type Figures, format, METRICS, type Sample } from "./metric.ts";

/** What a scenario runs with. */
export interface Bench {
  /** The binary under test. */
  readonly tm: string;
  /** For everything it writes; empty, and gone afterwards. */
  readonly folder: string;
  readonly rounds: number;
  /** Aborted when the whole run is to end. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** A program and what it does when it is its turn. */
export interface Turn {
  readonly name: string;
  readonly perform: (round: number) => Promise<Figures>;
}

/**
 * Has the programs take turns, as many rounds as the bench has. Whoever runs first in a round may find a
 * warmer or colder machine, so the order turns by one from round to round.
 */
export async function interleave(turns: readonly Turn[], bench: Bench): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    for (const { name, perform } of turned(turns, round)) {
      bench.signal.throwIfAborted();
      const figures = await perform(round);
      samples.push({ round, program: name, figures });
      const count = `round ${round + 1}/${bench.rounds}`;
      bench.say(`  ${count}  ${name.padEnd(12)} ${inWords(figures)}`);
    }
  }
  return samples;
}

/** The list from `shift` on, its beginning at its end. */
export function turned<T>(list: readonly T[], shift: number): T[] {
  const at = list.length === 0 ? 0 : shift % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function inWords(figures: Figures): string {
  const metrics = Object.keys(METRICS) as (keyof typeof METRICS)[];
  return metrics.flatMap((metric) => {
    const value = figures[metric];
    return value === undefined ? [] : [`${format(metric, value)} ${METRICS[metric].unit}`];
  }).join(", ");
}
