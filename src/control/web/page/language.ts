/** The language of the page: what the reader chose here, else what the browser prefers. */
import { Format } from "./format.ts";
import type { Store } from "./login.ts";
import { type Words, wordsFor, wordsOf } from "./words.ts";

const KEY = "language";

/** Words, and figures by the same locale. */
export interface Speech {
  readonly words: Words;
  readonly format: Format;
  /** The tag of the language that was chosen here; null: it is the browser's. */
  readonly chosen: string | null;
}

/** How the page speaks; `preferred` are the browser's languages, as `pt-BR`. */
export function speechOf(store: Store | null, preferred: readonly string[]): Speech {
  const chosen = wordsOf(store?.getItem(KEY) ?? null);
  const words = chosen ?? wordsFor(preferred);
  // the reader's own locale, as long as it is of the language that is shown
  const locale = preferred.find((each) => each.split("-")[0] === words.language) ?? words.grammar;
  return { words, format: new Format(locale, words.grammar), chosen: chosen?.language ?? null };
}

/** Remembers a choice; null: as the browser prefers. */
export function chooseLanguage(store: Store | null, language: string | null): void {
  if (language === null) store?.removeItem(KEY);
  else store?.setItem(KEY, language);
}
