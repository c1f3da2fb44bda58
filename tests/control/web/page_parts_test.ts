import { assertEquals } from "@std/assert";
import { dayNames, fromClock, toClock } from "../../../src/control/web/page/clock_time.ts";
import { drawnLines } from "../../../src/control/web/page/file_lines.ts";
import { openNodes, treeOf } from "../../../src/control/web/page/file_tree.ts";
import { linksIn } from "../../../src/control/web/page/links.ts";
import { bitsOf, pieceShares } from "../../../src/control/web/page/piece_map.ts";
import { MAX_HISTORIES, RateHistory } from "../../../src/control/web/page/rate_history.ts";
import type { Totals } from "../../../src/control/web/row.ts";
import { row } from "./rows.ts";

const FILES = [
  { path: "show/one/a", length: 10, done: 10, wanted: true, priority: 1 },
  { path: "show/one/b", length: 30, done: 0, wanted: false, priority: 1 },
  { path: "show/c", length: 5, done: 5, wanted: true, priority: 0 },
];
const TOTALS: Totals = {
  down: 1,
  up: 2,
  peers: 0,
  dhtNodes: 0,
  free: null,
  port: null,
  slow: false,
};

Deno.test("page: files become a tree whose folders sum up what is in them", () => {
  const [top] = treeOf(FILES);
  assertEquals([top?.name, top?.path, top?.length, top?.done], ["show", "show/", 45, 15]);
  assertEquals([top?.wanted, top?.priority, top?.files], ["some", null, [0, 1, 2]]);
  const [one, c] = top?.children ?? [];
  assertEquals([one?.path, one?.depth, one?.priority], ["show/one/", 1, 1]);
  assertEquals([c?.path, c?.wanted, c?.files, c?.children.length], ["show/c", "all", [2], 0]);
});

Deno.test("page: only what is in open folders shows", () => {
  const tree = treeOf(FILES);
  const names = (...open: string[]) => openNodes(tree, new Set(open)).map(({ name }) => name);
  assertEquals(names(), ["show"]);
  assertEquals(names("show/"), ["show", "one", "c"]);
  assertEquals(names("show/", "show/one/"), ["show", "one", "a", "b", "c"]);
  assertEquals(names("show/one/"), ["show"], "in a closed one");
});

Deno.test("page: a search leaves files whose path has all its words, by their own numbers", () => {
  const [top] = treeOf(FILES, " B  one");
  assertEquals([top?.files, top?.length, top?.wanted], [[1], 30, "none"]);
  assertEquals(openNodes(treeOf(FILES, "show one"), null).map(({ name }) => name), [
    "show",
    "one",
    "a",
    "b",
  ]);
  assertEquals(treeOf(FILES, "other"), []);
});

Deno.test("page: lines in view are drawn, the one with the keyboard too, and room for all else", () => {
  assertEquals(drawnLines(10, 0, 2, -1), [{ at: 0 }, { at: 1 }, { gap: 8 }]);
  assertEquals(drawnLines(10, 4, 6, 4), [{ gap: 4 }, { at: 4 }, { at: 5 }, { gap: 4 }]);
  assertEquals(drawnLines(10, 4, 5, 0), [{ at: 0 }, { gap: 3 }, { at: 4 }, { gap: 5 }]);
  assertEquals(drawnLines(10, 4, 5, 9), [{ gap: 4 }, { at: 4 }, { gap: 4 }, { at: 9 }]);
  assertEquals(drawnLines(3, 0, 3, 7), [{ at: 0 }, { at: 1 }, { at: 2 }], "it is gone");
  assertEquals(drawnLines(0, 0, 0, -1), []);
});

Deno.test("page: names that are names of objects' parts are names", () => {
  const tree = treeOf([{
    path: "__proto__/constructor",
    length: 1,
    done: 0,
    wanted: true,
    priority: 0,
  }]);
  assertEquals(tree.map(({ name, length }) => [name, length]), [["__proto__", 1]]);
});

Deno.test("page: cells of the map have the share of their pieces", () => {
  const bits = bitsOf(btoa("\xf0\x80"));
  assertEquals(pieceShares(bits, 9, 3), [1, 1 / 3, 1 / 3]);
  assertEquals(pieceShares(bits, 9, 100), [1, 1, 1, 1, 0, 0, 0, 0, 1], "no more cells than pieces");
  assertEquals(pieceShares(new Uint8Array(), 2, 2), [0, 0], "not told yet");
});

Deno.test("page: ten minutes of rates are kept, of torrents only those that move", () => {
  const history = new RateHistory();
  history.note(1_000, TOTALS, [row(1, { down: 5 }), row(2)]);
  history.note(1_700, TOTALS, [row(1, { down: 7, up: 1 })]);
  const down = history.of(1).series(1_700, "down");
  assertEquals([down.length, down.at(-1), down.filter((rate) => rate > 0)], [600, 7, [7]]);
  assertEquals(history.all.series(1_701, "up").slice(-2), [2, 0]);
  assertEquals(history.of(2).series(1_700, "down").some((rate) => rate > 0), false);
  history.note(1_703, TOTALS, [row(1, { down: 9 })]);
  assertEquals(history.of(1).series(1_704, "down").slice(-5), [7, 0, 0, 9, 0], "0 between");
  history.note(1_705, TOTALS, [row(1, { down: 8 })]);
  assertEquals(history.of(1).series(1_705, "down").slice(-3), [9, 8, 8], "one look came late");
  history.note(1_600, TOTALS, [row(1, { down: 3 })]);
  const back = history.of(1).series(1_600, "down");
  assertEquals([back.at(-1), back.filter((rate) => rate > 0)], [3, [3]], "the clock was set back");
});

Deno.test("page: where more torrents move than are kept, those that are kept are whole", () => {
  const history = new RateHistory();
  const rows = Array.from({ length: MAX_HISTORIES + 50 }, (_, id) => row(id, { down: 1 }));
  const late = MAX_HISTORIES + 7;
  for (let at = 1_000; at < 1_010; at++) history.note(at, TOTALS, rows);
  const sum = (id: number, now: number) =>
    history.of(id).series(now, "down").reduce((sum, rate) => sum + rate, 0);
  assertEquals([sum(MAX_HISTORIES - 1, 1_009), sum(late, 1_009)], [10, 0]);
  for (let at = 1_010; at < 1_020; at++) history.note(at, TOTALS, rows);
  assertEquals(sum(late, 1_019), 10, "kept since it was looked at");
  assertEquals(sum(MAX_HISTORIES - 1, 1_019), 20, "looked at before, and kept");
  // ten minutes later others have moved for long
  for (let at = 2_000; at < 2_100; at++) history.note(at, TOTALS, rows.slice(-50));
  assertEquals(sum(MAX_HISTORIES + 8, 2_099), 100, "what stood still has made room");
});

Deno.test("page: links are found in what is pasted", () => {
  const hash = "a".repeat(40);
  const text =
    `see magnet:?xt=urn:btih:${hash} and\nhttps://example.org/x.torrent, ${hash} javascript:alert(1)`;
  assertEquals(linksIn(text).split("\n"), [
    `magnet:?xt=urn:btih:${hash}`,
    "https://example.org/x.torrent,",
    hash,
  ]);
  assertEquals(linksIn("nothing here"), "");
});

Deno.test("page: times of the schedule", () => {
  assertEquals([toClock(0), toClock(510), toClock(1_439)], ["00:00", "08:30", "23:59"]);
  assertEquals([fromClock("08:30"), fromClock("24:00"), fromClock("")], [510, null, null]);
  assertEquals(dayNames("en"), ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]);
});
