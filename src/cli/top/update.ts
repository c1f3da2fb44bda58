/** What `tm top` does with what happens: the next state, and what is to be done outside. */
import { answered, failed } from "./answers.ts";
import { onKey } from "./on_key.ts";
import { layout, panelView } from "./layout.ts";
import type { Event, Request, TopState } from "./model.ts";
import { poll } from "./poll.ts";
import { pasteInto } from "./prompts.ts";

/** A state and what is to be done. */
export type Step = readonly [TopState, readonly Request[]];

/** `now` is milliseconds on a clock that never goes back, `date` seconds since 1970. */
export function update(before: TopState, event: Event, now: number, date: number): Step {
  const timed = { ...before, now, date };
  const [state, requests] = react(timed, event);
  const [polling, polls] = poll(scrolled(expired(state)));
  return [polling, [...requests, ...polls]];
}

function react(state: TopState, event: Event): Step {
  switch (event.type) {
    case "key":
      return onKey(state, event.key);
    case "paste":
      // never taken for commands
      return [pasteInto(state, event.text), []];
    case "size":
      return [{ ...state, columns: event.columns, rows: event.rows }, []];
    case "tick":
      return [state, []];
    case "failed":
      return [failed(state, event), []];
    default:
      return [answered(state, event), []];
  }
}

function expired(state: TopState): TopState {
  const { notice, now } = state;
  return notice !== null && now >= notice.until ? { ...state, notice: null } : state;
}

/** Brings what is under the cursors into view, and no empty lines below the last. */
function scrolled(state: TopState): TopState {
  const { torrents: rows } = layout(state);
  const offset = windowStart(state.offset, state.index, state.shown.length, rows);
  return scrolledPanel(offset === state.offset ? state : { ...state, offset });
}

function scrolledPanel(state: TopState): TopState {
  const { panel } = state;
  if (panel === null) return state;
  const { rows, length } = panelView(state);
  const isFiles = panel.content !== null && panel.content !== "gone" && panel.tab === "files";
  const cursor = clamp(panel.cursor, length);
  const offset = isFiles
    ? windowStart(panel.offset, cursor, length, rows)
    : Math.max(0, Math.min(panel.offset, length - rows));
  if (cursor === panel.cursor && offset === panel.offset) return state;
  return { ...state, panel: { ...panel, cursor, offset } };
}

function windowStart(start: number, cursor: number, length: number, rows: number): number {
  const seen = Math.min(cursor, Math.max(start, cursor - Math.max(1, rows) + 1));
  return Math.max(0, Math.min(seen, length - rows));
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(index, length - 1));
}
