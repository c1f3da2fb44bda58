import { assertEquals, assertThrows } from "@std/assert";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { parseArgs } from "@std/cli/parse-args";
import { red, stripAnsiCode } from "@std/fmt/colors";
import { join } from "@std/path";

Deno.test("every @std name resolves and answers as documented", () => {
  assertEquals(timingSafeEqual(new Uint8Array([1]), new Uint8Array([1])), true);
  assertEquals(parseArgs(["--a", "b", "c"])._, ["c"].slice(0));
  assertEquals(stripAnsiCode(red("x")), "x");
  assertEquals(join("a", "b").length, 3);
  assertThrows(() => JSON.parse("{"), SyntaxError);
});
