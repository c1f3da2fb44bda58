/**
 * One client against `tm`, a row of the matrix after the other, both directions: how they find each other without an
 * ordinary tracker. Arguments as in `harness/options.ts`.
 */
import { DIRECTIONS, FEATURES, gapOf } from "../../../scripts/interop/matrix.ts";
import type { ClientKind } from "../clients/client.ts";
import { isChosen, isChosenFeature } from "../harness/options.ts";
import { noted } from "../harness/noted.ts";
import { type Attempt, buildLab, type Lab, startTrial } from "./lab.ts";
import { ATTEMPTS } from "./ways.ts";

/** Trials at a time: they wait most of the time. */
const AT_ONCE = 10;

interface Cell {
  readonly label: string;
  readonly run: (lab: Lab) => Promise<void>;
}

/** Registers the test of a client; a step for each cell. */
export function featureSuite(kind: ClientKind): void {
  Deno.test({
    name: `${kind.name} and tm find each other`,
    ignore: !isChosen(kind.name),
    async fn(context) {
      await using stack = new AsyncDisposableStack();
      const lab = await buildLab(kind, stack);
      const all = cells(kind);
      const outcomes = await pooled(all.map((cell) => () => cell.run(lab)), AT_ONCE);
      for (const [i, { label }] of all.entries()) {
        await context.step(label, () => {
          const outcome = outcomes[i];
          if (outcome?.status !== "fulfilled") throw outcome?.reason;
        });
      }
    },
  });
}

function cells(kind: ClientKind): Cell[] {
  return ATTEMPTS.flatMap(([id, attempts], row) =>
    DIRECTIONS.flatMap((direction, column) => {
      const attempt: Attempt | undefined = attempts[direction];
      const feature = FEATURES.find((one) => one.id === id);
      if (feature === undefined || attempt === undefined) return [];
      if (!isChosenFeature(id)) return [];
      if (gapOf(feature, kind.name, direction) !== null) return [];
      const seed = FIRST_SEED + row * DIRECTIONS.length + column;
      const run = (lab: Lab) =>
        noted(id, kind.name, direction, async () => {
          await attempt(await startTrial(lab, `${id}-${direction}`, seed));
        })();
      const who = direction === "down" ? "tm" : kind.name;
      return [{ label: `${feature.title}: ${who} downloads`, run }];
    })
  );
}

/** Payloads differ from those of the other suites. */
const FIRST_SEED = 100;

/** Runs all, at most `limit` at a time; outcomes in the order of `tasks`. */
async function pooled(
  tasks: readonly (() => Promise<void>)[],
  limit: number,
): Promise<PromiseSettledResult<void>[]> {
  const outcomes: PromiseSettledResult<void>[] = [];
  const queue = tasks.entries();
  await Promise.all(Array.from({ length: limit }, async () => {
    for (const [i, task] of queue) {
      const [outcome] = await Promise.allSettled([task()]);
      outcomes[i] = outcome;
    }
  }));
  return outcomes;
}
