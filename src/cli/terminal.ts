/** Lines for people: permanent ones scroll, the status below them is redrawn in place. */
import type { Environment } from "./environment.ts";
import { width } from "./printable.ts";
import { wrap } from "./wrap.ts";

const DEFAULT_COLUMNS = 80;
/** Before the second line of a warning and those after it. */
const HANGING = "  ";

/** What a text is, which decides its colour where there are colours. */
export type Tone = "plain" | "strong" | "faint" | "good" | "warning" | "bad" | "paper" | "inverse";

/** What ECMA-48 calls rendition: a number that begins it and one that ends it. */
const RENDITION: Readonly<Record<Exclude<Tone, "plain">, readonly [begin: string, end: string]>> = {
  strong: ["1", "22"],
  faint: ["2", "22"],
  good: ["32", "39"],
  warning: ["33", "39"],
  bad: ["31", "39"],
  /** Black on white. */
  paper: ["30;47", "39;49"],
  /** The terminal's own colours swapped. */
  inverse: ["7", "27"],
};

/** Not by a library that looks for NO_COLOR itself: here the environment is a value. */
function paint(text: string, tone: Tone): string {
  if (tone === "plain") return text;
  const [begin, end] = RENDITION[tone];
  return `\x1b[${begin}m${text}\x1b[${end}m`;
}

/** The two streams of a run of `tm`, as a screen when they are one. */
export class Terminal {
  readonly #env: Pick<Environment, "stdout" | "stderr" | "terminalSize" | "noColor">;
  readonly #colors: boolean;
  /** The lines now on the screen below everything else. */
  #status: readonly string[] = [];

  /** `colors` false: none at all; true: on terminals, unless `NO_COLOR` is set. */
  constructor(
    env: Pick<Environment, "stdout" | "stderr" | "terminalSize" | "noColor">,
    colors: boolean,
  ) {
    this.#env = env;
    this.#colors = colors && !env.noColor;
  }

  /** The same with everything on standard error, where standard output is for something else. */
  onStderr(): Terminal {
    const { stderr, noColor } = this.#env;
    const terminalSize = () => this.#env.terminalSize();
    return new Terminal({ stdout: stderr, stderr, noColor, terminalSize }, this.#colors);
  }

  /** True when a status can be redrawn in place. */
  get isLive(): boolean {
    return this.#env.stdout.isTerminal;
  }

  /** True when {@linkcode paint} has any effect. */
  get hasColors(): boolean {
    return this.#colors && this.#env.stdout.isTerminal;
  }

  /** Columns a line may take on a terminal, null when there is no terminal and so no bound. */
  get columns(): number | null {
    return this.isLive ? this.#columns : null;
  }

  /** Rows of the terminal. */
  get rows(): number {
    return this.#env.terminalSize()?.rows || 24;
  }

  /** One column stays free: some terminals wrap when the last one is written. */
  get #columns(): number {
    return Math.max(20, (this.#env.terminalSize()?.columns || DEFAULT_COLUMNS) - 1);
  }

  /** Prints a line on standard output. */
  print(line: string): void {
    if (!this.isLive) return this.#env.stdout.write(`${line}\n`);
    this.#env.stdout.write(`${this.#erasing()}${line}\n${this.#drawing()}`);
  }

  /** Prints a line on standard error. */
  printError(line: string): void {
    if (this.#status.length === 0) return this.#env.stderr.write(`${line}\n`);
    // Both streams may be the same screen: the status is taken away before and put back after.
    this.#env.stdout.write(this.#erasing());
    this.#env.stderr.write(`${line}\n`);
    this.#env.stdout.write(this.#drawing());
  }

  /** Prints `text`, safe to show, as a warning or an error; on a terminal broken between words, elsewhere in one line. */
  complain(kind: "Warning" | "Error", text: string): void {
    const word = `${kind}:`;
    const line = this.#env.stderr.isTerminal
      ? wrap(`${word} ${text}`, this.#columns - HANGING.length).join(`\n${HANGING}`)
      : `${word} ${text}`;
    const painted = this.paintError(word, kind === "Error" ? "bad" : "warning");
    this.printError(painted + line.slice(word.length));
  }

  /** Replaces the status lines; none on anything but a terminal. */
  status(lines: readonly string[]): void {
    if (!this.isLive) return;
    const erasing = this.#erasing();
    this.#status = [...lines];
    const text = erasing + this.#drawing();
    if (text !== "") this.#env.stdout.write(text);
  }

  /** `text` in a colour, for standard output. */
  paint(text: string, tone: Tone): string {
    return this.hasColors ? paint(text, tone) : text;
  }

  /** `text` in a colour, for standard error. */
  paintError(text: string, tone: Tone): string {
    return this.#colors && this.#env.stderr.isTerminal ? paint(text, tone) : text;
  }

  /** Moves up over the status and clears to the end of the screen. */
  #erasing(): string {
    if (this.#status.length === 0) return "";
    // A terminal made narrower since has wrapped the lines.
    const columns = this.#columns + 1;
    const rows = this.#status.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns)),
      0,
    );
    return `\x1b[${rows}A\r\x1b[J`;
  }

  #drawing(): string {
    return this.#status.map((line) => `${line}\n`).join("");
  }
}
