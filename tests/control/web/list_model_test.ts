import { assertEquals } from "@std/assert";
import {
  choose,
  type Column,
  type Filter,
  labelsOf,
  NOTHING_CHOSEN,
  rowsInView,
  shownRows,
  stateWord,
  stepFrom,
  type Wish,
  withoutGone,
} from "../../../src/control/web/page/list_model.ts";
import { row } from "./rows.ts";

const NO_SPACE = { code: "disk-full", values: { path: null, bytes: 1 }, text: "no space" };

const COLLATOR = new Intl.Collator("en", { numeric: true });
const ALL: Wish = { filter: { kind: "all" }, search: "", column: "place", descending: false };
const ROWS = [
  row(1, { name: "disk 10", labels: ["iso"], down: 5, eta: 60, ratio: 2 }),
  row(2, { name: "disk 9", state: "seeding", up: 7, labels: ["iso", "Old"], ratio: 0.5 }),
  row(3, { name: "Árvore", state: "stopped", trouble: NO_SPACE, broken: true, eta: 10 }),
];

function ids(change: Partial<Wish>): number[] {
  return shownRows(ROWS, { ...ALL, ...change }, COLLATOR).map(({ id }) => id);
}

Deno.test("page: the list sorts by every column, and what cannot be told is last", () => {
  const sorted = (column: Column, descending = false) => ids({ column, descending });
  assertEquals(sorted("name"), [3, 2, 1]);
  assertEquals(sorted("eta"), [3, 1, 2]);
  assertEquals(sorted("ratio"), [2, 1, 3]);
  assertEquals(sorted("down", true), [1, 2, 3]);
  assertEquals(sorted("added", true), [3, 2, 1]);
  assertEquals(sorted("state"), [1, 2, 3]);
  assertEquals(sorted("size", true), [1, 2, 3], "equal rows keep their order");
});

Deno.test("page: filters and search, in names and labels, in any order of words", () => {
  const by = (filter: Filter) => ids({ filter });
  assertEquals(by({ kind: "active" }), [1, 2]);
  assertEquals(by({ kind: "downloading" }), [1]);
  assertEquals(by({ kind: "seeding" }), [2]);
  assertEquals(by({ kind: "stopped" }), [3]);
  assertEquals(by({ kind: "troubled" }), [3]);
  assertEquals(by({ kind: "label", label: "Old" }), [2]);
  assertEquals(ids({ search: " 9  DISK" }), [2]);
  assertEquals(ids({ search: "old" }), [2]);
  assertEquals(ids({ search: "árv" }), [3]);
  assertEquals(labelsOf(ROWS), ["Old", "iso"]);
});

Deno.test("page: a click chooses one, with Ctrl one more, with Shift all between", () => {
  const one = choose(NOTHING_CHOSEN, ROWS, 1, "alone");
  assertEquals([...one.chosen], [1]);
  const range = choose(one, ROWS, 3, "range");
  assertEquals([...range.chosen], [1, 2, 3]);
  assertEquals([...choose(range, ROWS, 2, "range").chosen], [1, 2], "from the same anchor");
  assertEquals([...choose(range, ROWS, 2, "toggle").chosen], [1, 3]);
  assertEquals([...choose(NOTHING_CHOSEN, ROWS, 2, "range").chosen], [2]);
});

Deno.test("page: keys go through the list and stop at its ends", () => {
  const step = (from: number | null, by: number) => stepFrom(ROWS, from, by)?.id;
  assertEquals([step(null, 1), step(null, 3), step(null, -1), step(null, -3)], [1, 3, 3, 1]);
  assertEquals([step(1, 1), step(1, -1), step(3, 5), step(99, 1)], [2, 1, 3, 1]);
  assertEquals(stepFrom([], null, 1), null);
});

Deno.test("page: what is gone is chosen no longer", () => {
  const before = { chosen: new Set([1, 2]), active: 2, anchor: 1 };
  assertEquals(withoutGone(before, new Map([[1, row(1)], [2, row(2)]])), before);
  const after = withoutGone(before, new Map([[1, row(1)]]));
  assertEquals(after, { chosen: new Set([1]), active: null, anchor: 1 });
});

Deno.test("page: when the row with the keyboard goes, its neighbour has it, and is not chosen", () => {
  const shown = [1, 2, 3, 4].map((id) => row(id));
  const left = (...ids: number[]) => new Map(ids.map((id) => [id, row(id)]));
  const before = { chosen: new Set([2, 3]), active: 3, anchor: 2 };
  const at = (...ids: number[]) => withoutGone(before, left(...ids), shown);
  assertEquals(at(1, 4), { chosen: new Set<number>(), active: 4, anchor: 4 });
  assertEquals(at(1), { chosen: new Set<number>(), active: 1, anchor: 1 }, "it was the last");
  assertEquals(at(1, 2, 4), { chosen: new Set([2]), active: 4, anchor: 2 });
  assertEquals(at(), { chosen: new Set<number>(), active: null, anchor: null });
  assertEquals(withoutGone(before, left(1), [row(1)]).active, null, "it was not shown");
});

Deno.test("page: of 5,000 rows those in view are drawn", () => {
  assertEquals(rowsInView(5_000, 34, 0, 680), { first: 0, end: 26 });
  assertEquals(rowsInView(5_000, 34, 85_000, 680), { first: 2_494, end: 2_526 });
  assertEquals(rowsInView(5_000, 34, 170_000, 680), { first: 4_994, end: 5_000 });
  assertEquals(rowsInView(0, 34, 0, 680), { first: 0, end: 0 });
  assertEquals(rowsInView(3, 34, 9_999, 680), { first: 3, end: 3 }, "the list became shorter");
});

Deno.test("page: the word of a state says what matters most", () => {
  assertEquals(stateWord(row(1)), "downloading");
  assertEquals(stateWord(row(1, { nameless: true })), "nameless");
  assertEquals(stateWord(row(1, { unchosen: true, state: "seeding" })), "unchosen");
  assertEquals(stateWord(row(1, { unchosen: true, state: "stopped" })), "unchosen");
  assertEquals(stateWord(row(1, { unchosen: true, state: "checking" })), "checking");
  assertEquals(stateWord(row(1, { stalled: true, state: "seeding" })), "stalled");
  assertEquals(stateWord(row(1, { finished: true, state: "stopped" })), "finished");
  assertEquals(stateWord(row(1, { broken: true, state: "stopped" })), "broken");
});
