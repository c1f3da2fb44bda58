import { EN, type Words } from "./words_en.ts";
import { PT } from "./words_pt.ts";

export type { Words };

/** Every language there is. */
export const LANGUAGES: readonly Words[] = [EN, PT];

/** The first of the languages a reader prefers (as `pt-BR`) that there is; else English. */
export function wordsFor(preferred: readonly string[]): Words {
  for (const each of preferred) {
    const [language] = each.toLowerCase().split("-");
    const words = LANGUAGES.find((words) => words.language === language);
    if (words !== undefined) return words;
  }
  return EN;
}

/** The words of a language by its tag; null: there is none. */
export function wordsOf(language: string | null): Words | null {
  return LANGUAGES.find((words) => words.language === language) ?? null;
}
