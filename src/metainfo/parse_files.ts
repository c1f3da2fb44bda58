import { binaryString } from "../base/mod.ts";
import { asBytes } from "../bencode/mod.ts";
import type { Field } from "./field.ts";
import type { TorrentFile } from "./file_map.ts";
import { type NameRules, safeComponent } from "./names.ts";
import { decoded, MAX_DEPTH, PathTree } from "./path_tree.ts";

/** Files of one torrent; the largest seen in the wild have a few hundred thousand. */
export const MAX_FILES = 250_000;
/** How BitComet and its kin name the padding they add, from before BEP 47. */
const OLD_PADDING = "_____padding_file_";

/** The file list of an info dictionary with names made safe; throws `MetainfoError`. */
export function parseFiles(
  info: Field,
  rules: NameRules,
): { name: string; multiFile: boolean; files: TorrentFile[]; totalLength: number } {
  const rawName = binaryString(preferUtf8(info, "name").bytes());
  const name = safeComponent(decoded(rawName), rules);
  const length = info.entry("length");
  const list = info.entry("files");
  if (!length.missing && !list.missing) throw list.fault('nothing beside "info.length"');
  if (list.missing) {
    const totalLength = length.integer(1, Number.MAX_SAFE_INTEGER);
    const file = { path: [name], length: totalLength, offset: 0, pad: false };
    return { name, multiFile: false, files: [file], totalLength };
  }
  const files = parseList(list, rawName, name, rules);
  const last = files[files.length - 1]!;
  const totalLength = last.offset + last.length;
  if (totalLength === 0) throw list.fault("files of at least 1 byte together", "0 bytes");
  return { name, multiFile: true, files, totalLength };
}

function parseList(
  list: Field,
  rawName: string,
  name: string,
  rules: NameRules,
): TorrentFile[] {
  if (list.count < 1 || list.count > MAX_FILES) {
    throw list.fault(`a list of 1 to ${MAX_FILES} files`, String(list.count));
  }
  const tree = new PathTree(rules);
  const files: TorrentFile[] = [];
  let offset = 0;
  for (const item of list.items()) {
    // what is left of 2⁵³ bounds the file, and so the total
    const length = item.entry("length").integer(0, Number.MAX_SAFE_INTEGER - offset);
    const pathField = preferUtf8(item, "path");
    const components = parsePath(pathField);
    const pad = isPadding(item, components);
    // padding is never written and clients give all of it the same name, so its names need not differ
    const path = pad ? [name, ".pad", String(length)] : tree.add([rawName, ...components]);
    if (path === "duplicate") {
      throw pathField.fault("a path that no other file has", `"${text(components)}" again`);
    }
    if (path === "conflict") {
      throw pathField.fault("a path that is not both a file and a folder", `"${text(components)}"`);
    }
    files.push({ path, length, offset, pad });
    offset += length;
  }
  return files;
}

/** Raw components as Latin-1 text. */
function parsePath(field: Field): string[] {
  if (field.count < 1 || field.count >= MAX_DEPTH) {
    throw field.fault(`a path of 1 to ${MAX_DEPTH - 1} components`, String(field.count));
  }
  const out: string[] = [];
  for (const component of field.items()) out.push(binaryString(component.bytes()));
  return out;
}

/** `<key>.utf-8` where it is there, as old clients wrote `<key>` in the user's own code page. */
export function preferUtf8(parent: Field, key: string): Field {
  const utf8 = parent.entry(`${key}.utf-8`);
  return utf8.missing ? parent.entry(key) : utf8;
}

function isPadding(item: Field, components: readonly string[]): boolean {
  const attributes = asBytes(item.entry("attr").value);
  if (attributes?.includes(0x70)) return true; // "p"
  return components[components.length - 1]!.startsWith(OLD_PADDING);
}

function text(components: readonly string[]): string {
  const path = components.map((component) => safeComponent(decoded(component))).join("/");
  return path.length > 200 ? `${path.slice(0, 200).toWellFormed()}…` : path;
}
