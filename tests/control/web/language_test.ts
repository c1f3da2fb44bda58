import { assertEquals } from "@std/assert";
import { chooseLanguage, speechOf } from "../../../src/control/web/page/language.ts";
import { Memory } from "./memory.ts";

Deno.test("page: the language chosen here holds, else that of the browser, else English", () => {
  const store = new Memory();
  const language = (...preferred: string[]) => speechOf(store, preferred).words.language;
  assertEquals([language("pt-BR"), language("fr", "en"), language("fr")], ["pt", "en", "en"]);
  chooseLanguage(store, "pt");
  assertEquals([language("en-GB"), speechOf(store, ["en"]).chosen], ["pt", "pt"]);
  chooseLanguage(store, "xx");
  assertEquals([language("en-GB"), speechOf(store, ["en"]).chosen], ["en", null]);
  chooseLanguage(store, null);
  assertEquals([language("pt"), store.kept.size], ["pt", 0]);
  assertEquals(speechOf(null, ["pt"]).words.language, "pt");
});

Deno.test("page: figures are written by the reader's locale of the language that shows", () => {
  const store = new Memory();
  const size = (...preferred: string[]) => speechOf(store, preferred).format.size(1_500_000);
  assertEquals([size("pt-PT"), size("en-GB")], ["1,50 MB", "1.50 MB"]);
  chooseLanguage(store, "pt");
  assertEquals(size("en-GB"), "1,50 MB", "no locale of that language is preferred");
});
