/** What `tm top` looks like: the lines of a screen, of a state. Only what is seen is made. */
import { json } from "../../remote/mod.ts";
import { fit, printable } from "../printable.ts";
import { formatRate } from "../units.ts";
import { footer } from "./footer.ts";
import { helpLines } from "./help_lines.ts";
import { layout } from "./layout.ts";
import { bar, type Line, line } from "./line.ts";
import { current, type TopState } from "./model.ts";
import { panelLines } from "./panel_lines.ts";
import { listLines } from "./list_lines.ts";

/** Exactly as many lines as the screen has, none wider than it. */
export function render(state: TopState): Line[] {
  const { rows } = state;
  const { footer: foot } = layout(state);
  const top = [title(state), ...(state.help === null ? body(state) : help(state))];
  const bottom = footer(state).slice(-foot);
  const space = Math.max(0, rows - bottom.length);
  const filled = [...top.slice(0, space)];
  while (filled.length < space) filled.push(line(""));
  return [...filled, ...bottom].slice(0, rows);
}

function title(state: TopState): Line {
  const { host, torrents, shown, filter, sort, reverse, columns, session } = state;
  const all = torrents?.size ?? 0;
  const count = shown.length === all ? `${all}` : `${shown.length} of ${all}`;
  const words = [
    `tm top ${host}`,
    torrents === null ? "waiting for an answer" : `${count} torrent${all === 1 ? "" : "s"}`,
    ...(filter === null ? [] : [printable(filter.text)]),
    ...(sort.name === "id" && !reverse ? [] : [`by ${sort.name}${reverse ? ", reversed" : ""}`]),
    ...(json.flag(session, "alt-speed-enabled") ? ["alternative limits"] : []),
  ];
  const rates = `↓ ${formatRate(state.downRate)} ↑ ${formatRate(state.upRate)} `;
  return bar(` ${words.join(" · ")}`, rates, columns, "inverse");
}

function help({ columns, rows, help }: TopState): Line[] {
  const from = help ?? 0;
  const lines = helpLines(columns).slice(from, from + Math.max(0, rows - 3));
  return [...lines.map((each) => line(fit(` ${each}`, columns)))];
}

function body(state: TopState): Line[] {
  const { torrents, panel } = layout(state);
  return [...listLines(state, torrents), ...panelView(state, panel)];
}

function panelView(state: TopState, height: number): Line[] {
  const { panel, columns } = state;
  if (panel === null || height < 1) return [];
  const { head, length, slice } = panelLines(state);
  const { focused, offset, cursor, tab } = panel;
  const rows = Math.max(0, height - 1 - head);
  const name = printable((current(state)?.name ?? "").slice(0, 500));
  const more = length > rows
    ? `${offset + 1}-${Math.min(length, offset + rows)} of ${length} `
    : "";
  const titleLine = bar(`${focused ? ">" : " "}${tab}: ${name}`, more, columns, "inverse");
  const lines = slice(offset, offset + rows).map((each, i) => {
    const isCursor = tab === "files" && focused && head === 1 && i - head === cursor - offset;
    const text = fit(`${isCursor ? "> " : "  "}${each}`, columns);
    return line(text, isCursor ? "inverse" : i < head ? "strong" : "plain");
  });
  const out = [titleLine, ...lines];
  while (out.length < height) out.push(line(""));
  return out;
}
