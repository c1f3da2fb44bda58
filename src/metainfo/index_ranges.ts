/** Sets of file numbers as magnet links and command lines write them: `0,2,4-6` (BEP 53). */

/** The numbers from `from` to `to`, both included. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads `0,2,4-6`: in order, apart from one another, all from `least` to `most`. Null when it is anything else, or
 * empty.
 */
export function parseRanges(text: string, least: number, most: number): IndexRange[] | null {
  const ranges: IndexRange[] = [];
  for (const part of text.split(",")) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    if (match === null) return null;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (from < least || to < from || to > most) return null;
    ranges.push({ from, to });
  }
  return merged(ranges);
}

/** How many numbers the ranges hold. */
export function countOf(ranges: readonly IndexRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** `0,2,4-6` again. */
export function formatRanges(ranges: readonly IndexRange[]): string {
  return ranges.map(({ from, to }) => from === to ? `${from}` : `${from}-${to}`).join(",");
}

function merged(ranges: IndexRange[]): IndexRange[] {
  ranges.sort((a, b) => a.from - b.from);
  const out: IndexRange[] = [];
  for (const range of ranges) {
    const last = out.at(-1);
    if (last === undefined || range.from > last.to + 1) out.push(range);
    else out[out.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return out;
}
