import { assertEquals, assertNotEquals } from "@std/assert";
import { Format } from "../../../src/control/web/page/format.ts";
import { LANGUAGES, wordsFor } from "../../../src/control/web/page/words.ts";

const format = new Format("en");

/** Every word by its path; of a function, what it makes of numbers and texts. */
function flat(words: object, above = ""): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const path = `${above}${key}`;
    if (typeof value === "string") out.set(path, value);
    else if (typeof value === "function") {
      for (const count of [1, 2]) {
        const [first, second] = [count, count + 1].map((each) => format.counted(each));
        // a sentence of many values takes them by name, and `said_test.ts` looks at those
        if (/^(causes|waits|troubles|complaints|findings)\./.test(path)) out.set(path, "…");
        else out.set(`${path}(${count})`, String(value(first, second)));
      }
    } else if (Array.isArray(value)) out.set(path, value.flat().join(" "));
    else for (const [inner, word] of flat(value, `${path}.`)) out.set(inner, word);
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
    const texts = [words.added("XX"), words.duplicate("XX"), words.free("XX")];
    assertEquals(texts.filter((text) => !text.includes("XX")), []);
    const format = new Format(words.grammar);
    const of = (number: number) => format.counted(number);
    assertEquals([3, 4].every((n) => words.count(of(3), of(4)).includes(String(n))), true);
    assertNotEquals(words.removeTitle(of(1)), words.removeTitle(of(2)));
    const many = [
      words.count(of(4_321), of(4_321)),
      words.selected(of(4_321)),
      words.peersNow(of(4_321)),
      words.dhtNodes(of(4_321)),
      words.removeTitle(of(4_321)),
      words.removeMore(of(4_321)),
      words.completedMany(of(4_321)),
      words.choosing.wait(of(4_321)),
    ];
    assertEquals(many.filter((text) => !text.includes(format.count(4_321))), []);
  }
});

Deno.test("page: a reader gets the first language there is", () => {
  const language = (...preferred: string[]) => wordsFor(preferred).language;
  assertEquals(language("pt-BR", "en"), "pt");
  assertEquals(language("fr", "PT", "en"), "pt");
  assertEquals(language("en-GB", "pt"), "en");
  assertEquals([language("fr"), language()], ["en", "en"]);
});
