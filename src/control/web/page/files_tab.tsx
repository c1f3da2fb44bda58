import { useState } from "preact/hooks";
import { type FileEntry, openNodes, type TreeNode, treeOf } from "./file_tree.ts";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

interface Facts {
  readonly files: readonly { readonly name: string; readonly length: number }[];
  readonly fileStats: readonly {
    readonly bytesCompleted: number;
    readonly priority: number;
    readonly wanted: boolean;
  }[];
}

/** Lines drawn; of more the first are, until folders are closed. */
const MAX_LINES = 1_000;

/** The files as a tree: which are wanted, and which first. */
export function FilesTab({ id }: { readonly id: number }) {
  const { words, rpc, attempt } = useTools();
  const { torrent, refresh } = useTorrent<Facts>(id, ["files", "fileStats"]);
  const [open, setOpen] = useState<ReadonlySet<string> | null>(null);
  if (torrent === undefined) return <p>{words.loading}</p>;
  if (torrent === null) return <p>{words.gone}</p>;
  if (torrent.files.length === 0) return <p>{words.noFiles}</p>;

  const tree = treeOf(entriesOf(torrent));
  // a torrent's own folder is open at first
  const opened = open ?? new Set(tree.map(({ path }) => path));
  const set = async (args: Readonly<Record<string, unknown>>) => {
    await attempt(rpc.call("torrent-set", { ids: [id], ...args }));
    refresh();
  };
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{words.file.name}</th>
          <th scope="col">{words.file.size}</th>
          <th scope="col">{words.file.done}</th>
          <th scope="col">{words.file.priority}</th>
        </tr>
      </thead>
      <tbody>
        {openNodes(tree, opened).slice(0, MAX_LINES).map((node) => (
          <Line
            key={node.path}
            node={node}
            isOpen={opened.has(node.path)}
            onOpen={() => setOpen(toggled(opened, node.path))}
            onSet={(args) => void set(args)}
          />
        ))}
      </tbody>
    </table>
  );
}

function Line(
  { node, isOpen, onOpen, onSet }: {
    readonly node: TreeNode;
    readonly isOpen: boolean;
    readonly onOpen: () => void;
    readonly onSet: (args: Readonly<Record<string, unknown>>) => void;
  },
) {
  const { words, format } = useTools();
  const name = tame(node.name);
  const { files, wanted, priority } = node;
  return (
    <tr>
      <td style={{ paddingInlineStart: `${node.depth * 1.25}rem` }}>
        {node.children.length > 0
          ? (
            <button
              type="button"
              class="fold"
              aria-expanded={isOpen}
              aria-label={words.file.open(name)}
              onClick={onOpen}
            >
              {isOpen ? "▾" : "▸"}
            </button>
          )
          : <span class="fold" />}
        <label>
          <input
            type="checkbox"
            aria-label={words.file.wanted(name)}
            checked={wanted === "all"}
            indeterminate={wanted === "some"}
            onChange={() =>
              onSet({ [wanted === "all" ? "files-unwanted" : "files-wanted"]: files })}
          />
          <bdi>{name}</bdi>
        </label>
      </td>
      <td>{format.size(node.length)}</td>
      <td>{format.percent(node.length === 0 ? 1 : node.done / node.length)}</td>
      <td>
        <select
          aria-label={`${words.file.priority}: ${name}`}
          disabled={wanted === "none"}
          value={priority ?? ""}
          onChange={({ currentTarget }) => {
            const list = { "-1": "low", "0": "normal", "1": "high" }[currentTarget.value];
            if (list !== undefined) onSet({ [`priority-${list}`]: files });
          }}
        >
          {priority === null && <option value="">{words.priorities.mixed}</option>}
          <option value={1}>{words.priorities.high}</option>
          <option value={0}>{words.priorities.normal}</option>
          <option value={-1}>{words.priorities.low}</option>
        </select>
      </td>
    </tr>
  );
}

function entriesOf({ files, fileStats }: Facts): FileEntry[] {
  return files.map(({ name, length }, index) => {
    const stats = fileStats[index];
    return {
      path: name,
      length,
      done: stats?.bytesCompleted ?? 0,
      wanted: stats?.wanted ?? true,
      priority: stats?.priority ?? 0,
    };
  });
}

function toggled(set: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const out = new Set(set);
  if (!out.delete(path)) out.add(path);
  return out;
}
