import { assertEquals, assertNotEquals } from "@std/assert";
import { LANGUAGES, wordsFor } from "../../../src/control/web/page/words.ts";

/** Every word by its path; of a function, what it makes of numbers and texts. */
function flat(words: object, above = ""): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const path = `${above}${key}`;
    if (typeof value === "string") out.set(path, value);
    else if (typeof value === "function") {
      for (const count of [1, 2]) out.set(`${path}(${count})`, String(value(count, count + 1)));
    } else for (const [inner, word] of flat(value, `${path}.`)) out.set(inner, word);
  }
  return out;
}

Deno.test("page: every language has every word, and none is empty", () => {
  const [first, ...others] = LANGUAGES.map((words) => flat(words));
  for (const other of others) {
    assertEquals([...other.keys()].sort(), [...first?.keys() ?? []].sort());
  }
  for (const words of LANGUAGES) {
    assertEquals([...flat(words)].filter(([, word]) => word.trim() === ""), []);
  }
});

Deno.test("page: what is put into a sentence is in it, in every language", () => {
  for (const words of LANGUAGES) {
    const of = [words.failed("XX"), words.added("XX"), words.duplicate("XX"), words.free("XX")];
    assertEquals(of.filter((text) => !text.includes("XX")), []);
    assertEquals([3, 4].every((n) => words.count(3, 4).includes(String(n))), true);
    assertNotEquals(words.removeTitle(1), words.removeTitle(2));
  }
});

Deno.test("page: a reader gets the first language there is", () => {
  const language = (...preferred: string[]) => wordsFor(preferred).language;
  assertEquals(language("pt-BR", "en"), "pt");
  assertEquals(language("fr", "PT", "en"), "pt");
  assertEquals(language("en-GB", "pt"), "en");
  assertEquals([language("fr"), language()], ["en", "en"]);
});
