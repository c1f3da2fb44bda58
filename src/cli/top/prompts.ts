/** Questions at the bottom of the screen: what is typed into them, and what their answers do. */
import { UsageError } from "../../base/mod.ts";
import { speedUnitOf, type TorrentSummary } from "../../remote/mod.ts";
import { parseFilter } from "../manager/filter.ts";
import { sessionLimits, torrentLimits } from "../manager/limits.ts";
import { speed } from "../manager/option_values.ts";
import { formatRate } from "../units.ts";
import { act, say } from "./actions.ts";
import { noticed } from "./answers.ts";
import { arranged, found } from "./arrange.ts";
import type { Prompt, TopState } from "./model.ts";
import type { Step } from "./update.ts";

/** Characters that a prompt takes. */
const MAX_TEXT = 200;

type TextPrompt = Exclude<Prompt, { type: "ask" }>;

/** A key while there is a prompt. */
export function onPromptKey(state: TopState, prompt: Prompt, key: string): Step {
  if (prompt.type === "ask") return answerAsk(state, prompt, key);
  switch (key) {
    case "escape":
    case "ctrl-c":
      return [{ ...state, prompt: null }, []];
    case "enter":
      return enter(state, prompt);
    case "backspace":
      return [typed(state, prompt, [...prompt.text].slice(0, -1).join("")), []];
    case "ctrl-u":
      return [typed(state, prompt, ""), []];
    default:
      // the others have longer names
      return [[...key].length === 1 ? typed(state, prompt, prompt.text + key) : state, []];
  }
}

/** A pasted text goes into a prompt for text, and nowhere else. */
export function pasteInto(state: TopState, text: string): TopState {
  const { prompt } = state;
  if (prompt === null || prompt.type === "ask") return state;
  return typed(state, prompt, prompt.text + text.replace(/\p{Cc}+/gu, " "));
}

/** Asks for a limit, of a torrent or (null) of all together. */
export function askLimit(
  state: TopState,
  way: "down" | "up",
  torrent: TorrentSummary | null,
): TopState {
  return { ...state, prompt: { type: "limit", text: "", way, torrent } };
}

function typed(state: TopState, prompt: TextPrompt, text: string): TopState {
  const next = { ...state, prompt: { ...prompt, text: [...text].slice(0, MAX_TEXT).join("") } };
  // a search goes there while it is typed
  if (prompt.type !== "search" || text === "") return next;
  return found(next, text, state.index, 1) ?? next;
}

function answerAsk(state: TopState, { act }: Extract<Prompt, { type: "ask" }>, key: string): Step {
  const next = { ...state, prompt: null };
  return key === "y" ? [next, [act]] : [noticed(next, "Nothing was done", "plain"), []];
}

function enter(state: TopState, prompt: TextPrompt): Step {
  const { text } = prompt;
  const next = { ...state, prompt: null };
  switch (prompt.type) {
    case "search": {
      const searched = { ...next, search: text };
      const at = text === "" ? searched : found(searched, text, state.index, 1);
      return [at ?? noticed(searched, `No name has ${text} in it`, "warning"), []];
    }
    case "filter":
      return attempt(state, () => {
        const filter = text === "" ? null : { text, test: parseFilter(text) };
        return [arranged({ ...next, filter }), []];
      });
    case "limit":
      // nothing typed is nothing changed
      return text.trim() === "" ? [next, []] : attempt(state, () => limit(next, prompt));
  }
}

function limit(state: TopState, { text, way, torrent }: Extract<Prompt, { type: "limit" }>): Step {
  const value = speed(text.trim(), "the colon");
  const change = way === "down" ? { down: value } : { up: value };
  const unit = speedUnitOf(state.session);
  const what = `${way === "down" ? "Download" : "Upload"} limit of`;
  const shown = value === null ? "off" : formatRate(value);
  if (torrent !== null) {
    const done = `${what} ${say(torrent)}: ${shown}`;
    return [state, [act("torrent-set", [torrent], done, torrentLimits(change, unit))]];
  }
  const parameters = sessionLimits(change, unit);
  const done = `${what} all: ${shown}`;
  return [state, [{ type: "act", method: "session-set", parameters, done }]];
}

/** What cannot be understood is told, and the prompt stays. */
function attempt(state: TopState, take: () => Step): Step {
  try {
    return take();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [noticed(state, error.message, "bad"), []];
  }
}
