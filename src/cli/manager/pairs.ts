/** Lines of a name and a value each, the values in one column. */
import { fit, printable, width } from "../printable.ts";
import { wrap } from "../wrap.ts";

/** A line, or null for an empty one; a value that is null is left out. */
export type Pair = readonly [name: string, value: string | null] | null;

const GAP = 2;
/** Columns of a value; a stranger's may have no end. */
const MOST = 2000;

/** The lines; long values go on in the next line, a link stays whole. `columns` null: no bound. */
export function renderPairs(pairs: readonly Pair[], columns: number | null): string[] {
  const shown = pairs.filter((pair) => pair === null || pair[1] !== null);
  const widest = Math.max(0, ...shown.map((pair) => pair === null ? 0 : width(pair[0])));
  return shown.flatMap((pair) => {
    if (pair === null) return [""];
    const first = pair[0].padEnd(widest + GAP);
    const value = fit(printable(pair[1] ?? ""), MOST);
    if (columns === null) return [`${first}${value}`.trimEnd()];
    return wrap(value, columns, first).map((line) => line.trimEnd());
  });
}
