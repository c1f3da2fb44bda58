import { useEffect, useRef, useState } from "preact/hooks";
import type { Row } from "../row.ts";
import type { Act } from "./actions.ts";
import type { Open } from "./app.tsx";
import { isLetter } from "./letter_keys.ts";
import { ListRow } from "./list_row.tsx";
import {
  type Column,
  type Manner,
  rowsInView,
  type Selection,
  stepFrom,
  type Wish,
} from "./list_model.ts";
import { stepOf, useScrollView } from "./scroll_view.ts";
import { useTools } from "./tools.ts";

/** Pixels of a row; the style has the same. */
const WIDE_ROW = 34;
const NARROW_ROW = 76;
const NARROW = "(max-width: 720px)";
const COLUMNS: readonly Column[] = [
  "place",
  "name",
  "state",
  "progress",
  "size",
  "down",
  "up",
  "eta",
  "peers",
  "ratio",
  "added",
];

/** What is asked by a key. */
const QUESTIONS: Readonly<Record<string, Open>> = {
  "Delete": "remove",
  "F2": "rename",
  "l": "labels",
  "m": "move",
};

/** What the list needs. */
export interface ListProps {
  readonly rows: readonly Row[];
  readonly wish: Wish;
  readonly selection: Selection;
  readonly onWish: (wish: Wish) => void;
  readonly onChoose: (id: number, manner: Manner) => void;
  readonly onAll: () => void;
  readonly onNone: () => void;
  readonly onDetails: (id: number) => void;
  readonly onOpen: (open: Open) => void;
  readonly onAct: (what: Act) => void;
}

/** The torrents: only rows in view are drawn, however many there are. */
export function TorrentList(props: ListProps) {
  const { rows, wish, selection, onWish, onChoose } = props;
  const { words, letterKeys } = useTools();
  const grid = useRef<HTMLDivElement>(null);
  const narrow = useNarrow();
  const height = narrow ? NARROW_ROW : WIDE_ROW;
  const view = useScrollView(grid);
  const { first, end } = rowsInView(rows.length, height, view.top, view.height);
  const activeAt = rows.findIndex(({ id }) => id === selection.active);
  const isDrawn = activeAt >= first && activeAt < end;

  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key, Math.max(1, Math.floor(view.height / height) - 1), rows.length);
    if (step !== null) {
      event.preventDefault();
      const row = stepFrom(rows, selection.active, step);
      if (row === null) return;
      onChoose(row.id, event.shiftKey ? "range" : "alone");
      bringIntoView(grid.current, rows.indexOf(row), height);
    } else if (pressed(event, props, letterKeys)) event.preventDefault();
  };

  return (
    <div
      class="grid"
      ref={grid}
      role="grid"
      tabIndex={0}
      aria-label={words.torrents}
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      {...(isDrawn ? { "aria-activedescendant": `row-${selection.active}` } : {})}
      onKeyDown={onKeyDown}
      onScroll={view.look}
    >
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex={1} class="row">
          <div role="columnheader" class="c-mark">
            <span class="unseen">{words.choose}</span>
          </div>
          {COLUMNS.map((column) => (
            <div
              key={column}
              role="columnheader"
              class={`c-${column}`}
              aria-sort={wish.column !== column
                ? "none"
                : wish.descending
                ? "descending"
                : "ascending"}
            >
              <button type="button" onClick={() => onWish(sortedBy(wish, column))}>
                {words.columns[column]}
              </button>
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="rows" style={{ height: `${rows.length * height}px` }}>
        {rows.slice(first, end).map((row, index) => (
          <ListRow
            key={row.id}
            row={row}
            index={first + index}
            top={(first + index) * height}
            isChosen={selection.chosen.has(row.id)}
            isActive={selection.active === row.id}
            onChoose={(manner) => {
              onChoose(row.id, manner);
              if (narrow && manner === "alone") props.onDetails(row.id);
            }}
            onDetails={() => props.onDetails(row.id)}
          />
        ))}
      </div>
    </div>
  );
}

/** What other keys do; false: nothing. */
function pressed(event: KeyboardEvent, props: ListProps, letterKeys: boolean): boolean {
  const { selection, onChoose } = props;
  // a button in the head has the key
  if (event.target !== event.currentTarget) return false;
  const { key } = event;
  if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "a") props.onAll();
  else if (event.ctrlKey || event.metaKey || event.altKey) return false;
  else if (event.repeat || (isLetter(key) && !letterKeys)) return false;
  else if (key === "Escape") props.onNone();
  else if (selection.active === null) return false;
  else if (key === " ") onChoose(selection.active, "toggle");
  else if (key === "Enter") props.onDetails(selection.active);
  else if (selection.chosen.size === 0) return false;
  else if (Object.hasOwn(QUESTIONS, key)) props.onOpen(QUESTIONS[key] ?? null);
  else if (key === "p") props.onAct("pause");
  else if (key === "r") props.onAct("resume");
  else return false;
  return true;
}

/** By another column, largest first where that is what people look for; by the same, the other way round. */
function sortedBy(wish: Wish, column: Column): Wish {
  const descending = wish.column === column
    ? !wish.descending
    : !["name", "state", "eta", "place"].includes(column);
  return { ...wish, column, descending };
}

function bringIntoView(box: HTMLElement | null, index: number, height: number): void {
  if (box === null) return;
  const head = box.querySelector<HTMLElement>(".head")?.offsetHeight ?? 0;
  const top = index * height;
  if (top < box.scrollTop) box.scrollTop = top;
  const end = top + height + head - box.clientHeight;
  if (end > box.scrollTop) box.scrollTop = end;
}

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const change = () => setNarrow(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return narrow;
}
