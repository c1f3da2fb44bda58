/** The one table that everything listed is printed with. */
import { column, printable, width } from "./printable.ts";

/** A column: numbers stand right, and one column may give way when the line is too long. */
export interface Column {
  readonly title: string;
  readonly side?: "left" | "right";
  /** Cut when the table is wider than the terminal. */
  readonly shrinks?: boolean;
}

const GAP = 2;
const LEAST = 8;

/** Lines of a table, titles first. `columns` is the width to stay within, null for no bound (a file or pipe). */
export function renderTable(
  head: readonly Column[],
  rows: readonly (readonly string[])[],
  columns: number | null,
): string[] {
  const safe = rows.map((row) => row.map(printable));
  const widths = head.map(({ title }, i) =>
    Math.max(width(title), ...chunkedMax(safe, (row) => width(row[i] ?? "")))
  );
  if (columns !== null) shrink(head, widths, columns);
  const line = (cells: readonly string[]) =>
    head.map(({ side }, i) => column(cells[i] ?? "", widths[i]!, side)).join(" ".repeat(GAP))
      .trimEnd();
  return [line(head.map(({ title }) => title)), ...safe.map(line)];
}

/** The greatest figure of many rows; a torrent may have more files than a call may have arguments. */
function chunkedMax(rows: readonly (readonly string[])[], of: (row: readonly string[]) => number) {
  let most = 0;
  for (const row of rows) most = Math.max(most, of(row));
  return [most];
}

function shrink(head: readonly Column[], widths: number[], columns: number): void {
  const over = widths.reduce((sum, each) => sum + each, GAP * (widths.length - 1)) - columns;
  const index = head.findIndex(({ shrinks }) => shrinks === true);
  if (over > 0 && index >= 0) widths[index] = Math.max(LEAST, widths[index]! - over);
}
