/**
 * The code of a TypeScript file without its prose: comments, the insides of strings, templates and
 * regular expressions become spaces. Quotes, line breaks and every offset stay as they were, so a
 * match in the result names the right place in the original.
 */
export function blank(source: string): string {
  return new Blanker(source).run();
}

/** After these words a slash begins a regular expression; after any other it divides. */
const BEFORE_EXPRESSION = new Set(
  "return typeof case in of delete void throw new else do instanceof yield await".split(" "),
);

/** One pass over a source; `#out` holds the characters that stay. */
class Blanker {
  readonly #source: string;
  readonly #out: string[];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#out = [...source.replace(/[^\r\n]/gu, (c) => " ".repeat(c.length))];
  }

  run(): string {
    this.#code(false);
    return this.#out.join("");
  }

  /** Code up to the end, or inside a template up to the brace that closes its `${`. */
  #code(inTemplate: boolean): void {
    let depth = 0;
    while (this.#at < this.#source.length) {
      const c = this.#source[this.#at]!;
      const next = this.#source[this.#at + 1];
      if (c === "/" && next === "/") this.#skipTo("\n", 0);
      else if (c === "/" && next === "*") this.#skipTo("*/", 2);
      else if (c === '"' || c === "'") this.#string(c);
      else if (c === "`") this.#template();
      else if (c === "/" && this.#slashBeginsPattern()) this.#pattern();
      else {
        if (c === "{") depth++;
        if (c === "}" && depth-- === 0 && inTemplate) return;
        this.#keep();
      }
    }
  }

  #keep(): void {
    this.#out[this.#at] = this.#source[this.#at]!;
    this.#at++;
  }

  /** Leaves everything up to `end`, and `length` characters of it, blank. */
  #skipTo(end: string, length: number): void {
    const found = this.#source.indexOf(end, this.#at + length);
    this.#at = found < 0 ? this.#source.length : found + length;
  }

  #string(quote: string): void {
    this.#keep();
    while (this.#at < this.#source.length) {
      const c = this.#source[this.#at]!;
      if (c === quote) return this.#keep();
      if (c === "\n") return; // An unfinished string: not valid code, but the rest may be.
      this.#at += c === "\\" ? 2 : 1;
    }
  }

  #template(): void {
    this.#keep();
    while (this.#at < this.#source.length) {
      const c = this.#source[this.#at]!;
      if (c === "`") return this.#keep();
      if (c === "$" && this.#source[this.#at + 1] === "{") {
        this.#keep();
        this.#keep();
        this.#code(true);
        if (this.#at < this.#source.length) this.#keep();
      } else {
        this.#at += c === "\\" ? 2 : 1;
      }
    }
  }

  #pattern(): void {
    this.#keep();
    let inClass = false;
    while (this.#at < this.#source.length) {
      const c = this.#source[this.#at]!;
      if (c === "\n") return;
      if (c === "/" && !inClass) return this.#keep();
      if (c === "[") inClass = true;
      if (c === "]") inClass = false;
      this.#at += c === "\\" ? 2 : 1;
    }
  }

  /** A value before the slash means division; an operator, a bracket or a keyword means a pattern. */
  #slashBeginsPattern(): boolean {
    let i = this.#at - 1;
    while (i >= 0 && /\s/.test(this.#out[i]!)) i--;
    if (i < 0) return true;
    if (!/[\w$)\]}"'`]/.test(this.#out[i]!)) return true;
    const word = /[\w$]+$/.exec(this.#out.slice(Math.max(0, i - 20), i + 1).join(""))?.[0];
    return word !== undefined && BEFORE_EXPRESSION.has(word);
  }
}
