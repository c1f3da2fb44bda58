import type { Counted } from "./counted.ts";
import { EN, type Words } from "./words/en.ts";
import { PT } from "./words/pt.ts";

export type { Words };

/** Whether a value is a bare number, or has one. */
type HasNumber<T> = number extends T ? true
  : T extends Counted | readonly unknown[] ? false
  : T extends object ? true extends { [K in keyof T]: HasNumber<T[K]> }[keyof T] ? true : false
  : false;

/**
 * The words, as long as no sentence of them takes a bare number: how one is written and which word goes with it is for
 * its locale to say, which a {@linkcode Counted} knows.
 */
type WithoutNumbers<T> = T extends (...values: infer V) => unknown
  ? true extends HasNumber<V[number]> ? never : T
  : T extends object ? { [K in keyof T]: WithoutNumbers<T[K]> }
  : T;

/** Every language there is. */
export const LANGUAGES: readonly WithoutNumbers<Words>[] = [EN, PT];

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
