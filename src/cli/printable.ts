/** Text from strangers, made fit for a terminal. */
import { stripAnsiCode } from "@std/fmt/colors";
import { tame } from "../base/mod.ts";

const PLAIN = /^[ -~]*$/;

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
  return tame(stripAnsiCode(text), "");
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
