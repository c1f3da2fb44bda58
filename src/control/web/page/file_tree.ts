/** The files of a torrent as a tree of folders. */

/** A file as the RPC tells it. */
export interface FileEntry {
  readonly path: string;
  readonly length: number;
  readonly done: number;
  readonly wanted: boolean;
  /** -1, 0 or 1. */
  readonly priority: number;
}

/** A file, or a folder with everything in it. */
export interface TreeNode {
  /** The last component. */
  readonly name: string;
  readonly path: string;
  /** 0 at the top. */
  readonly depth: number;
  /** Empty: it is a file. */
  readonly children: readonly TreeNode[];
  /** Numbers of the files in it, of a file its own. */
  readonly files: readonly number[];
  readonly length: number;
  readonly done: number;
  readonly wanted: "all" | "some" | "none";
  /** Null: they differ. */
  readonly priority: number | null;
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: { readonly name: string; readonly index: number; readonly entry: FileEntry }[];
}

/**
 * The tree of those of `files` whose path has every word of `search`; their numbers are their places in `files`.
 * Folders first, each in the order of the torrent.
 */
export function treeOf(files: readonly FileEntry[], search = ""): readonly TreeNode[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
  const root: Folder = { folders: new Map(), files: [] };
  files.forEach((entry, index) => {
    const { path } = entry;
    if (words.length > 0 && !hasAll(path.toLocaleLowerCase(), words)) return;
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    let folder = root;
    for (const part of parts) {
      let inner = folder.folders.get(part);
      if (inner === undefined) {
        inner = { folders: new Map(), files: [] };
        folder.folders.set(part, inner);
      }
      folder = inner;
    }
    folder.files.push({ name, index, entry });
  });
  return childrenOf(root, "", 0);
}

/** The nodes that show when only the folders in `open` (by path) are open; null: when all are. */
export function openNodes(
  nodes: readonly TreeNode[],
  open: ReadonlySet<string> | null,
): TreeNode[] {
  const shown: TreeNode[] = [];
  const show = (level: readonly TreeNode[]) => {
    for (const node of level) {
      shown.push(node);
      if (node.children.length > 0 && (open === null || open.has(node.path))) show(node.children);
    }
  };
  show(nodes);
  return shown;
}

function hasAll(path: string, words: readonly string[]): boolean {
  return words.every((word) => path.includes(word));
}

function childrenOf(folder: Folder, above: string, depth: number): TreeNode[] {
  const folders = [...folder.folders].map(([name, inner]) => {
    const path = `${above}${name}/`;
    return folderOf({ name, path, depth, children: childrenOf(inner, path, depth + 1) });
  });
  const leaves = folder.files.map(({ name, index, entry }): TreeNode => ({
    name,
    path: `${above}${name}`,
    depth,
    children: [],
    files: [index],
    length: entry.length,
    done: entry.done,
    wanted: entry.wanted ? "all" : "none",
    priority: entry.priority,
  }));
  return [...folders, ...leaves];
}

/** A folder from what is in it, which was summed up already. */
function folderOf(folder: Pick<TreeNode, "name" | "path" | "depth" | "children">): TreeNode {
  const { children } = folder;
  const [first] = children;
  const same = <K extends "wanted" | "priority">(key: K) =>
    first !== undefined && children.every((child) => child[key] === first[key]) ? first[key] : null;
  return {
    ...folder,
    files: children.flatMap(({ files }) => files),
    length: children.reduce((sum, child) => sum + child.length, 0),
    done: children.reduce((sum, child) => sum + child.done, 0),
    wanted: same("wanted") ?? "some",
    priority: same("priority"),
  };
}
