/** JSON as it is sent, and as it comes from strangers: bounded before it is built. */
import { fromUtf8 } from "../../base/mod.ts";

/** What can be sent as JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: Json };

/** Deepest nesting read; a request needs five. */
const MAX_DEPTH = 32;
/** Most values in a request: room for a list of 100,000 files and one of as many torrents. */
const MAX_VALUES = 250_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** The text cannot be read as JSON, or is too large a structure. */
export class JsonRefused extends Error {
  override name = "JsonRefused";
}

/**
 * The value of UTF-8 bytes. Throws {@linkcode JsonRefused} when they are none, nest deeper than 32, or hold more than
 * 250,000 values: a body of empty lists would take a hundred times its size in memory.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = fromUtf8(bytes);
  if (text === null) throw new JsonRefused("Expected UTF-8");
  bound(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonRefused("Expected JSON");
  }
}

/** Counts what separates values, outside of strings; whether the text is right is for the parser to say. */
function bound(text: string): void {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COMMA) values++;
    else if (OPENING.has(code)) {
      depth++;
      values++;
    } else if (CLOSING.has(code)) depth--;
    if (depth > MAX_DEPTH) throw new JsonRefused(`Expected JSON at most ${MAX_DEPTH} levels deep`);
    if (values > MAX_VALUES) throw new JsonRefused(`Expected at most ${MAX_VALUES} values`);
  }
}

/** Where the string that opens at `at` closes; the end when it does not. */
function endOfString(text: string, at: number): number {
  for (let from = at + 1;;) {
    const end = text.indexOf('"', from);
    if (end < 0) return text.length;
    let slashes = 0;
    // bounded by `from`, so that a run of backslashes is not counted again and again
    while (end - 1 - slashes >= from && text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
    from = end + 1;
  }
}
