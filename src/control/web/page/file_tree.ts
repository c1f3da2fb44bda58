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
  readonly files: { readonly name: string; readonly index: number }[];
}

/** The tree of `files`, whose numbers are their places. Folders first, each in the order of the torrent. */
export function treeOf(files: readonly FileEntry[]): readonly TreeNode[] {
  const root: Folder = { folders: new Map(), files: [] };
  files.forEach(({ path }, index) => {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    let folder = root;
    for (const part of parts) {
      const inner = folder.folders.get(part) ?? { folders: new Map(), files: [] };
      folder.folders.set(part, inner);
      folder = inner;
    }
    folder.files.push({ name, index });
  });
  return childrenOf(root, files, "", 0);
}

/** The nodes that show when only the folders in `open` (by path) are open. */
export function openNodes(nodes: readonly TreeNode[], open: ReadonlySet<string>): TreeNode[] {
  return nodes.flatMap((node) =>
    node.children.length > 0 && open.has(node.path)
      ? [node, ...openNodes(node.children, open)]
      : [node]
  );
}

function childrenOf(
  folder: Folder,
  files: readonly FileEntry[],
  above: string,
  depth: number,
): TreeNode[] {
  const folders = [...folder.folders].map(([name, inner]) => {
    const path = `${above}${name}/`;
    const children = childrenOf(inner, files, path, depth + 1);
    return nodeOf({ name, path, depth, children }, children.flatMap((child) => child.files), files);
  });
  const leaves = folder.files.map(({ name, index }) =>
    nodeOf({ name, path: `${above}${name}`, depth, children: [] }, [index], files)
  );
  return [...folders, ...leaves];
}

function nodeOf(
  node: Pick<TreeNode, "name" | "path" | "depth" | "children">,
  indices: readonly number[],
  files: readonly FileEntry[],
): TreeNode {
  const inside = indices.flatMap((index) => files[index] ?? []);
  const wanted = inside.filter((file) => file.wanted).length;
  const [first] = inside;
  const same = first !== undefined && inside.every(({ priority }) => priority === first.priority);
  return {
    ...node,
    files: indices,
    length: inside.reduce((sum, file) => sum + file.length, 0),
    done: inside.reduce((sum, file) => sum + file.done, 0),
    wanted: wanted === 0 ? "none" : wanted === inside.length ? "all" : "some",
    priority: same ? first.priority : null,
  };
}
