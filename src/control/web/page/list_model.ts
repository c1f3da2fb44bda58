/** What of the list is shown and in what order, and what is selected: functions of values. */
import type { Row } from "../row.ts";

/** A column that can be sorted by. */
export type Column =
  | "name"
  | "state"
  | "progress"
  | "down"
  | "up"
  | "eta"
  | "peers"
  | "ratio"
  | "size"
  | "added"
  | "place";

/** Which torrents are shown. */
export type Filter =
  | { readonly kind: "all" | "active" | "downloading" | "seeding" | "stopped" | "troubled" }
  | { readonly kind: "label"; readonly label: string };

/** What the list is asked to show. */
export interface Wish {
  readonly filter: Filter;
  readonly search: string;
  readonly column: Column;
  readonly descending: boolean;
}

/** Chosen torrents. `active` has the keyboard; `anchor` is where a range with Shift begins. */
export interface Selection {
  readonly chosen: ReadonlySet<number>;
  readonly active: number | null;
  readonly anchor: number | null;
}

export const NOTHING_CHOSEN: Selection = { chosen: new Set(), active: null, anchor: null };

/** How a row is chosen: alone, besides others, or with all between. */
export type Manner = "alone" | "toggle" | "range";

const STATES: readonly Row["state"][] = [
  "downloading",
  "seeding",
  "checking",
  "check-wait",
  "download-wait",
  "seed-wait",
  "stopped",
];

/** What a torrent does, said in more detail. */
type Extra = "nameless" | "unchosen" | "finished" | "stalled" | "broken";

/** The word for what a torrent does. */
export function stateWord(row: Row): Row["state"] | Extra {
  if (row.broken) return "broken";
  if (row.finished && row.state === "stopped") return "finished";
  if (row.nameless && row.state === "downloading") return "nameless";
  if (row.unchosen && !row.state.startsWith("check")) return "unchosen";
  if (row.stalled && (row.state === "downloading" || row.state === "seeding")) return "stalled";
  return row.state;
}

/** The rows to show, in order. Rows that compare equal keep the order they were added in. */
export function shownRows(rows: Iterable<Row>, wish: Wish, collator: Intl.Collator): Row[] {
  const words = wish.search.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
  const shown: Row[] = [];
  for (const row of rows) if (fits(row, wish.filter) && matches(row, words)) shown.push(row);
  const sign = wish.descending ? -1 : 1;
  const order = orderOf(wish.column, collator);
  return shown.sort((a, b) => sign * order(a, b) || a.id - b.id);
}

/** Every label there is, in order. */
export function labelsOf(rows: Iterable<Row>): string[] {
  const labels = new Set<string>();
  for (const row of rows) for (const label of row.labels) labels.add(label);
  return [...labels].sort();
}

/** What is chosen after a row was clicked, or reached by the keyboard. */
export function choose(
  before: Selection,
  shown: readonly Row[],
  id: number,
  manner: Manner,
): Selection {
  switch (manner) {
    case "alone":
      return { chosen: new Set([id]), active: id, anchor: id };
    case "toggle": {
      const chosen = new Set(before.chosen);
      if (!chosen.delete(id)) chosen.add(id);
      return { chosen, active: id, anchor: id };
    }
    case "range": {
      const at = shown.findIndex((row) => row.id === id);
      const from = shown.findIndex((row) => row.id === before.anchor);
      if (from < 0) return choose(before, shown, id, "alone");
      const between = shown.slice(Math.min(at, from), Math.max(at, from) + 1);
      return { chosen: new Set(between.map((row) => row.id)), active: id, anchor: before.anchor };
    }
  }
}

/** The row that is `step` rows from the active one, held to the ends; null: there is none. */
export function stepFrom(shown: readonly Row[], active: number | null, step: number): Row | null {
  const at = shown.findIndex((row) => row.id === active);
  // from before the first, or from after the last
  const wanted = step + (at >= 0 || step > 0 ? at : shown.length);
  return shown[Math.max(0, Math.min(shown.length - 1, wanted))] ?? null;
}

/**
 * The same without torrents that are gone. The keyboard is then at the next of `shownBefore`, as the list was, or at the
 * one before; which is not chosen, since nobody did.
 */
export function withoutGone(
  before: Selection,
  rows: ReadonlyMap<number, Row>,
  shownBefore: readonly Row[] = [],
): Selection {
  const chosen = [...before.chosen].filter((id) => rows.has(id));
  const activeGone = before.active !== null && !rows.has(before.active);
  if (chosen.length === before.chosen.size && !activeGone) return before;
  const kept = (id: number | null) => {
    if (id === null || rows.has(id)) return id;
    const at = shownBefore.findIndex((row) => row.id === id);
    if (at < 0) return null;
    const isThere = (row: Row) => rows.has(row.id);
    const next = shownBefore.slice(at + 1).find(isThere) ??
      shownBefore.slice(0, at).findLast(isThere);
    return next?.id ?? null;
  };
  return { chosen: new Set(chosen), active: kept(before.active), anchor: kept(before.anchor) };
}

/** Which rows a window shows: `first` to before `end`, with a few around so that a fast hand sees no gap. */
export function rowsInView(
  count: number,
  rowHeight: number,
  top: number,
  height: number,
): { readonly first: number; readonly end: number } {
  const spare = 6;
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - spare));
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  return { first, end: Math.max(first, end) };
}

function fits(row: Row, filter: Filter): boolean {
  switch (filter.kind) {
    case "all":
      return true;
    case "active":
      return row.down > 0 || row.up > 0 || row.state === "checking";
    case "downloading":
      return row.state === "downloading" || row.state === "download-wait";
    case "seeding":
      return (row.state === "seeding" || row.state === "seed-wait") && !row.unchosen;
    case "stopped":
      return row.state === "stopped";
    case "troubled":
      return row.trouble !== null;
    case "label":
      return row.labels.includes(filter.label);
  }
}

/** Every word is somewhere in its name or labels. */
function matches(row: Row, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${row.name}\n${row.labels.join("\n")}`.toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}

function orderOf(column: Column, collator: Intl.Collator): (a: Row, b: Row) => number {
  switch (column) {
    case "name":
      return (a, b) => collator.compare(a.name, b.name);
    case "state":
      return (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state);
    case "eta":
    case "ratio":
      // what cannot be told is more than everything
      return (a, b) => difference(a[column] ?? Infinity, b[column] ?? Infinity);
    default:
      return (a, b) => a[column] - b[column];
  }
}

/** Infinity less itself is no number. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
