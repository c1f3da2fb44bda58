import { assertEquals } from "@std/assert";
import { Gathering } from "../../../src/control/web/page/gathering.ts";

Deno.test("page: the first is told at once, what comes soon after it together", () => {
  let over = () => {};
  const told: (readonly string[])[] = [];
  const gathering = new Gathering<string>((_, fn) => {
    over = fn;
    return () => {};
  }, (all) => told.push(all));
  gathering.add([]);
  gathering.add(["a"]);
  for (const name of ["b", "c"]) gathering.add([name]);
  assertEquals(told, [["a"]]);
  over();
  assertEquals(told, [["a"], ["b", "c"]]);
  over();
  gathering.add(["d"]);
  gathering.add(["e"]);
  gathering.forget();
  over();
  assertEquals(told.slice(2), [["d"]], "what was forgotten is not told");
});
