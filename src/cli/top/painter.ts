/** Puts lines on a terminal: only those that differ from what is there. */
import type { Output } from "../environment.ts";
import type { Tone } from "../terminal.ts";
import { width } from "../printable.ts";
import { type Line, textOf } from "./line.ts";

/** Another screen, without a cursor, lines that do not wrap, pasted text in brackets. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h";
const LEAVE = "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";
/** Terminals that know it show everything between the two at once. */
const [BEGIN, END] = ["\x1b[?2026h", "\x1b[?2026l"];
/** From the cursor to the end of its line. */
const CLEAR_LINE = "\x1b[K";
const CLEAR = "\x1b[H\x1b[2J";

/** A terminal that one program has all of. */
export class Painter {
  readonly #output: Pick<Output, "write">;
  readonly #paint: (text: string, tone: Tone) => string;
  /** What is on the screen; null: not known. */
  #shown: string[] | null = null;
  #columns = 0;
  #entered = false;

  /** `paint` gives text a tone, or leaves it as it is where there are no colours. */
  constructor(output: Pick<Output, "write">, paint: (text: string, tone: Tone) => string) {
    this.#output = output;
    this.#paint = paint;
  }

  /** Takes the screen. */
  enter(): void {
    this.#output.write(ENTER);
    this.#entered = true;
    this.#shown = null;
  }

  /** Gives it back as it was; more than once does no harm. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#output.write(LEAVE);
  }

  /** Nothing is known of what is on the screen: the next picture is drawn whole. */
  forget(): void {
    this.#shown = null;
  }

  /** Draws a picture for a screen of that many columns. */
  draw(lines: readonly Line[], columns: number): void {
    if (!this.#entered) return;
    const painted = lines.map((spans) => this.#painted(spans, columns));
    const isNew = this.#shown === null || this.#shown.length !== painted.length ||
      this.#columns !== columns;
    const shown = isNew ? [] : this.#shown ?? [];
    const changed = painted
      .map((text, i) => text === (shown[i] ?? CLEAR_LINE) ? "" : `\x1b[${i + 1};1H${text}`)
      .join("");
    this.#shown = painted;
    this.#columns = columns;
    if (isNew) this.#output.write(`${BEGIN}${CLEAR}${changed}${END}`);
    else if (changed !== "") this.#output.write(`${BEGIN}${changed}${END}`);
  }

  #painted(spans: Line, columns: number): string {
    const text = spans.map(({ text, tone }) => text === "" ? "" : this.#paint(text, tone)).join("");
    // behind a full line the cursor stays on its last character
    return width(textOf(spans)) < columns ? text + CLEAR_LINE : text;
  }
}
