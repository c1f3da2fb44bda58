import { act, copyMagnet, SELDOM } from "./actions.ts";
import type { Open } from "./app.tsx";
import { tame } from "./format.ts";
import type { Column, Filter, Wish } from "./list_model.ts";
import { useTools } from "./tools.ts";

const KINDS = ["all", "active", "downloading", "seeding", "stopped", "troubled"] as const;

/** What the bar needs. */
export interface ToolbarProps {
  readonly wish: Wish;
  readonly labels: readonly string[];
  readonly chosen: readonly number[];
  readonly slow: boolean;
  readonly onWish: (wish: Wish) => void;
  readonly onOpen: (open: Open) => void;
  readonly onDetails: (id: number) => void;
  /** Null: there is no password, and so no way out. */
  readonly onLeave: (() => void) | null;
}

/** What can be done, and what is shown. */
export function Toolbar(props: ToolbarProps) {
  const { wish, labels, chosen, slow, onWish, onOpen, onDetails, onLeave } = props;
  const tools = useTools();
  const { words, rpc, attempt } = tools;
  const none = chosen.length === 0;
  const [only] = chosen;
  const single = chosen.length === 1 && only !== undefined;
  return (
    <header>
      <h1>{words.title}</h1>
      <div class="bar" role="group" aria-label={words.torrents}>
        <button type="button" class="primary" onClick={() => onOpen("add")}>{words.add}</button>
        <button type="button" disabled={none} onClick={() => void act(tools, "resume", chosen)}>
          {words.resume}
        </button>
        <button type="button" disabled={none} onClick={() => void act(tools, "pause", chosen)}>
          {words.pause}
        </button>
        <button type="button" disabled={none} onClick={() => onOpen("remove")}>
          {words.remove}
        </button>
        <button
          type="button"
          class="wide"
          disabled={!single}
          onClick={() => single && onDetails(only)}
        >
          {words.details}
        </button>
        <details class="menu" onClick={closeAfter} onKeyDown={closeByEscape}>
          <summary>{words.more}</summary>
          <div>
            {SELDOM.map((what) => (
              <button
                key={what}
                type="button"
                disabled={none}
                onClick={() => void act(tools, what, chosen)}
              >
                {words[what]}
              </button>
            ))}
            <button type="button" disabled={none} onClick={() => onOpen("labels")}>
              {words.labelsOf}
            </button>
            <button type="button" disabled={!single} onClick={() => onOpen("rename")}>
              {words.renameIt}
            </button>
            <button type="button" disabled={none} onClick={() => onOpen("move")}>
              {words.move}
            </button>
            <button
              type="button"
              disabled={!single}
              onClick={() => single && void copyMagnet(tools, only)}
            >
              {words.copyMagnet}
            </button>
          </div>
        </details>
      </div>
      <div class="bar">
        <input
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={wish.search}
          onInput={({ currentTarget }) => onWish({ ...wish, search: currentTarget.value })}
        />
        <select
          aria-label={words.filter}
          value={filterValue(wish.filter)}
          onChange={({ currentTarget }) =>
            onWish({ ...wish, filter: filterOf(currentTarget.value) })}
        >
          {KINDS.map((kind) => <option key={kind} value={kind}>{words[kind]}</option>)}
          {labels.map((label) => (
            <option key={label} value={filterValue({ kind: "label", label })}>
              {words.label(tame(label))}
            </option>
          ))}
        </select>
        <select
          class="sort"
          aria-label={words.sortBy}
          value={wish.column}
          onChange={({ currentTarget }) =>
            onWish({ ...wish, column: currentTarget.value as Column })}
        >
          {Object.entries(words.columns).map(([column, word]) => (
            <option key={column} value={column}>{word}</option>
          ))}
        </select>
        <button
          type="button"
          class="sort"
          aria-label={wish.descending ? words.descending : words.ascending}
          onClick={() => onWish({ ...wish, descending: !wish.descending })}
        >
          {wish.descending ? "↓" : "↑"}
        </button>
        <button
          type="button"
          aria-pressed={slow}
          onClick={() => void attempt(rpc.call("session-set", { "alt-speed-enabled": !slow }))}
        >
          {words.slow}
        </button>
        <button type="button" onClick={() => onOpen("stats")}>{words.stats.title}</button>
        <button type="button" onClick={() => onOpen("session")}>{words.settings}</button>
        <button
          type="button"
          class="wide"
          aria-label={words.keys.title}
          title={words.keys.title}
          onClick={() => onOpen("keys")}
        >
          ?
        </button>
        {onLeave !== null && <button type="button" onClick={onLeave}>{words.login.out}</button>}
      </div>
    </header>
  );
}

function filterValue(filter: Filter): string {
  return filter.kind === "label" ? `label:${filter.label}` : filter.kind;
}

function filterOf(value: string): Filter {
  const kind = KINDS.find((kind) => kind === value);
  return kind === undefined ? { kind: "label", label: value.slice("label:".length) } : { kind };
}

/** A menu closes when something in it was chosen. What that asks gives the keyboard back to what is still there. */
function closeAfter({ target, currentTarget }: MouseEvent & { currentTarget: HTMLDetailsElement }) {
  if (!(target instanceof HTMLButtonElement)) return;
  currentTarget.open = false;
  currentTarget.querySelector("summary")?.focus();
}

function closeByEscape(
  { key, currentTarget }: KeyboardEvent & { currentTarget: HTMLDetailsElement },
) {
  if (key !== "Escape") return;
  currentTarget.open = false;
  currentTarget.querySelector("summary")?.focus();
}
