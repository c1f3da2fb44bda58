import { assertEquals } from "@std/assert";
import {
  chooseLetterKeys,
  isLetter,
  letterKeysOf,
} from "../../../src/control/web/page/letter_keys.ts";
import { Memory } from "./memory.ts";

Deno.test("page: letters alone are commands until somebody turns that off", () => {
  const store = new Memory();
  assertEquals([letterKeysOf(store), letterKeysOf(null)], [true, true]);
  chooseLetterKeys(store, false);
  assertEquals(letterKeysOf(store), false);
  chooseLetterKeys(store, true);
  assertEquals([letterKeysOf(store), store.kept.size], [true, 0]);
});

Deno.test("page: keys with names are no letters, nor is the one that chooses", () => {
  assertEquals(["a", "/", "?", "É"].map(isLetter), [true, true, true, true]);
  assertEquals(["F2", "Enter", "Delete", " "].map(isLetter), [false, false, false, false]);
});
