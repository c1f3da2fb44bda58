/**
 * Names from strangers made safe to create. Nothing here refuses: a name that could leave the folder, deceive the
 * eye or not exist on the file system is replaced by a near one, always the same for the same input.
 */
import { utf8 } from "../base/mod.ts";

/** Bytes of one component on every common file system. */
export const MAX_COMPONENT = 255;
/** Every component can be shortened to this and still be told from others. */
export const MIN_COMPONENT = 24;
/** Our own state, at the top of the download folder; no torrent may write there. */
const STATE_FOLDER = ".tm";
/** An extension longer than this is part of the name. */
const MAX_EXTENSION = 12;

/** Which file systems a name must be able to live on. */
export interface NameRules {
  /**
   * True (the default): Windows and macOS too, so `<>:"|?*`, reserved names, trailing dots and names that differ
   * only in case are replaced. False: a case-sensitive POSIX file system, where all of those are ordinary names.
   */
  readonly portable?: boolean;
}

/** The rules of the system named as in `Deno.build.os`: Linux takes nearly every name as it is. */
export function nameRules(os: string): NameRules {
  return { portable: os !== "linux" };
}

// Separators, controls (C0, DEL, C1), line separators, and what turns or hides text: bidi marks, overrides and
// isolates, the byte order mark.
const UNSAFE = // deno-lint-ignore no-control-regex -- what must never reach a file name or a terminal
  /[\x00-\x1f\x7f-\x9f/\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
const NOT_PORTABLE = /[<>:"|?*]/g;
const TRAILING = /[. ]+$/;
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i;
/** What most names look like, so that a million of them are passed quickly. */
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9_ .-]*[A-Za-z0-9_]$/;
// deno-lint-ignore no-control-regex -- every character of one byte
const ASCII = /^[\x00-\x7f]*$/;
/** Some file systems leave these out when they compare names. */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * One path component made safe: no separator, control or direction character, not empty, `.`, `..` or our state
 * folder, at most `limit` bytes (at least {@linkcode MIN_COMPONENT}) of UTF-8. A safe name comes back as it is.
 */
export function safeComponent(
  name: string,
  rules: NameRules = {},
  limit: number = MAX_COMPONENT,
): string {
  if (name.length <= limit && PLAIN.test(name) && !DEVICE.test(name)) return name;
  let out = name.toWellFormed().replace(UNSAFE, "_");
  if (rules.portable ?? true) {
    out = out.replace(NOT_PORTABLE, "_").replace(TRAILING, (run) => "_".repeat(run.length));
    if (DEVICE.test(out)) out = `_${out}`;
  }
  if (/^\.{0,2}$/.test(out)) out = out === "" ? "_" : "_".repeat(out.length);
  if (foldName(out) === STATE_FOLDER) out = `_${out}`;
  return shortened(out, limit);
}

/** Equal for two names that a file system somewhere takes for the same: case, composition, invisible characters. */
export function foldName(name: string): string {
  if (isAscii(name)) return name.toLowerCase();
  // upper case first, so that ß and SS meet
  return name.replace(IGNORED, "").toUpperCase().toLowerCase().normalize("NFC");
}

/** The `n`th other name for `name`: `song.mp3` becomes `song~2.mp3`, still within `limit` bytes. */
export function numbered(name: string, n: number, limit: number = MAX_COMPONENT): string {
  const [stem, extension] = numberingParts(name, limit);
  return `${stem}~${n}${extension}`;
}

/** What {@linkcode numbered} puts its number between; names that share both share their numbers. */
export function numberingParts(
  name: string,
  limit: number,
): readonly [stem: string, extension: string] {
  const [stem, extension] = split(name);
  // "~" and seven digits, enough for every file of the largest torrent
  return [cut(stem, limit - 8 - byteLength(extension)), extension];
}

/** `name` itself when it fits, or as much of its start as does with a mark of the whole and its extension. */
function shortened(name: string, limit: number): string {
  if (byteLength(name) <= limit) return name;
  const [stem, extension] = split(name);
  const mark = `~${checksum(name)}`;
  return cut(stem, limit - mark.length - byteLength(extension)) + mark + extension;
}

/** Stem and extension (with its dot, empty when there is none worth keeping). */
function split(name: string): readonly [string, string] {
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot) : "";
  return extension.length > 1 && byteLength(extension) <= MAX_EXTENSION
    ? [name.slice(0, dot), extension]
    : [name, ""];
}

/** The longest start of `text` within `limit` bytes that splits no code point. */
function cut(text: string, limit: number): string {
  let bytes = 0;
  let at = 0;
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > limit) break;
    at += character.length;
  }
  return text.slice(0, at);
}

/** Bytes of UTF-8. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : utf8(text).length;
}

/** True when every character takes one byte in UTF-8. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** FNV-1a over UTF-16 units, eight hexadecimal digits; tells long names apart, no more. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
