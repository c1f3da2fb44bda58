import { width } from "./printable.ts";

/**
 * `text` in lines of at most `columns`, broken between words; the first line starts with `first`, the others with as
 * many spaces. A word that is too long for a line stays whole.
 */
export function wrap(text: string, columns: number, first = ""): string[] {
  const indent = " ".repeat(width(first));
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
