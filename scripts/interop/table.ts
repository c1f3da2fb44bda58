/** The interop matrix as text for a terminal and as Markdown for the README. */
import { CLIENTS, DIRECTIONS, FEATURES, gapOf } from "./matrix.ts";
import type { Client, Direction, Feature } from "./matrix.ts";
import { markOf, type Note } from "./notes.ts";

const ARROWS: Readonly<Record<Direction, string>> = { down: "↓", up: "↑" };
const LEGEND = "↓ they seed, tm downloads; ↑ tm seeds, they download";

/** A row's title and a cell for each client and direction, in their order. */
type Row = readonly string[];

interface Content {
  readonly rows: readonly Row[];
  /** Each with its letter. */
  readonly footnotes: readonly string[];
}

/** The columns after the first. */
const COLUMNS = CLIENTS.flatMap((client) =>
  DIRECTIONS.map((direction) => ({ client, direction, head: `${client} ${ARROWS[direction]}` }))
);

/** Rows and footnotes; `mark` says what a cell that is no gap shows. */
function content(mark: (feature: Feature, client: Client, direction: Direction) => string) {
  const reasons: string[] = [];
  const rows = FEATURES.map((feature) => {
    const cells = COLUMNS.map(({ client, direction }) => {
      const reason = gapOf(feature, client, direction);
      if (reason === null) return mark(feature, client, direction);
      if (!reasons.includes(reason)) reasons.push(reason);
      return `– ${letter(reasons.indexOf(reason))}`;
    });
    return [feature.title, ...cells];
  });
  return { rows, footnotes: reasons.map((reason, i) => `${letter(i)}: ${reason}`) };
}

function letter(index: number): string {
  return String.fromCharCode("a".charCodeAt(0) + index);
}

/** At most 100 columns wide. */
export function asText(notes: readonly Note[], versions: string): string {
  const { rows, footnotes }: Content = content((...cell) => markOf(notes, ...cell));
  const width = Math.max(...rows.map(([title]) => title?.length ?? 0));
  const heads = CLIENTS.map((client) => client.padEnd(CELL * 2)).join("");
  const arrows = COLUMNS.map(({ direction }) => ARROWS[direction].padEnd(CELL)).join("");
  const lines = rows.map(([title = "", ...cells]) =>
    title.padEnd(width + 2) + cells.map((cell) => cell.padEnd(CELL)).join("")
  );
  const indent = " ".repeat(width + 2);
  return [indent + heads, indent + arrows, ...lines, "", LEGEND, ...footnotes, versions]
    .map((line) => line.trimEnd()).join("\n");
}

/** Columns of a terminal for a cell. */
const CELL = 7;

/** As in the README. */
export function asMarkdown(notes: readonly Note[], versions: string): string {
  const { rows, footnotes } = content((...cell) => markOf(notes, ...cell));
  const all: Row[] = [["what", ...COLUMNS.map(({ head }) => head)], ...rows];
  const widths = all[0]?.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0))) ?? [];
  const line = (row: Row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = all.map(line);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [
    head,
    rule,
    ...body,
    "",
    `${LEGEND}. –: cannot be.`,
    "",
    ...footnotes.map((line) => `- ${line}`),
    "",
    versions,
    "",
  ].join("\n");
}

/** What is wrong with the table in a README: rows or cells that the matrix declares otherwise. */
export function faults(readme: string): string[] {
  const expected = content(() => "ok").rows.map((row) => row.join(" | "));
  const heads = ["what", ...COLUMNS.map(({ head }) => head)].join(" | ");
  const table = tableBelow(readme, heads);
  if (table === null) return [`No table with the columns ${heads}`];
  const wrong: string[] = [];
  for (const row of expected) if (!table.includes(row)) wrong.push(`Expected the row ${row}`);
  for (const row of table) if (!expected.includes(row)) wrong.push(`Unknown row ${row}`);
  return wrong;
}

/** The rows of the Markdown table with these heads, without their padding; null when there is none. */
function tableBelow(text: string, heads: string): string[] | null {
  const lines = text.split("\n").map((line) =>
    /^\|.*\|$/.test(line)
      ? line.slice(1, -1).split("|").map((cell) => cell.trim()).join(" | ")
      : null
  );
  const start = lines.indexOf(heads);
  if (start < 0) return null;
  const end = lines.findIndex((line, i) => i > start && line === null);
  return lines.slice(start + 2, end < 0 ? undefined : end).filter((line) => line !== null);
}
