/** Which torrents are shown, in which order, and where the cursor is among them. */
import { comparing } from "../manager/columns.ts";
import type { TopState } from "./model.ts";

/** Filters and sorts anew; the cursor stays on its torrent, or where that was. */
export function arranged(state: TopState): TopState {
  const { torrents, filter, sort, reverse, cursor } = state;
  const all = torrents === null ? [] : [...torrents.values()];
  const shown = (filter === null ? all : all.filter(filter.test)).sort(comparing(sort, reverse));
  const found = cursor === null ? -1 : shown.findIndex(({ hash }) => hash === cursor);
  return moved({ ...state, shown }, found >= 0 ? found : state.index);
}

/** With the cursor at a place, or the nearest there is. */
export function moved(state: TopState, index: number): TopState {
  const { shown } = state;
  const at = Math.max(0, Math.min(index, shown.length - 1));
  return { ...state, index: at, cursor: shown[at]?.hash ?? null };
}

/** With the cursor on the next torrent of this name, from `from` on and around; null: there is none. */
export function found(state: TopState, text: string, from: number, step: 1 | -1): TopState | null {
  const { shown } = state;
  const word = text.toLowerCase();
  for (let i = 0; i < shown.length; i++) {
    const at = (((from + i * step) % shown.length) + shown.length) % shown.length;
    if (shown[at]!.name.toLowerCase().includes(word)) return moved(state, at);
  }
  return null;
}
