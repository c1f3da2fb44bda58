import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import { safeComponent } from "../../src/metainfo/mod.ts";
import { assertSafeName } from "./safe.ts";

const NATIVE = { portable: false };

Deno.test("ordinary names stay as they are", () => {
  for (
    const name of [
      "a",
      "a.tar.gz",
      ".hidden",
      "Ünïcode ☃",
      "日本語.txt",
      "a b",
      "..a",
      "~2",
      "👩‍👩‍👧.png",
    ]
  ) {
    assertEquals(safeComponent(name), name);
    assertEquals(safeComponent(name, NATIVE), name);
  }
});

Deno.test("names that would leave the folder, or be none, are replaced", () => {
  const cases = { "": "_", ".": "_", "..": "__", "/": "_", "../x": ".._x", "a\\..\\b": "a_.._b" };
  for (const [name, safe] of Object.entries(cases)) {
    assertEquals(safeComponent(name), safe);
    assertEquals(safeComponent(name, NATIVE), safe);
  }
});

Deno.test("control and direction characters are replaced", () => {
  assertEquals(safeComponent("a\0b\n\x1b[31m\x7f\x9b"), "a_b__[31m__");
  assertEquals(safeComponent("invoice\u202egpj.exe"), "invoice_gpj.exe");
  assertEquals(safeComponent("\ufeffa\u2066b\u200f\u2028"), "_a_b__");
  assertEquals(safeComponent("\ud800x"), "\ufffdx");
});

Deno.test("names Windows keeps for itself are replaced, unless only this system matters", () => {
  const cases = {
    "CON": "_CON",
    "nul.txt": "_nul.txt",
    "Com1.a.b": "_Com1.a.b",
    "lpt¹": "_lpt¹",
    "aux .c": "_aux .c",
    "what?": "what_",
    'a<b>:"|*c': "a_b_____c",
    "end.": "end_",
    "end. .": "end___",
  };
  for (const [name, safe] of Object.entries(cases)) {
    assertEquals(safeComponent(name), safe);
    assertEquals(safeComponent(name, NATIVE), name);
  }
  for (const name of ["CONSOLE", "com10", "nully.txt", "a.con"]) {
    assertEquals(safeComponent(name), name);
  }
});

Deno.test("the state folder's name is never used, whatever a file system makes of it", () => {
  for (const name of [".tm", ".TM", ".t\u200bm", ".\u200dtm"]) {
    assertEquals(safeComponent(name), `_${name}`);
    assertEquals(safeComponent(name, NATIVE), `_${name}`);
  }
  assertEquals(safeComponent(".tmp"), ".tmp");
});

Deno.test("a long name is cut between characters and keeps its extension", () => {
  for (const letter of ["x", "é", "日", "👩"]) {
    const safe = safeComponent(`${letter.repeat(300)}.mkv`);
    assertSafeName(safe, true);
    assert(utf8(safe).length > 250);
    assert(safe.endsWith(".mkv") && safe.startsWith(letter));
  }
  assertEquals(safeComponent("x".repeat(255)), "x".repeat(255));
  assertSafeName(safeComponent(`a.${"x".repeat(300)}`), true);
});

Deno.test("two long names stay apart, and the same one always gives the same", () => {
  const [a, b] = ["x".repeat(300) + "1.mp4", "x".repeat(300) + "2.mp4"];
  assertNotEquals(safeComponent(a), safeComponent(b));
  assertEquals(safeComponent(a), safeComponent(a));
});
