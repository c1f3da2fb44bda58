/** All keys of `tm top`, in one column or two. */
import { column } from "../printable.ts";

const KEYS: readonly (readonly [key: string, does: string] | null)[] = [
  ["↑ ↓ j k", "one line"],
  ["PgUp PgDn", "a screen"],
  ["Home End", "first, last"],
  ["Enter →", "open what is below"],
  ["Esc ←", "back, close, no filter"],
  ["1 2 3 4", "details, files, peers, trackers"],
  ["Tab", "the next of these"],
  null,
  ["/", "find a name; n N the next"],
  ["f", "filter: state, label:NAME, name"],
  ["s S r", "next, previous order; reverse"],
  ["?", "these keys"],
  ["Ctrl-L", "draw everything again"],
  ["Ctrl-Z", "leave the screen, to be stopped"],
  ["q Ctrl-C", "quit; the manager goes on"],
  null,
  ["p", "pause or resume"],
  ["P", "start now, past the queue"],
  ["x", "forget the torrent (asks)"],
  ["X", "delete its files too (asks)"],
  ["v", "verify what is on disk"],
  ["a", "ask trackers for more peers"],
  ["K J", "up, down in the queue"],
  ["T B", "to its top, bottom"],
  ["d u", "download, upload limit"],
  ["D U", "the same of all together"],
  ["A", "alternative limits on, off"],
  null,
  ["+ -", "file: more, less urgent"],
  ["Space", "file: on, off"],
];

/** Keys, and gaps between them, that change nothing but what is seen. */
const LOOKING = 15;
const KEY_COLUMNS = 10;
/** Columns of the left half, and of a screen that has two. */
const HALF = 42;
const TWO = 80;

/** Lines for a screen of that many columns. */
export function helpLines(columns: number): string[] {
  const lines = KEYS.map((entry) => entry === null ? "" : column(entry[0], KEY_COLUMNS) + entry[1]);
  if (columns < TWO) return lines;
  // behind what only looks
  const left = lines.slice(0, LOOKING);
  const right = lines.slice(LOOKING + 1);
  return left.map((each, i) => `${column(each, HALF)}${right[i] ?? ""}`.trimEnd());
}

/** How many there are. */
export function helpLength(columns: number): number {
  return helpLines(columns).length;
}
