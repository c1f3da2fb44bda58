/**
 * Patterns for paths, as shells have them. Matching takes time in proportion to pattern × path whatever both are: the
 * names are strangers', and an expression that tries again and again would be theirs to choose the worst of.
 */
import { UsageError } from "../base/mod.ts";

const MOST_LENGTH = 1000;
/** What braces may come to. */
const MOST_ALTERNATIVES = 64;

type Token =
  | { readonly kind: "char"; readonly char: string }
  /** `?`, and `[…]` with the ranges it holds. */
  | { readonly kind: "one"; readonly not: boolean; readonly ranges: readonly Range[] }
  /** `*`, or `**` when `over` folders. */
  | { readonly kind: "run"; readonly over: boolean }
  /** Any folders, none too, of a `**` before a slash; `inside` of which they are passed. */
  | { readonly kind: "folders" }
  | { readonly kind: "inside" };

type Range = readonly [from: string, to: string];

/**
 * A pattern: `*` and `?` inside a name, `**` over folders, `[a-z]`, `[!a-z]`, `{a,b}`, and `\` before what is meant as
 * it stands. Capitals and small letters are the same. What is the same as the pattern itself matches too, so that a name
 * with brackets in it can be given as it is.
 */
export class Glob {
  /** It speaks of folders, so of whole paths; otherwise of names alone. */
  readonly isPath: boolean;
  readonly #alternatives: readonly (readonly Token[])[];

  /** Throws `UsageError` when it is empty, too long, or a bracket is not closed. */
  constructor(readonly text: string) {
    if (text === "" || text.length > MOST_LENGTH) {
      throw new UsageError(`Expected a pattern of 1 to ${MOST_LENGTH} characters, got "${text}"`);
    }
    const whole = text.endsWith("/") ? `${text}**` : text;
    this.isPath = whole.includes("/");
    this.#alternatives = expand(fold(whole.replace(/^\//, "")), text).map((each) =>
      tokensOf(each, text)
    );
  }

  /** True when it is the pattern of all of `path`. */
  test(path: string): boolean {
    const folded = fold(path);
    const chars = [...folded];
    return folded === fold(this.text) ||
      this.#alternatives.some((tokens) => matches(tokens, chars));
  }
}

/** True when a name is a pattern. */
export function isGlob(text: string): boolean {
  return /[*?[{]|\/$/.test(text);
}

/** Letters without their case, composed. */
function fold(text: string): string {
  return text.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

/** `a{b,c}` as `ab` and `ac`. */
function expand(text: string, given: string): string[] {
  let out = [""];
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\\") {
      const pair = text.slice(at, ++at + 1);
      out = out.map((each) => each + pair);
    } else if (char === "{") {
      const end = closing(text, at);
      if (end < 0) throw new UsageError(`Expected a } after the { in "${given}"`);
      const inside = alternatives(text.slice(at + 1, end)).flatMap((each) => expand(each, given));
      if (out.length * inside.length > MOST_ALTERNATIVES) {
        throw new UsageError(`Expected at most ${MOST_ALTERNATIVES} alternatives in "${given}"`);
      }
      out = out.flatMap((each) => inside.map((one) => each + one));
      at = end;
    } else out = out.map((each) => each + char);
  }
  return out;
}

/** Where the brace that opens at `at` closes, −1: nowhere. */
function closing(text: string, at: number): number {
  for (let depth = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

/** Splits at the commas that are in no brace. */
function alternatives(text: string): string[] {
  const out: string[] = [];
  let [from, depth] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "{") depth++;
    else if (text[at] === "}") depth--;
    else if (text[at] === "," && depth === 0) {
      out.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...out, text.slice(from)];
}

function tokensOf(text: string, given: string): Token[] {
  const chars = [...text];
  const out: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === "\\" && at + 1 < chars.length) out.push({ kind: "char", char: chars[++at]! });
    else if (char === "?") out.push({ kind: "one", not: true, ranges: [] });
    else if (char === "[") {
      const end = chars.indexOf("]", at + (chars[at + 1] === "!" || chars[at + 1] === "^" ? 3 : 2));
      if (end < 0) throw new UsageError(`Expected a ] after the [ in "${given}"`);
      out.push(oneOf(chars.slice(at + 1, end)));
      at = end;
    } else if (char !== "*") out.push({ kind: "char", char });
    else {
      const from = at;
      while (chars[at + 1] === "*") at++;
      const alone = from === 0 || chars[from - 1] === "/";
      if (at > from && alone && chars[at + 1] === "/") {
        out.push({ kind: "folders" }, { kind: "inside" });
        at++;
      } else out.push({ kind: "run", over: at > from });
    }
  }
  return out;
}

function oneOf(chars: readonly string[]): Token {
  const not = chars[0] === "!" || chars[0] === "^";
  const inside = not ? chars.slice(1) : chars;
  const ranges: Range[] = [];
  for (let at = 0; at < inside.length; at++) {
    const from = inside[at]!;
    const ends = inside[at + 1] === "-" && at + 2 < inside.length;
    ranges.push([from, ends ? inside[at + 2]! : from]);
    if (ends) at += 2;
  }
  return { kind: "one", not, ranges };
}

/** Goes over the path once, with all the places in the pattern that it may be at. */
function matches(tokens: readonly Token[], chars: readonly string[]): boolean {
  let places = new Uint8Array(tokens.length + 1);
  reach(tokens, places, 0);
  for (const char of chars) {
    const next = new Uint8Array(tokens.length + 1);
    for (const [i, token] of tokens.entries()) {
      if (places[i] === 0) continue;
      const [stays, goesOn] = step(token, char);
      if (stays) reach(tokens, next, i);
      if (goesOn) reach(tokens, next, i + 1);
    }
    places = next;
  }
  return places[tokens.length] === 1;
}

/** The pattern may be at `at`, and wherever that is left without a character. */
function reach(tokens: readonly Token[], places: Uint8Array, at: number): void {
  for (; places[at] === 0; at++) {
    places[at] = 1;
    const kind = tokens[at]?.kind;
    if (kind === "folders") {
      places[at + 1] = 1;
      at++;
    } else if (kind !== "run") return;
  }
}

/** Whether a token takes `char` and stays where it is, and whether it takes it and is over. */
function step(token: Token, char: string): readonly [stays: boolean, goesOn: boolean] {
  switch (token.kind) {
    case "char":
      return [false, token.char === char];
    case "one":
      return [false, char !== "/" && isIn(token.ranges, char) !== token.not];
    case "run":
      return [token.over || char !== "/", false];
    case "inside":
      return [true, char === "/"];
    case "folders":
      return [false, false];
  }
}

function isIn(ranges: readonly Range[], char: string): boolean {
  return ranges.some(([from, to]) => char >= from && char <= to);
}
