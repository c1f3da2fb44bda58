import { assertEquals } from "@std/assert";
import { labelCalls, labelsIn, labelStates } from "../../../src/control/web/page/label_changes.ts";
import { row } from "./rows.ts";

const ROWS = [
  row(1, { labels: ["iso", "old"] }),
  row(2, { labels: ["iso"] }),
  row(3, { labels: [] }),
];

Deno.test("page: how labels stand among chosen torrents", () => {
  const states = labelStates(ROWS, ["iso", "old", "other"]);
  assertEquals([...states], [["iso", "some"], ["old", "some"], ["other", "none"]]);
  assertEquals([...labelStates(ROWS.slice(0, 2), ["iso"])], [["iso", "all"]]);
});

Deno.test("page: torrents that end up with the same labels are one call, those that change nothing none", () => {
  const states = labelStates(ROWS, ["iso", "old"]);
  assertEquals(labelCalls(ROWS, states), []);
  assertEquals(labelCalls(ROWS, new Map([...states, ["iso", "all"]])), [
    { ids: [3], labels: ["iso"] },
  ]);
  assertEquals(labelCalls(ROWS, new Map([...states, ["old", "none"], ["new", "all"]])), [
    { ids: [1, 2], labels: ["iso", "new"] },
    { ids: [3], labels: ["new"] },
  ]);
  assertEquals(labelCalls(ROWS, new Map([["iso", "none"]])), [
    { ids: [1], labels: ["old"] },
    { ids: [2], labels: [] },
  ]);
});

Deno.test("page: labels of a text are each there once, and none is empty", () => {
  assertEquals(labelsIn(" iso, ,old,iso ,"), ["iso", "old"]);
  assertEquals(labelsIn(""), []);
});
