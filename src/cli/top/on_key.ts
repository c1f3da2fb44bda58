/** What a key does, by where the keys go: a prompt, the help, the panel or the list. */
import { LIST_COLUMNS } from "../manager/columns.ts";
import { actOf, askRemove, fileAct, toggleAlternative } from "./actions.ts";
import { noticed } from "./answers.ts";
import { arranged, found, moved } from "./arrange.ts";
import { helpLength } from "./help_lines.ts";
import { isSmall, layout, panelView } from "./layout.ts";
import { current, type Panel, type Tab, TABS, type TopState } from "./model.ts";
import { panelRefreshed } from "./poll.ts";
import { askLimit, onPromptKey } from "./prompts.ts";
import type { Step } from "./update.ts";

/** The next state and what is to be done. */
export function onKey(state: TopState, key: string): Step {
  // a notice has been seen
  const seen = { ...state, notice: null };
  if (seen.prompt !== null) return onPromptKey(seen, seen.prompt, key);
  const anywhere = onKeyAnywhere(seen, key);
  if (anywhere !== null) return anywhere;
  if (seen.help !== null) return [onHelpKey(seen, seen.help, key), []];
  const { panel } = seen;
  if (panel?.focused) {
    const inPanel = onPanelKey(seen, panel, key);
    if (inPanel !== null) return inPanel;
  }
  return onListKey(seen, key);
}

function onKeyAnywhere(state: TopState, key: string): Step | null {
  switch (key) {
    case "q":
    case "ctrl-c":
      return [state, [{ type: "quit" }]];
    case "ctrl-z":
      return [state, [{ type: "suspend" }]];
    case "ctrl-l":
      return [state, [{ type: "redraw" }]];
    case "?":
      return [{ ...state, help: state.help === null ? 0 : null }, []];
    default:
      return null;
  }
}

function onHelpKey(state: TopState, offset: number, key: string): TopState {
  const rows = Math.max(1, state.rows - 3);
  const most = Math.max(0, helpLength(state.columns) - rows);
  const to = target(key, offset, rows, most + 1);
  if (to !== null) return { ...state, help: Math.max(0, Math.min(to, most)) };
  return key === "escape" || key === "enter" || key === "left" ? { ...state, help: null } : state;
}

function onPanelKey(state: TopState, panel: Panel, key: string): Step | null {
  const act = fileAct(key, state);
  if (act !== null) return [state, [act]];
  switch (key) {
    case "tab":
      return [withTab(state, nextTab(panel.tab, 1), true), []];
    case "shift-tab":
      return [withTab(state, nextTab(panel.tab, -1), true), []];
    case "escape":
    case "left":
      return [{ ...state, panel: isSmall(state) ? null : { ...panel, focused: false } }, []];
    // of the list, where they do more than that
    case "enter":
    case "right":
      return [state, []];
  }
  const { rows, length } = panelView(state);
  const isFiles = panel.tab === "files";
  const to = target(key, isFiles ? panel.cursor : panel.offset, rows, length);
  if (to === null) return null;
  return [{ ...state, panel: { ...panel, [isFiles ? "cursor" : "offset"]: to } }, []];
}

function onListKey(state: TopState, key: string): Step {
  const to = target(key, state.index, layout(state).torrents, state.shown.length);
  if (to !== null) return [moved(state, to), []];
  const tab = TABS[Number(key) - 1];
  if (tab !== undefined) return [byNumber(state, tab), []];
  const torrent = current(state);
  const act = torrent === null ? null : actOf(key, torrent);
  if (act !== null) return [state, [act]];
  switch (key) {
    case "enter":
    case "right":
      return [withTab(state, state.panel?.tab ?? "details", true), []];
    case "tab":
      return [
        state.panel === null ? state : withTab(state, nextTab(state.panel.tab, 1), false),
        [],
      ];
    case "escape":
    case "left":
      return [escape(state), []];
    case "x":
    case "X":
    case "delete":
      if (torrent === null) return [state, []];
      return [{ ...state, prompt: askRemove(torrent, key === "X") }, []];
    case "d":
    case "u":
      if (torrent === null) return [state, []];
      return [askLimit(state, key === "d" ? "down" : "up", torrent), []];
    case "D":
    case "U":
      return [askLimit(state, key === "D" ? "down" : "up", null), []];
    case "A":
      return [state, [toggleAlternative(state)]];
    default:
      return [onViewKey(state, key), []];
  }
}

/** Keys that change what is seen. */
function onViewKey(state: TopState, key: string): TopState {
  const { sort, search, index } = state;
  switch (key) {
    case "s":
    case "S": {
      const at = LIST_COLUMNS.indexOf(sort) + (key === "s" ? 1 : LIST_COLUMNS.length - 1);
      return arranged({ ...state, sort: LIST_COLUMNS[at % LIST_COLUMNS.length] ?? sort });
    }
    case "r":
      return arranged({ ...state, reverse: !state.reverse });
    case "/":
      return { ...state, prompt: { type: "search", text: "" } };
    case "f":
      return { ...state, prompt: { type: "filter", text: state.filter?.text ?? "" } };
    case "n":
    case "N": {
      if (search === "") return noticed(state, "Nothing was searched for yet: /", "plain");
      const step = key === "n" ? 1 : -1;
      return found(state, search, index + step, step) ??
        noticed(state, `No name has ${search} in it`, "warning");
    }
    default:
      return state;
  }
}

/** One thing at a time: the panel, then the filter. */
function escape(state: TopState): TopState {
  if (state.panel !== null) return { ...state, panel: null };
  return state.filter === null ? state : arranged({ ...state, filter: null });
}

/** The same number again closes it. */
function byNumber(state: TopState, tab: Tab): TopState {
  if (state.panel?.tab === tab) return { ...state, panel: null };
  return withTab(state, tab, state.panel?.focused ?? false);
}

function withTab(state: TopState, tab: Tab, focus: boolean): TopState {
  const { panel } = state;
  const focused = focus || isSmall(state);
  if (panel?.tab === tab) return { ...state, panel: { ...panel, focused } };
  const hash = current(state)?.hash ?? null;
  const opened = { tab, focused, cursor: 0, offset: 0, hash, content: null };
  return panelRefreshed({ ...state, panel: opened });
}

function nextTab(tab: Tab, step: 1 | -1): Tab {
  return TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length] ?? tab;
}

/** Where a key moves to in `length` lines of which `rows` are seen; null: it does not move. */
function target(key: string, at: number, rows: number, length: number): number | null {
  const last = Math.max(0, length - 1);
  const page = Math.max(1, rows - 1);
  switch (key) {
    case "up":
    case "k":
      return Math.max(0, at - 1);
    case "down":
    case "j":
      return Math.min(last, at + 1);
    case "page-up":
    case "ctrl-b":
      return Math.max(0, at - page);
    case "page-down":
    case "ctrl-f":
      return Math.min(last, at + page);
    case "home":
    case "g":
      return 0;
    case "end":
    case "G":
      return last;
    default:
      return null;
  }
}
