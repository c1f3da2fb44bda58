import type { FileChange } from "./file_choice.ts";
import type { TreeNode } from "./file_tree.ts";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";

/** Folders in folders move to the right no more than so often. */
const MAX_INDENT = 8;

/** What a line needs. */
export interface FileLineProps {
  readonly node: TreeNode;
  /** Its place among all lines, 0 first. */
  readonly at: number;
  readonly isOpen: boolean;
  /** Shows how far it is. */
  readonly withProgress: boolean;
  readonly onOpen: () => void;
  readonly onChange: (change: FileChange) => void;
  /** Not given: names stay. */
  readonly onRename?: () => void;
}

/** One file or folder. What can have the keyboard says by `data-part` what it is. */
export function FileLine(
  { node, at, isOpen, withProgress, onOpen, onChange, onRename }: FileLineProps,
) {
  const { words, format } = useTools();
  const name = tame(node.name);
  const { wanted, priority } = node;
  const indent = Math.min(node.depth, MAX_INDENT);
  const here = format.percent(node.length === 0 ? 1 : node.done / node.length);
  return (
    <tr aria-rowindex={at + 2}>
      <td>
        <div class="file" style={{ paddingInlineStart: `${indent}rem` }}>
          {node.children.length > 0
            ? (
              <button
                type="button"
                class="fold"
                data-part="fold"
                aria-expanded={isOpen}
                aria-label={words.file.open(name)}
                onClick={onOpen}
              >
                {isOpen ? "▾" : "▸"}
              </button>
            )
            : node.depth > 0 && <span class="fold" />}
          <label title={name}>
            <input
              type="checkbox"
              data-part="wanted"
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
              data-part="rename"
              aria-label={words.rename.of(name)}
              title={words.rename.of(name)}
              onClick={onRename}
            >
              ✎
            </button>
          )}
        </div>
      </td>
      <td>
        {format.size(node.length)}
        {withProgress && <small class="f-here">{here}</small>}
      </td>
      {withProgress && <td class="f-done">{here}</td>}
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
