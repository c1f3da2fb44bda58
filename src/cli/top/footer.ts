/** The lines at the bottom: a question, what happened last or what is wrong, and the keys. */
import { formatEta } from "../units.ts";
import { fit, printable, width } from "../printable.ts";
import type { Tone } from "../terminal.ts";
import { wrap } from "../wrap.ts";
import { bar, type Line, line } from "./line.ts";
import { current, type Prompt, type TopState } from "./model.ts";

/** Lines of a question or a message at most. */
const MAX_LINES = 3;
/** Columns of a torrent's name in a question, at least. */
const LEAST_NAME = 8;

const LIST_KEYS = [
  "? keys",
  "q quit",
  "Enter open",
  "p pause",
  "x remove",
  "/ find",
  "f filter",
  "s sort",
  "d u limits",
];
const PANEL_KEYS = ["? keys", "Esc back", "Tab next", "↑↓ move"];
const FILE_KEYS = ["? keys", "Esc back", "Tab next", "+ - priority", "Space on/off"];

/** Its lines; the last one are the keys. */
export function footer(state: TopState): Line[] {
  return [...message(state), keys(state)];
}

/** The prompt, as it is shown; the end of a long text is what counts. */
function promptText(prompt: Exclude<Prompt, { type: "ask" }>, columns: number): string {
  const title = promptTitle(prompt, columns);
  const text = printable(prompt.text);
  const room = Math.max(1, columns - width(title) - 1);
  const chars = [...text];
  while (width(chars.join("")) > room) chars.shift();
  return `${title}${chars.join("")}_`;
}

function promptTitle(prompt: Exclude<Prompt, { type: "ask" }>, columns: number): string {
  if (prompt.type === "search") return "Find: ";
  if (prompt.type === "filter") return "Filter: ";
  const { way, torrent } = prompt;
  const whose = torrent === null ? "all" : shorten(torrent.name, columns - 40);
  return `${way === "down" ? "Download" : "Upload"} limit of ${whose} (2M, off): `;
}

function message(state: TopState): Line[] {
  const { prompt, columns, lost, notice } = state;
  if (prompt?.type === "ask") {
    const { before, name, after } = prompt;
    const room = columns - width(before) - width(after);
    return lines(`${before}${shorten(name, room)}${after}`, "warning", columns);
  }
  if (prompt !== null) {
    const asked = line(fit(promptText(prompt, columns), columns), "strong");
    return notice === null ? [asked] : [...lines(notice.text, notice.tone, columns), asked];
  }
  if (notice !== null) return lines(notice.text, notice.tone, columns);
  if (lost !== null) {
    const ago = formatEta(Math.floor((state.now - lost.since) / 1000));
    return lines(`${lost.words} (no answer for ${ago}, trying again)`, "bad", columns);
  }
  const trouble = state.help === null ? current(state) : null;
  if (trouble === null || trouble.trouble === "none") return [line("")];
  return lines(trouble.message || "in trouble", "warning", columns);
}

function lines(text: string, tone: Tone, columns: number): Line[] {
  const safe = printable(text.slice(0, 1000));
  const all = wrap(safe, Math.max(1, columns));
  const shown = all.slice(0, MAX_LINES);
  if (all.length > MAX_LINES) shown[MAX_LINES - 1] = `${shown[MAX_LINES - 1]}…`;
  return shown.map((each) => line(fit(each, columns), tone));
}

function keys({ prompt, panel, help, columns }: TopState): Line {
  if (prompt?.type === "ask") return bar(" y yes   any other key: no", "", columns, "inverse");
  if (prompt !== null) return bar(" Enter take   Esc leave", "", columns, "inverse");
  if (help !== null) return bar(" Esc back   ↑↓ move   q quit", "", columns, "inverse");
  const all = panel?.focused !== true ? LIST_KEYS : panel.tab === "files" ? FILE_KEYS : PANEL_KEYS;
  let text = "";
  for (const each of all) {
    const more = `${text}${text === "" ? " " : "   "}${each}`;
    if (width(more) > columns) break;
    text = more;
  }
  return bar(text, "", columns, "inverse");
}

function shorten(name: string, columns: number): string {
  return fit(printable(name.slice(0, 500)), Math.max(LEAST_NAME, columns));
}
