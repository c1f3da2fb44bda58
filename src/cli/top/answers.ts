/** What the manager answered, put into the state. */
import type { TorrentSummary } from "../../remote/mod.ts";
import { arranged } from "./arrange.ts";
import { type Event, type Notice, SETTINGS_MS, type TopState } from "./model.ts";
import { answeredPoll, failedPoll, nextAll, panelRefreshed, refreshed } from "./poll.ts";
import type { Tone } from "../terminal.ts";

/** Milliseconds that a notice stays. */
const NOTICE_MS = 6000;

type Answer = Extract<Event, { type: "list" | "panel" | "session" | "acted" }>;

/** After an answer. */
export function answered(state: TopState, answer: Answer): TopState {
  switch (answer.type) {
    case "list":
      return withList(state, answer);
    case "panel":
      return withPanel(state, answer);
    case "session":
      return {
        ...state,
        session: answer.session,
        settings: answeredPoll(state.settings, state.now, SETTINGS_MS),
      };
    case "acted":
      // others may have changed too: their places in the queue
      return noticed(refreshed(state), answer.done, "good");
  }
}

/** After a call that failed. */
export function failed(state: TopState, event: Extract<Event, { type: "failed" }>): TopState {
  const { of, words } = event;
  const { now } = state;
  const lost = event.answered ? null : {
    since: state.lost?.since ?? now,
    words,
    tries: (state.lost?.tries ?? -1) + (of === "list" ? 1 : 0),
  };
  const poll = failedPoll(now, Math.max(0, lost?.tries ?? 0));
  // what changed meanwhile may be long ago
  const next = { ...state, lost: lost ?? state.lost, allDue: now };
  switch (of) {
    case "list":
      return told({ ...next, list: poll }, event);
    case "panel":
      return told({ ...next, details: poll }, event);
    case "session":
      return told({ ...next, settings: poll }, event);
    case "act":
      return noticed(next, words, "bad");
  }
}

/** With something to say below the list. */
export function noticed(state: TopState, text: string, tone: Tone): TopState {
  const notice: Notice = { text, tone, until: state.now + NOTICE_MS };
  return { ...state, notice };
}

/** A refusal is told; that nobody answers is shown for as long as it lasts. */
function told(state: TopState, { words, answered }: Extract<Event, { type: "failed" }>): TopState {
  return answered ? noticed(state, words, "bad") : state;
}

function withList(state: TopState, answer: Extract<Event, { type: "list" }>): TopState {
  const { now } = state;
  const torrents = merged(state.torrents, answer);
  const back = state.lost === null ? state : refreshed({ ...state, lost: null });
  let [downRate, upRate] = [0, 0];
  for (const torrent of torrents.values()) {
    downRate += torrent.downRate;
    upRate += torrent.upRate;
  }
  return arranged({
    ...back,
    torrents,
    downRate,
    upRate,
    list: answeredPoll(back.list, now),
    allDue: nextAll(back, answer.all),
  });
}

function merged(
  before: TopState["torrents"],
  { all, torrents, removed }: Extract<Event, { type: "list" }>,
): ReadonlyMap<string, TorrentSummary> {
  const next = new Map(all ? [] : before);
  for (const torrent of torrents) next.set(torrent.hash, torrent);
  if (removed.length === 0) return next;
  const gone = new Set(removed);
  const here = new Set(torrents.map(({ hash }) => hash));
  for (const { hash, id } of [...next.values()]) {
    if (gone.has(id) && !here.has(hash)) next.delete(hash);
  }
  return next;
}

function withPanel(state: TopState, answer: Extract<Event, { type: "panel" }>): TopState {
  const { panel, now } = state;
  const { hash, content } = answer;
  const details = answeredPoll(state.details, now);
  const isOld = panel === null || panel.hash !== hash ||
    (content !== null && content.tab !== panel.tab);
  // the cursor went on meanwhile
  if (isOld) return panelRefreshed({ ...state, details });
  return { ...state, details, panel: { ...panel, content: content ?? "gone" } };
}
