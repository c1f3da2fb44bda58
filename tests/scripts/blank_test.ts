import { assertEquals } from "@std/assert";
import { blank } from "../../scripts/architecture/blank.ts";

Deno.test("comments are blanked and every offset stays", () => {
  assertEquals(blank("a // Date\nb /* x\ny */ c"), "a        \nb     \n     c");
});

Deno.test("the insides of strings are blanked, quotes and escapes understood", () => {
  assertEquals(blank(`f("a\\"b", 'c"d') + e`), `f("    ", '   ') + e`);
});

Deno.test("code inside a template stays, its text does not", () => {
  assertEquals(blank("`Date ${ {a: `x${b}`}.a } y` + c"), "`     ${ {a: ` ${b}`}.a }  ` + c");
});

Deno.test("a regular expression hides the quotes inside it, a division hides nothing", () => {
  assertEquals(blank(`x = /["'/]/g; a / b / "c"`), `x = /     /g; a / b / " "`);
  assertEquals(blank(`return /"/.test(s)`), `return / /.test(s)`);
});

Deno.test("a comment may hold characters outside the basic plane", () => {
  assertEquals(blank("/* 🧲 */ a"), "         a");
});

Deno.test("unfinished strings, templates and comments end with the file or the line", () => {
  assertEquals(blank(`"abc\nd`), `"   \nd`);
  assertEquals(blank("`abc ${d"), "`    ${d");
  assertEquals(blank("/* abc"), "      ");
});
