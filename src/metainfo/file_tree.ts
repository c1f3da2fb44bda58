import { binaryString, type Bytes, SHA256_SIZE } from "../base/mod.ts";
import { asBytes, asDictionary } from "../bencode/mod.ts";
import type { Field } from "./field.ts";
import { MAX_FILES } from "./parse_files.ts";
import { MAX_DEPTH } from "./path_tree.ts";

/** A file of a v2 torrent as its tree has it. */
export interface TreeEntry {
  /** Raw names as Latin-1 text, without the torrent's own. */
  readonly components: readonly string[];
  readonly length: number;
  /** The root of its Merkle tree, 32 bytes; null for an empty file. */
  readonly root: Bytes | null;
  /** For errors. */
  readonly field: Field;
}

/**
 * The files of `info.file tree` (BEP 52), in its order. Every rule is checked: names, one description a file and
 * nothing beside it, lengths, roots. Throws `MetainfoError`.
 */
export function parseFileTree(tree: Field): TreeEntry[] {
  const out: TreeEntry[] = [];
  walk(tree, [], out);
  if (out.length === 0) throw tree.fault("at least one file", "none");
  return out;
}

function walk(folder: Field, above: readonly string[], out: TreeEntry[]): void {
  const entries = asDictionary(folder.value);
  if (entries === null) throw folder.fault("a dictionary");
  for (const name of entries.keys()) {
    const node = folder.entry(name);
    if (name === "") throw folder.fault("names in a folder", "a file's description");
    if (above.length + 2 > MAX_DEPTH) {
      throw folder.fault(`at most ${MAX_DEPTH - 1} names in a path`, "more");
    }
    const components = [...above, name];
    const inside = asDictionary(node.value);
    if (inside === null) throw node.fault("a dictionary");
    if (!inside.has("")) {
      walk(node, components, out);
      continue;
    }
    if (inside.size > 1) throw node.fault("nothing beside a file's description", "more names");
    if (out.length >= MAX_FILES) throw folder.fault(`at most ${MAX_FILES} files`, "more");
    out.push(parseFile(node.entry(""), components));
  }
}

function parseFile(field: Field, components: readonly string[]): TreeEntry {
  const attributes = binaryString(asBytes(field.entry("attr").value) ?? new Uint8Array());
  if (attributes.includes("p")) {
    throw field.entry("attr").fault("no padding in a file tree", '"p"');
  }
  const lengthField = field.entry("length");
  // a link of BEP 47 has no bytes of its own
  const isLink = attributes.includes("l") && lengthField.missing;
  const length = isLink ? 0 : lengthField.integer(0, Number.MAX_SAFE_INTEGER);
  if (length === 0) return { components, length, root: null, field };
  const rootField = field.entry("pieces root");
  const root = rootField.bytes();
  if (root.length !== SHA256_SIZE) {
    throw rootField.fault(`${SHA256_SIZE} bytes`, String(root.length));
  }
  if (root.every((byte) => byte === 0)) throw rootField.fault("a hash", "zeros");
  return { components, length, root, field };
}
