/** What the panel shows, as a table whose head stays while the rest scrolls. */
import { FILE_LIST } from "../commands/files.ts";
import { PEER_LIST } from "../commands/peers.ts";
import { TRACKER_LIST } from "../commands/trackers.ts";
import type { DetailList } from "../manager/detail_command.ts";
import { type Pair, renderPairs } from "../manager/pairs.ts";
import { type Field, fieldsFor } from "../manager/show_table.ts";
import { statusPairs } from "../manager/status_pairs.ts";
import type { RemoteTracker } from "../../remote/mod.ts";
import { printable } from "../printable.ts";
import { renderTable } from "../table.ts";
import { wrap } from "../wrap.ts";
import type { Content, TopState } from "./model.ts";

/** Before what a tracker said. */
const NOTE_INDENT = "    ";

/** Lines of a panel; only those that are asked for are made. */
export interface PanelLines {
  /** Lines that stand still above the others: 1 of a table. */
  readonly head: 0 | 1;
  /** Lines that can be scrolled. */
  readonly length: number;
  /** The head, and of what is scrolled line `from` up to, and without, `to`. */
  slice(from: number, to: number): readonly string[];
}

/** The lines of the open panel, or what is to be said in their place. */
export function panelLines({ panel, columns, date }: TopState): PanelLines {
  const content = panel?.content ?? null;
  if (content === null) return plain(["…"]);
  if (content === "gone") return plain(["It is gone"]);
  const wide = Math.max(1, columns - 2);
  switch (content.tab) {
    case "details":
      return plain(renderPairs(detailPairs(content), wide));
    case "files":
      return table(FILE_LIST, content.files, wide, date);
    case "peers":
      return table(PEER_LIST, content.peers, wide, date);
    case "trackers":
      return trackerLines(content.trackers, wide, date);
  }
}

function detailPairs({ status, reasons }: Extract<Content, { tab: "details" }>): Pair[] {
  const { causes } = reasons;
  const [name, number, hash, state, ...rest] = statusPairs(status);
  const why = causes.flatMap(({ text, advice }, i): Pair[] => [
    [i === 0 ? "Why" : "", text],
    ["", advice === "" ? null : `→ ${advice}`],
  ]);
  return [name, number, hash, state, ...why, ...rest].filter((pair) => pair !== undefined);
}

/** What a tracker said stands below it. */
function trackerLines(
  trackers: readonly RemoteTracker[],
  columns: number,
  date: number,
): PanelLines {
  const items = trackers.map((tracker, i) => ({ number: i + 1, ...tracker }));
  if (items.length === 0) return plain([TRACKER_LIST.sum(items) ?? ""]);
  const { fields, note } = TRACKER_LIST.style(date);
  const [head = "", ...rows] = render(fieldsFor(fields, columns), items, columns);
  const lines = items.flatMap((item, i) => {
    const words = note?.(item) ?? null;
    const said = words === null ? [] : wrap(printable(words), columns, NOTE_INDENT);
    return [rows[i] ?? "", ...said];
  });
  return {
    head: 1,
    length: lines.length,
    slice: (from, to) => [head, ...lines.slice(from, to)],
  };
}

function table<T>(
  { style, sum }: DetailList<T>,
  items: readonly T[],
  columns: number,
  date: number,
): PanelLines {
  if (items.length === 0) return plain([sum(items) ?? ""]);
  const shown = fieldsFor(style(date).fields, columns);
  // a column is as wide as what is seen of it needs
  return {
    head: 1,
    length: items.length,
    slice: (from, to) => render(shown, items.slice(from, to), columns),
  };
}

function render<T>(fields: readonly Field<T>[], items: readonly T[], columns: number): string[] {
  return renderTable(fields, items.map((item) => fields.map(({ cell }) => cell(item))), columns);
}

function plain(lines: readonly string[]): PanelLines {
  return { head: 0, length: lines.length, slice: (from, to) => lines.slice(from, to) };
}
