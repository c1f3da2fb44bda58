import { assert, assertEquals, assertMatch } from "@std/assert";
import { CLIENTS, DIRECTIONS, FEATURES, gapOf } from "../../scripts/interop/matrix.ts";
import { markOf, missing, type Note, parseNotes } from "../../scripts/interop/notes.ts";
import { asMarkdown, asText, faults } from "../../scripts/interop/table.ts";

/** Notes of a run in which everything that can be shown was. */
const ALL: readonly Note[] = FEATURES.flatMap((feature) =>
  CLIENTS.flatMap((client) =>
    DIRECTIONS.filter((direction) => gapOf(feature, client, direction) === null)
      .map((direction) => ({ feature: feature.id, client, direction, passed: true }))
  )
);

Deno.test("the README has the matrix that the code declares", async () => {
  const readme = await Deno.readTextFile(`${import.meta.dirname}/../../README.md`);
  assertEquals(faults(readme), []);
});

Deno.test("a README that lacks a row or shows another cell is told so", () => {
  const good = asMarkdown(ALL, "today");
  assertEquals(faults(good), []);
  const title = FEATURES[0].title;
  assertEquals(faults(good.replace(title, "something")).length, 2);
  assertEquals(faults(asMarkdown(ALL.slice(1), "today")).length, 2);
  assertEquals(faults("no table").length, 1);
});

Deno.test("a cell fails when one of its tests did, and is a gap when none ran", () => {
  const [feature, client, direction] = [FEATURES[0], CLIENTS[0], DIRECTIONS[0]];
  const cell = { feature: feature.id, client, direction };
  const notes = parseNotes(
    [true, false, true].map((passed) => JSON.stringify({ ...cell, passed })).join("\n") + "\n",
  );
  assertEquals(markOf(notes, feature, client, direction), "FAIL");
  assertEquals(markOf(notes.slice(0, 1), feature, client, direction), "ok");
  assertEquals(markOf([], feature, client, direction), "–");
});

Deno.test("declared cells that nothing tried are named", () => {
  assertEquals(missing(ALL), []);
  assertEquals(missing(ALL.slice(1)), ["HTTP tracker: opentracker, libtorrent down"]);
});

Deno.test("the table fits 100 columns and shows failures and footnotes", () => {
  const notes = ALL.map((one, i) => i === 0 ? { ...one, passed: false } : one);
  const text = asText(notes, "today");
  for (const line of text.split("\n")) assert(line.length <= 100, line);
  assertMatch(text, /^HTTP tracker: opentracker +FAIL +ok/m);
  assertMatch(text, /^a: /m);
});
