/** Lists from a manager as tables, and as JSON. */
import type { Context } from "../command.ts";
import { loadWidths, printable } from "../printable.ts";
import { type Column, renderTable } from "../table.ts";
import { wrap } from "../wrap.ts";

/** A column and what stands in it. */
export interface Field<T> extends Column {
  /** Terminals of fewer columns leave it out; not given: none does. */
  readonly from?: number;
  cell(item: T): string;
}

/** How a list looks. */
export interface TableStyle<T> {
  readonly fields: readonly Field<T>[];
  /** What is to be said below an entry, null: nothing. */
  readonly note?: (item: T) => string | null;
  /** Entries that stand out. */
  readonly isBad?: (item: T) => boolean;
}

const NOTE_INDENT = "    ";

/** The fields for the terminal there is. */
export function fieldsFor<F extends { readonly from?: number }>(
  fields: readonly F[],
  columns: number | null,
): F[] {
  // one column of a terminal stays free
  const wide = columns === null ? Number.MAX_VALUE : columns + 1;
  return fields.filter(({ from = 0 }) => from <= wide);
}

/** Prints the table; -q leaves out its head. */
export async function showTable<T>(
  { terminal, quiet }: Context,
  { fields, note, isBad }: TableStyle<T>,
  items: readonly T[],
): Promise<void> {
  const shown = fieldsFor(fields, terminal.columns);
  const rows = items.map((item) => shown.map(({ cell }) => cell(item)));
  await loadWidths(rows.flat());
  const [head = "", ...lines] = renderTable(shown, rows, terminal.columns);
  const out = quiet ? [] : [terminal.paint(head, "strong")];
  for (const [i, item] of items.entries()) {
    const line = lines[i] ?? "";
    out.push(isBad?.(item) ? terminal.paint(line, "warning") : line);
    const words = note?.(item) ?? null;
    if (words !== null) out.push(...noteLines(words, terminal.columns));
  }
  // one write: a thousand lines are a thousand system calls otherwise
  if (out.length > 0) terminal.print(out.join("\n"));
}

function noteLines(words: string, columns: number | null): string[] {
  const line = printable(words);
  return columns === null ? [NOTE_INDENT + line] : wrap(line, columns, NOTE_INDENT);
}
