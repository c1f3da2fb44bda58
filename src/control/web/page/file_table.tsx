import { useState } from "preact/hooks";
import type { FileChange } from "./file_choice.ts";
import { type FileEntry, openNodes, type TreeNode, treeOf } from "./file_tree.ts";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";

/** Lines drawn; of more the first are, until folders are closed. */
const MAX_LINES = 1_000;

/** What the table needs. */
export interface FileTableProps {
  readonly entries: readonly FileEntry[];
  /** Shows how far each is. */
  readonly withProgress: boolean;
  readonly onChange: (files: readonly number[], change: FileChange) => void;
  /** Asks for another name; `path` without a closing `/`. Not given: names stay. */
  readonly onRename?: (path: string) => void;
}

/** Files as a tree: which are wanted, and which first. */
export function FileTable({ entries, withProgress, onChange, onRename }: FileTableProps) {
  const { words, format } = useTools();
  const [open, setOpen] = useState<ReadonlySet<string> | null>(null);
  const tree = treeOf(entries);
  // a torrent's own folder is open at first
  const opened = open ?? new Set(tree.map(({ path }) => path));
  const nodes = openNodes(tree, opened);
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.file.name}</th>
            <th scope="col">{words.file.size}</th>
            {withProgress && <th scope="col">{words.file.done}</th>}
            <th scope="col">{words.file.priority}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.slice(0, MAX_LINES).map((node) => (
            <Line
              key={node.path}
              node={node}
              isOpen={opened.has(node.path)}
              withProgress={withProgress}
              onOpen={() => setOpen(toggled(opened, node.path))}
              onChange={(change) => onChange(node.files, change)}
              {...(onRename === undefined
                ? {}
                : { onRename: () => onRename(node.path.replace(/\/$/, "")) })}
            />
          ))}
        </tbody>
      </table>
      {nodes.length > MAX_LINES && (
        <p class="quiet">{words.file.more(format.counted(nodes.length - MAX_LINES))}</p>
      )}
    </>
  );
}

function Line(
  { node, isOpen, withProgress, onOpen, onChange, onRename }: {
    readonly node: TreeNode;
    readonly isOpen: boolean;
    readonly withProgress: boolean;
    readonly onOpen: () => void;
    readonly onChange: (change: FileChange) => void;
    readonly onRename?: () => void;
  },
) {
  const { words, format } = useTools();
  const name = tame(node.name);
  const { wanted, priority } = node;
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
            onChange={() => onChange({ wanted: wanted !== "all" })}
          />
          <bdi>{name}</bdi>
        </label>
        {onRename !== undefined && (
          <button
            type="button"
            class="small"
            aria-label={words.rename.of(name)}
            title={words.rename.of(name)}
            onClick={onRename}
          >
            ✎
          </button>
        )}
      </td>
      <td>{format.size(node.length)}</td>
      {withProgress && <td>{format.percent(node.length === 0 ? 1 : node.done / node.length)}</td>}
      <td>
        <select
          aria-label={`${words.file.priority}: ${name}`}
          disabled={wanted === "none"}
          value={priority ?? ""}
          onChange={({ currentTarget }) => {
            const priority = ([-1, 0, 1] as const).find((one) => `${one}` === currentTarget.value);
            if (priority !== undefined) onChange({ priority });
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

function toggled(set: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const out = new Set(set);
  if (!out.delete(path)) out.add(path);
  return out;
}
