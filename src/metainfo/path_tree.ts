import { fromBinaryString, fromUtf8Lossy } from "../base/mod.ts";
import {
  byteLength,
  foldName,
  isAscii,
  MAX_COMPONENT,
  MIN_COMPONENT,
  type NameRules,
  numbered,
  numberingParts,
  safeComponent,
} from "./names.ts";

/** Components of a path, the torrent's name included. */
export const MAX_DEPTH = 64;
/** Bytes of a path below the download folder; Linux allows 4096 with the folder itself. */
export const MAX_PATH = 3584;

interface Entry {
  /** The name on disk. */
  readonly name: string;
  /** Null for a file. */
  readonly folder: Folder | null;
}

/** One folder: what the torrent calls its entries, and which names on disk are taken. */
interface Folder {
  readonly entries: Map<string, Entry>;
  readonly taken: Set<string>;
  /** The last number given to names that share a stem and an extension. */
  readonly numbers: Map<string, number>;
  /** Bytes of the path so far, with a separator after each component. */
  readonly used: number;
  readonly depth: number;
}

/**
 * The tree of a torrent's files, from raw path components to safe names: a folder keeps its name for all files in
 * it, and different raw names never meet on disk.
 */
export class PathTree {
  readonly #rules: NameRules;
  readonly #root: Folder = emptyFolder(0, 0);

  constructor(rules: NameRules = {}) {
    this.#rules = rules;
  }

  /**
   * The safe path of a new file of 1 … {@linkcode MAX_DEPTH} components, each raw bytes as Latin-1 text; "duplicate" when it was added before,
   * "conflict" when a file stands where it needs a folder or the other way round.
   */
  add(components: readonly string[]): string[] | "duplicate" | "conflict" {
    const path: string[] = [];
    let folder = this.#root;
    for (let i = 0; i < components.length; i++) {
      const raw = components[i]!;
      const last = i === components.length - 1;
      let entry = folder.entries.get(raw);
      if (entry === undefined) {
        entry = this.#create(folder, raw, last);
        folder.entries.set(raw, entry);
      } else if (last) {
        return entry.folder === null ? "duplicate" : "conflict";
      }
      path.push(entry.name);
      if (last) return path;
      if (entry.folder === null) return "conflict";
      folder = entry.folder;
    }
    throw new RangeError("Expected a path of at least one component");
  }

  #create(parent: Folder, raw: string, file: boolean): Entry {
    const limit = componentLimit(parent);
    const name = this.#unique(parent, safeComponent(decoded(raw), this.#rules, limit), limit);
    if (file) return { name, folder: null };
    return { name, folder: emptyFolder(parent.depth + 1, parent.used + byteLength(name) + 1) };
  }

  #unique(folder: Folder, wanted: string, limit: number): string {
    let name = wanted;
    let key = this.#key(name);
    if (folder.taken.has(key)) {
      // numbers only rise, so a torrent full of clashes costs no more than one without
      const family = this.#key(numberingParts(wanted, limit).join("/"));
      let n = folder.numbers.get(family) ?? 1;
      do {
        name = numbered(wanted, ++n, limit);
        key = this.#key(name);
      } while (folder.taken.has(key));
      folder.numbers.set(family, n);
    }
    folder.taken.add(key);
    return name;
  }

  #key(name: string): string {
    return this.#rules.portable ?? true ? foldName(name) : name;
  }
}

/** What a raw name says; bytes that are no UTF-8 become U+FFFD. */
export function decoded(raw: string): string {
  return isAscii(raw) ? raw : fromUtf8Lossy(fromBinaryString(raw));
}

function emptyFolder(depth: number, used: number): Folder {
  return { entries: new Map(), taken: new Set(), numbers: new Map(), used, depth };
}

/** Bytes the next component may take so that all deeper ones, however many, still get their minimum. */
function componentLimit(parent: Folder): number {
  const deeper = (MAX_DEPTH - parent.depth - 1) * (MIN_COMPONENT + 1);
  return Math.min(MAX_COMPONENT, MAX_PATH - parent.used - deeper);
}
