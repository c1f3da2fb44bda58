/** Text from strangers, made fit for a terminal. */
import { stripAnsiCode } from "@std/fmt/colors";

/**
 * What could steer a terminal or reorder a line: control characters (C0, C1), line and paragraph separators, marks of
 * writing direction, invisible characters, lone surrogates and private-use characters.
 */
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;
const PLAIN = /^[ -~]*$/;
/** More marks on one letter than any script needs run over the lines above and below. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** `string-width` once {@linkcode loadWidths} was called; until then a character counts as one column. */
let stringWidth: (text: string) => number = (text) => [...text].length;
let graphemes: Intl.Segmenter | null = null;

/**
 * Loads what knows the columns of characters beyond ASCII when one of `texts` has any. It takes longer to load than
 * the rest of the command line together, and most torrents do not need it.
 */
export async function loadWidths(texts: Iterable<string>): Promise<void> {
  for (const text of texts) {
    if (PLAIN.test(text)) continue;
    stringWidth = (await import("string-width")).default;
    return;
  }
}

/** `text` on one line, without escape sequences and characters that act on a terminal. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  const safe = stripAnsiCode(text).replace(/[\t\r\n]+/g, " ").replace(UNSAFE, "");
  return safe.replace(STACKED_MARKS, "$1");
}

/** Columns that printable text takes. */
export function width(text: string): number {
  // Most text is plain, and the whole truth about the rest takes long to find out.
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** `text` cut to at most `columns`, with `…` in place of what was cut. */
export function fit(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  if (columns < 1) return "";
  let out = "";
  let used = 0;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of graphemes.segment(text)) {
    used += width(segment);
    if (used > columns - 1) break;
    out += segment;
  }
  return `${out}…`;
}

/** `text` cut or filled with spaces to exactly `columns`. */
export function column(text: string, columns: number, side: "left" | "right" = "left"): string {
  const cut = fit(text, columns);
  const space = " ".repeat(Math.max(0, columns - width(cut)));
  return side === "left" ? cut + space : space + cut;
}
