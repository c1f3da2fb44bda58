/** Guesses what somebody meant to type. */

/** The one of `known` nearest to `typed`, or null when none is near: two slips at most, or a beginning of one. */
export function suggest(typed: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(2, Math.floor(typed.length / 2)) + 1;
  for (const candidate of known) {
    const slips = distance(typed, candidate);
    if (slips < least) [best, least] = [candidate, slips];
  }
  if (best !== null || typed.length < 3) return best;
  const beginnings = known.filter((candidate) => candidate.startsWith(typed));
  return beginnings.length === 1 ? beginnings[0]! : null;
}

/** Insertions, deletions, changes and swaps of neighbours that lead from `a` to `b`. */
function distance(a: string, b: string): number {
  // Names are short, but what was typed need not be.
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(change, above[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
