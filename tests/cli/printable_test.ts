import { assert, assertEquals } from "@std/assert";
import { column, fit, loadWidths, printable, width } from "../../src/cli/printable.ts";
import { jsonLine } from "../../src/cli/json_line.ts";
import { suggest } from "../../src/cli/suggest.ts";
import { renderTable } from "../../src/cli/table.ts";

await loadWidths(["é"]);

Deno.test("escape sequences and control characters are taken out", () => {
  assertEquals(printable("\x1b[31mred\x1b[0m"), "red");
  assertEquals(printable("a\x1b]0;title\x07b\rc\nd\te"), "ab c d e");
  assertEquals(printable("\x9b2Jx\x00\x08\x7f"), "x");
});

Deno.test("characters that reorder or hide text are taken out", () => {
  assertEquals(printable("exe.\u202egpj\u2066\u200b\ufeff\u2028"), "exe.gpj");
});

Deno.test("marks piled on one letter are cut down", () => {
  assertEquals(printable(`a${"\u0301".repeat(500)}b`).length, 6);
});

Deno.test("ordinary text of any script stays as it is", () => {
  for (const text of ["Ubuntu 24.04", "日本語テスト", "Ünïcödé", "हिन्दी", "👩‍👩‍👧.mkv"]) {
    assertEquals(printable(text), text);
  }
});

Deno.test("text is cut by columns, never through a wide character", () => {
  assertEquals(fit("abcdef", 4), "abc…");
  assertEquals(fit("日本語", 4), "日…");
  assertEquals(fit("日本語", 5), "日本…");
  assertEquals(fit("日本語", 6), "日本語");
  assertEquals(fit("abc", 0), "");
});

Deno.test("a column is exactly as wide as it is told", () => {
  for (const text of ["", "abc", "日本語日本語", "abcdefghijk"]) {
    assertEquals(width(column(text, 7)), 7, text);
    assertEquals(width(column(text, 7, "right")), 7, text);
  }
});

Deno.test("JSON lines hold no character that acts on a terminal", () => {
  const value = { name: "\x1b[2J\x9b1m\u202e\u2028\nend" };
  const line = jsonLine(value);
  // deno-lint-ignore no-control-regex -- what must not be there
  assert(!/[\x00-\x1f\x7f-\x9f\u2028-\u202e]/.test(line), line);
  assertEquals(JSON.parse(line), value);
});

Deno.test("a table fits the terminal by cutting the column that may shrink", () => {
  const head = [{ title: "Size", side: "right" as const }, { title: "File", shrinks: true }];
  const rows = [["1.0 KiB", "x".repeat(100)], ["10 B", "short"]];
  assertEquals(renderTable(head, rows, 30), [
    "   Size  File",
    `1.0 KiB  ${"x".repeat(20)}…`,
    "   10 B  short",
  ]);
  assertEquals(renderTable(head, rows, null)[1], `1.0 KiB  ${"x".repeat(100)}`);
});

Deno.test("suggestions are near, and none is made up", () => {
  const known = ["get", "seed", "info", "verify", "completions"];
  assertEquals(suggest("gte", known), "get");
  assertEquals(suggest("verfy", known), "verify");
  assertEquals(suggest("comp", known), "completions");
  assertEquals(suggest("x", known), null);
  assertEquals(suggest("download", known), null);
  assertEquals(suggest("x".repeat(100_000), known), null);
});
