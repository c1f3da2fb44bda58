/** The table of torrents: its columns for a width, and the rows that are seen. */
import type { TorrentSummary } from "../../remote/mod.ts";
import { LIST_COLUMNS, type ListColumn } from "../manager/columns.ts";
import { column, fit, printable } from "../printable.ts";
import type { Tone } from "../terminal.ts";
import { type Line, line } from "./line.ts";
import type { TopState } from "./model.ts";

/** In their order on the screen, with what they take, and which stay longest where there is little room. */
const COLUMNS: readonly (readonly [name: string, columns: number, rank: number])[] = [
  ["id", 4, 6],
  ["name", 16, 0],
  ["state", 12, 3],
  ["done", 4, 1],
  ["down", 6, 2],
  ["up", 5, 4],
  ["left", 6, 5],
  ["peers", 5, 8],
  ["ratio", 5, 9],
  ["size", 5, 7],
  ["label", 12, 10],
];
/** Columns that the mark of the cursor takes. */
const MARK = 2;

interface Placed {
  readonly column: ListColumn;
  readonly columns: number;
}

/** The head and `rows` torrents; of no rows, nothing. */
export function listLines(state: TopState, rows: number): Line[] {
  if (rows < 1) return [];
  const { shown, offset, index, columns, torrents, filter } = state;
  const placed = placedFor(columns, widestId(state));
  const head = placed.map(({ column: { title, side }, columns }) => column(title, columns, side));
  const lines = [line(fit(`${" ".repeat(MARK)}${head.join(" ")}`, columns), "strong")];
  for (const [i, torrent] of shown.slice(offset, offset + rows).entries()) {
    const isCursor = offset + i === index;
    const cells = placed.map((place) => cell(torrent, place));
    const text = fit(`${isCursor ? "> " : "  "}${cells.join(" ")}`, columns);
    lines.push(line(text, isCursor ? "inverse" : toneOf(torrent)));
  }
  if (shown.length === 0) lines.push(line(fit(`  ${nothing(torrents, filter)}`, columns), "faint"));
  while (lines.length < rows + 1) lines.push(line(""));
  return lines;
}

function cell(torrent: TorrentSummary, { column: { cell, side }, columns }: Placed): string {
  // an honest name is not so long
  return column(printable(cell(torrent).slice(0, 500)), columns, side);
}

function toneOf({ trouble, state }: TorrentSummary): Tone {
  if (trouble === "local") return "bad";
  if (trouble !== "none") return "warning";
  return state === "stopped" ? "faint" : "plain";
}

function nothing(torrents: TopState["torrents"], filter: TopState["filter"]): string {
  if (torrents === null) return "…";
  if (torrents.size === 0) return "No torrents; tm add hands one over";
  return filter === null ? "" : "None matches the filter; Esc takes it away";
}

/** Numbers only grow: the largest is the widest. */
function widestId({ shown }: TopState): number {
  let most = 0;
  for (const { id } of shown) most = Math.max(most, id);
  return String(most).length;
}

/** The columns there is room for; the name has what is left. */
function placedFor(columns: number, idColumns: number): Placed[] {
  const wanted = COLUMNS.map(([name, least, rank]) => ({
    name,
    rank,
    columns: name === "id" ? Math.max(2, idColumns) : least,
  }));
  const total = (some: readonly { readonly columns: number }[]) =>
    MARK + some.reduce((sum, each) => sum + each.columns + 1, -1);
  let kept = wanted;
  while (total(kept) > columns && kept.length > 1) {
    const last = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== last);
  }
  const free = columns - total(kept);
  return kept.map(({ name, columns }) => ({
    column: LIST_COLUMNS.find((known) => known.name === name)!,
    columns: Math.max(1, name === "name" ? columns + free : columns),
  }));
}
