import { binaryString } from "../base/mod.ts";
import { decode } from "../bencode/mod.ts";
import { Field } from "./field.ts";
import { parseFileTree, type TreeEntry } from "./file_tree.ts";
import type { Metainfo } from "./metainfo.ts";
import { decoded } from "./path_tree.ts";
import { preferUtf8 } from "./parse_files.ts";

/** The info dictionary was read once already, so it is within bounds. */
const LIMITS = { maxDepth: 100, maxValues: 2_500_000 };

/**
 * Where the files of a torrent lie at a web server (BEP 19). It knows them by the names that the torrent gives them,
 * which may differ from those that are safe on disk.
 */
export class FileUrls {
  readonly #metainfo: Metainfo;
  /** The encoded path of each file whose name on disk is another one, and under null the torrent's name. */
  readonly #other = new Map<number | null, string>();

  constructor(metainfo: Metainfo) {
    this.#metainfo = metainfo;
    const info = Field.root(decode(metainfo.infoBytes, LIMITS));
    const { multiFile, version } = metainfo;
    // a v2 torrent of one file is called by that
    const tree = version === "v2" ? parseFileTree(info.entry("file tree")) : null;
    const name = tree === null || multiFile
      ? textOf(preferUtf8(info, "name"))
      : decoded(tree[0]!.components[0]!);
    if (name !== metainfo.name) this.#other.set(null, encoded([name]));
    if (!multiFile) return;
    let file = 0;
    for (const raw of tree?.map(treeNames) ?? listedNames(info)) {
      const { path, pad } = metainfo.files[file]!;
      const same = raw.length === path.length - 1 && raw.every((each, i) => each === path[i + 1]);
      if (!pad && !same) this.#other.set(file, encoded(raw));
      file++;
    }
  }

  /**
   * The URL of a file below the webseed `base`. A single file is `base` itself, or below it where that ends in a slash;
   * files of a folder lie below `base`, the folder's name and their path.
   */
  of(base: string, file: number): string {
    const { multiFile, name, files } = this.#metainfo;
    if (!multiFile && !base.endsWith("/")) return base;
    const folder = base.endsWith("/") ? base : `${base}/`;
    const top = folder + (this.#other.get(null) ?? encoded([name]));
    if (!multiFile) return top;
    return `${top}/${this.#other.get(file) ?? encoded(files[file]!.path.slice(1))}`;
  }
}

function treeNames({ components }: TreeEntry): string[] {
  return components.map(decoded);
}

function* listedNames(info: Field): Generator<string[]> {
  for (const item of info.entry("files").items()) {
    const names: string[] = [];
    for (const component of preferUtf8(item, "path").items()) names.push(textOf(component));
    yield names;
  }
}

function textOf(field: Field): string {
  return decoded(binaryString(field.bytes()));
}

/** Percent-encoded but for what RFC 3986 calls unreserved. */
function encoded(components: readonly string[]): string {
  return components.map((component) =>
    encodeURIComponent(component).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  ).join("/");
}
