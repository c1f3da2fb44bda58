import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { FileChange } from "./file_choice.ts";
import { FileLine } from "./file_line.tsx";
import { drawnLines } from "./file_lines.ts";
import { type FileEntry, openNodes, type TreeNode, treeOf } from "./file_tree.ts";
import { rowsInView } from "./list_model.ts";
import { stepOf, useScrollView } from "./scroll_view.ts";
import { useTools } from "./tools.ts";

/** Pixels of a line; the style has the same. */
const LINE = 40;

/** What the table needs. */
export interface FileTableProps {
  /** The same array as long as nothing in it changes, or the tree is made anew each time. */
  readonly entries: readonly FileEntry[];
  /** Shows how far each is. */
  readonly withProgress: boolean;
  readonly onChange: (files: readonly number[], change: FileChange) => void;
  /** Asks for another name; `path` without a closing `/`. Not given: names stay. */
  readonly onRename?: (path: string) => void;
}

/** Files as a tree: which are wanted, and which first. Only lines in view are drawn, however many there are. */
export function FileTable({ entries, withProgress, onChange, onRename }: FileTableProps) {
  const { words } = useTools();
  const [open, setOpen] = useState<ReadonlySet<string> | null>(null);
  const [search, setSearch] = useState("");
  const tree = useMemo(() => treeOf(entries, search), [entries, search]);
  // a torrent's own folder is open at first; what is found shows wherever it is
  const opened = useMemo(() => open ?? new Set(tree.map(({ path }) => path)), [open, tree]);
  const isSearched = search.trim() !== "";
  const nodes = useMemo(
    () => openNodes(tree, isSearched ? null : opened),
    [tree, opened, isSearched],
  );
  const box = useRef<HTMLDivElement>(null);
  const view = useScrollView(box);
  /** The line that has the keyboard. */
  const [kept, setKept] = useState<string | null>(null);
  const keptAt = kept === null ? -1 : nodes.findIndex(({ path }) => path === kept);
  const focus = useKeyboardAt(box, (at) => setKept(nodes[at]?.path ?? null));
  const { first, end } = rowsInView(nodes.length, LINE, view.top, view.height);
  const toggle = ({ path }: TreeNode) => setOpen(toggled(opened, path));

  const onKeyDown = (event: KeyboardEvent) => {
    const { target } = event;
    // a choice of a few has these keys itself
    if (!(target instanceof HTMLElement) || target instanceof HTMLSelectElement) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = lineOf(target);
    const node = nodes[at];
    if (node === undefined) return;
    const step = stepOf(event.key, Math.max(1, Math.floor(view.height / LINE) - 2), nodes.length);
    const isOpen = node.children.length > 0 && opened.has(node.path);
    if (step !== null) {
      const next = Math.max(0, Math.min(nodes.length - 1, at + step));
      focus(next, target.dataset["part"]);
    } else if (isSearched) return;
    else if (event.key === "ArrowRight" && node.children.length > 0 && !isOpen) toggle(node);
    else if (event.key === "ArrowLeft" && isOpen) toggle(node);
    else if (event.key === "ArrowLeft" && node.depth > 0) {
      focus(nodes.findLastIndex(({ depth }, each) => each < at && depth < node.depth), "fold");
    } else return;
    event.preventDefault();
  };
  const select = (wanted: boolean) => onChange(tree.flatMap(({ files }) => files), { wanted });

  return (
    <>
      {entries.length > 1 && (
        <div class="bar">
          <input
            type="search"
            aria-label={words.file.search}
            placeholder={words.file.search}
            value={search}
            onInput={({ currentTarget }) => setSearch(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || search === "") return;
              // what it is in stays open
              event.preventDefault();
              event.stopPropagation();
              setSearch("");
            }}
          />
          <button type="button" onClick={() => select(true)}>{words.choosing.all}</button>
          <button type="button" onClick={() => select(false)}>{words.choosing.none}</button>
        </div>
      )}
      <div class="files" ref={box} onScroll={view.look}>
        <table aria-label={words.tabs.files} aria-rowcount={nodes.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">{words.file.name}</th>
              <th scope="col" class="f-size">{words.file.size}</th>
              {withProgress && <th scope="col" class="f-done">{words.file.done}</th>}
              <th scope="col" class="f-priority">{words.file.priority}</th>
            </tr>
          </thead>
          <tbody
            onKeyDown={onKeyDown}
            onFocusIn={({ target }) => setKept(nodes[lineOf(target)]?.path ?? null)}
            onFocusOut={() => setKept(null)}
          >
            {drawnLines(nodes.length, first, end, keptAt).map((drawn, index) => {
              if ("gap" in drawn) {
                const height = `${drawn.gap * LINE}px`;
                return <tr key={`gap ${index}`} aria-hidden="true" style={{ height }} />;
              }
              const node = nodes[drawn.at];
              if (node === undefined) return null;
              return (
                <FileLine
                  key={node.path}
                  node={node}
                  at={drawn.at}
                  isOpen={isSearched || opened.has(node.path)}
                  withProgress={withProgress}
                  onOpen={() => toggle(node)}
                  onChange={(change) => onChange(node.files, change)}
                  {...(onRename === undefined
                    ? {}
                    : { onRename: () => onRename(node.path.replace(/\/$/, "")) })}
                />
              );
            })}
          </tbody>
        </table>
        {nodes.length === 0 && <p class="quiet">{words.file.nothing}</p>}
      </div>
    </>
  );
}

/** Gives the keyboard to the same part of another line, which `onKeep` has drawn first. */
function useKeyboardAt(
  box: { readonly current: HTMLElement | null },
  onKeep: (at: number) => void,
): (at: number, part: string | undefined) => void {
  const waiting = useRef<(() => void) | null>(null);
  useLayoutEffect(() => {
    waiting.current?.();
    waiting.current = null;
  });
  return (at, part) => {
    const focus = () => {
      const line = box.current?.querySelector(`[aria-rowindex="${at + 2}"]`);
      const same = line?.querySelector<HTMLElement>(`[data-part="${part}"]`);
      const there = same ?? line?.querySelector<HTMLElement>("input");
      there?.focus();
      return there !== undefined && there !== null;
    };
    if (focus()) return;
    waiting.current = focus;
    onKeep(at);
  };
}

/** The place of the line that something is in; -1: none. */
function lineOf(target: EventTarget | null): number {
  const line = target instanceof Element ? target.closest("tr")?.ariaRowIndex : null;
  return line === null || line === undefined ? -1 : Number(line) - 2;
}

function toggled(set: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const out = new Set(set);
  if (!out.delete(path)) out.add(path);
  return out;
}
