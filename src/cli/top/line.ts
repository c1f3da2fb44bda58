/** Lines of a screen as values: texts that are safe to show, and what they are. */
import { column, fit, width } from "../printable.ts";
import type { Tone } from "../terminal.ts";

/** A part of a line. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** A line, no wider than the screen. */
export type Line = readonly Span[];

/** A line of one part. */
export function line(text: string, tone: Tone = "plain"): Line {
  return [{ text, tone }];
}

/** A line that fills the screen, `right` at its end when there is room for both. */
export function bar(left: string, right: string, columns: number, tone: Tone): Line {
  const space = columns - width(right);
  const text = right !== "" && space > width(left)
    ? column(left, space) + right
    : column(left, columns);
  return line(fit(text, columns), tone);
}

/** The text alone. */
export function textOf(spans: Line): string {
  return spans.map(({ text }) => text).join("");
}
