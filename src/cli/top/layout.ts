/** How many lines of the screen each part has. */
import { footer } from "./footer.ts";
import { panelLines } from "./panel_lines.ts";
import type { TopState } from "./model.ts";

/** Lines between title and footer below which list and panel do not fit together. */
const TOO_FEW = 9;
/** The part of the list above a panel, when it is long. */
const LIST_SHARE = 0.4;

/** Heights in lines; 0: not shown. */
export interface Layout {
  /** Torrents, without the head of their table. */
  readonly torrents: number;
  /** The panel, with its title. */
  readonly panel: number;
  /** What is below the list. */
  readonly footer: number;
}

/** Divides the screen. */
export function layout(state: TopState): Layout {
  const foot = Math.min(footer(state).length, Math.max(1, state.rows - 2));
  const body = Math.max(0, state.rows - 1 - foot);
  const list = listHeight(state, body);
  return { torrents: Math.max(0, list - 1), panel: body - list, footer: foot };
}

/** True when a panel takes the place of the list. */
export function isSmall(state: TopState): boolean {
  return state.rows - 3 < TOO_FEW;
}

/** Lines that can be scrolled in the panel: its table without the head. */
export function panelView(state: TopState): { readonly rows: number; readonly length: number } {
  const { head, length } = panelLines(state);
  return { rows: Math.max(1, layout(state).panel - 1 - head), length };
}

function listHeight({ panel, rows, shown }: TopState, body: number): number {
  if (panel === null) return body;
  if (rows - 3 < TOO_FEW) return panel.focused ? 0 : body;
  return Math.max(2, Math.min(shown.length + 1, Math.floor(body * LIST_SHARE)));
}
