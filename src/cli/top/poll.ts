/** When the manager is asked again: one question of each kind at a time, the dear ones more seldom. */
import { current, type Poll, type Request, type TopState } from "./model.ts";
import type { Step } from "./update.ts";

/** Between two looks at the list, and at the panel, in milliseconds. */
const EVERY_MS = 1000;
/** An answer that took long is not asked for all the time: it may take a quarter of it. */
const COST = 4;
/**
 * Between two whole lists, and after the last answer: what changed is told for a minute, and numbers are given anew
 * when a manager starts again.
 */
const ALL_MS = 30_000;
/** Between two tries while nobody answers, at most. */
const MAX_RETRY_MS = 5000;

/** What is due. */
export function poll(state: TopState): Step {
  const requests: Request[] = [];
  let next = state;
  if (isDue(next.list, next.now)) {
    const all = next.torrents === null || next.now >= next.allDue;
    requests.push({ type: "list", all });
    next = { ...next, list: asked(next.now), allDue: all ? Infinity : next.allDue };
  }
  // while nobody answers the list alone is tried
  if (next.lost !== null) return [next, requests];
  if (isDue(next.settings, next.now)) {
    requests.push({ type: "session" });
    next = { ...next, settings: asked(next.now) };
  }
  return pollPanel(next, requests);
}

function pollPanel(state: TopState, requests: readonly Request[]): Step {
  const torrent = current(state);
  const { panel } = state;
  if (panel === null || torrent === null) return [state, requests];
  const { hash } = torrent;
  // another torrent: what is shown is not its
  const isOther = panel.hash !== hash;
  const shown = isOther ? { ...panel, hash, content: null, cursor: 0, offset: 0 } : panel;
  const details = isOther ? soon(state.details, state.now) : state.details;
  const next = { ...state, panel: shown, details };
  if (!isDue(details, state.now)) return [next, requests];
  return [
    { ...next, details: asked(state.now) },
    [...requests, { type: "panel", hash, tab: panel.tab }],
  ];
}

function isDue({ asked, due }: Poll, now: number): boolean {
  return asked === null && now >= due;
}

function asked(now: number): Poll {
  return { asked: now, due: Infinity };
}

/** Due now, also when an answer is on its way that may be older than what it is asked for. */
function soon({ asked }: Poll, now: number): Poll {
  return { asked, due: now };
}

/** After an answer. */
export function answeredPoll({ asked, due }: Poll, now: number, every = EVERY_MS): Poll {
  const next = now + Math.max(every, COST * (now - (asked ?? now)));
  return { asked: null, due: Math.min(due, next) };
}

/** After a failure, the more often it was tried the later. */
export function failedPoll(now: number, tries: number): Poll {
  return { asked: null, due: now + Math.min(MAX_RETRY_MS, EVERY_MS * 2 ** Math.min(tries, 10)) };
}

/** Everything is due. */
export function refreshed(state: TopState): TopState {
  const { list, details, settings, now } = state;
  return {
    ...state,
    list: soon(list, now),
    details: soon(details, now),
    settings: soon(settings, now),
    allDue: now,
  };
}

/** The panel is due. */
export function panelRefreshed(state: TopState): TopState {
  return { ...state, details: soon(state.details, state.now) };
}

/** When the next whole list is due, after an answer. */
export function nextAll({ allDue, now }: TopState, answeredAll: boolean): number {
  return answeredAll ? Math.min(allDue, now + ALL_MS) : allDue;
}
