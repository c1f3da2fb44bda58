/**
 * Headers of a POSIX tar archive (IEEE Std 1003.1, pax): ustar blocks, preceded by a pax header where a name is too
 * long or not ASCII, or a file has 8 GiB or more.
 */
import { type Bytes, concat, utf8 } from "../base/mod.ts";

/** Everything in an archive is a multiple of this. */
export const TAR_BLOCK = 512;
/** An archive as a whole is a multiple of this, or GNU tar calls its last record short. */
export const TAR_RECORD = 20 * TAR_BLOCK;

const MOST_NAME = 100;
const MOST_PREFIX = 155;
/** What eleven octal digits cannot say any more: 8 GiB, or the year 2242. */
const TOO_MANY = 8 ** 11;
// deno-lint-ignore no-control-regex -- every character of one byte
const ASCII = /^[\x00-\x7f]*$/;

/** A plain file in an archive. */
export interface TarEntry {
  /** Relative, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970; what a header cannot say counts as 0. */
  readonly mtime: number;
}

/** All that stands before the content of a file: one block, or three and more with a pax header. */
export function tarHeader({ path, size, mtime }: TarEntry): Bytes {
  const time = mtime >= 0 && mtime < TOO_MANY ? Math.floor(mtime) : 0;
  const place = split(path);
  const records = (place === null ? record("path", path) : "") +
    (size < TOO_MANY ? "" : record("size", String(size)));
  // a reader without pax gets a name all the same
  const [prefix, name] = place ?? ["", path.replace(/[^\x20-\x7e]/gu, "_").slice(-MOST_NAME)];
  const file = block({ prefix, name, size: size < TOO_MANY ? size : 0, mtime: time, type: "0" });
  if (records === "") return file;
  const content = utf8(records);
  const pax = block({
    prefix: "",
    name: `PaxHeaders/${name}`.slice(0, MOST_NAME),
    size: content.length,
    mtime: time,
    type: "x",
  });
  return concat(pax, content, new Uint8Array(tarPadding(content.length)), file);
}

/** Zeros that follow `size` bytes of content. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
}

/** The path as ustar's prefix and name, null when it does not go into them. */
function split(path: string): readonly [prefix: string, name: string] | null {
  if (!ASCII.test(path)) return null;
  if (path.length <= MOST_NAME) return ["", path];
  const slash = path.indexOf("/", path.length - MOST_NAME - 1);
  if (slash < 1 || slash > MOST_PREFIX) return null;
  return [path.slice(0, slash), path.slice(slash + 1)];
}

/** A pax record; it begins with its own length in bytes. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const size = utf8(rest).length;
  let length = size + String(size).length;
  if (String(length).length > String(size).length) length = size + String(length).length;
  return `${length}${rest}`;
}

interface Fields {
  readonly prefix: string;
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
  /** `0`: a plain file; `x`: a pax header for the next one. */
  readonly type: "0" | "x";
}

/** One ustar block. Owner and group are 0 and without a name: the receiver's own. */
function block({ prefix, name, size, mtime, type }: Fields): Bytes {
  const out = new Uint8Array(TAR_BLOCK);
  const put = (at: number, text: string) => out.set(utf8(text), at);
  put(0, name);
  put(100, `${octal(0o644, 7)}\0`);
  put(108, `${octal(0, 7)}\0`);
  put(116, `${octal(0, 7)}\0`);
  put(124, `${octal(size, 11)}\0`);
  put(136, `${octal(mtime, 11)}\0`);
  // the checksum counts its own place as spaces
  put(148, " ".repeat(8));
  put(156, type);
  put(257, "ustar\0" + "00");
  put(329, `${octal(0, 7)}\0`);
  put(337, `${octal(0, 7)}\0`);
  put(345, prefix);
  let sum = 0;
  for (const byte of out) sum += byte;
  put(148, `${octal(sum, 6)}\0 `);
  return out;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
