/** Torrents by what they are: `active`, `label:linux`, a part of the name. */
import { UsageError } from "../../base/mod.ts";
import type { TorrentSummary } from "../../remote/mod.ts";
import { suggest } from "../suggest.ts";
import { STATE_WORDS, stateWord } from "./state_words.ts";

/** Whether a torrent is meant. */
export type Filter = (torrent: TorrentSummary) => boolean;

const BY_WORD: ReadonlyMap<string, Filter> = new Map([
  ...STATE_WORDS.map((word): [string, Filter] => [word, (torrent) => stateWord(torrent) === word]),
  ["error", ({ trouble }) => trouble !== "none"],
  ["stopped", ({ state }) => state === "stopped"],
  ["running", ({ state }) => state !== "stopped"],
  ["active", ({ downRate, upRate, state }) => downRate + upRate > 0 || state === "checking"],
  ["stalled", ({ stalled }) => stalled],
  ["complete", isComplete],
  ["incomplete", (torrent) => !isComplete(torrent)],
]);

/** Words a filter can be, for completions and help. */
export const FILTER_WORDS: readonly string[] = [...BY_WORD.keys()];

/**
 * A state word, `label:NAME` (empty: without any), or a part of the name, in which `*` stands for anything. Any case.
 */
export function parseFilter(text: string): Filter {
  const word = text.toLowerCase();
  const known = BY_WORD.get(word);
  if (known !== undefined) return known;
  if (word.startsWith("label:")) return labelFilter(word.slice(6));
  const near = suggest(word, FILTER_WORDS);
  if (near !== null && /^[a-z]+$/.test(word) && word.length > 4 && near[0] === word[0]) {
    throw new UsageError(`Unknown state ${text}; did you mean ${near}? For names: *${text}*`);
  }
  return nameFilter(word);
}

/**
 * The filter in an argument that otherwise is an ID: `is:seeding` or `label:linux`, null when it is neither. Bare words
 * are names there: removing what is `complete` must not be an accident.
 */
export function parseFilterId(text: string): Filter | null {
  if (/^label:/i.test(text)) return labelFilter(text.slice(6).toLowerCase());
  if (!/^is:/i.test(text)) return null;
  const filter = BY_WORD.get(text.slice(3).toLowerCase());
  if (filter !== undefined) return filter;
  throw new UsageError(`Expected is:STATE, one of ${FILTER_WORDS.join(", ")}, got ${text}`);
}

/** True when everything that is wanted is here. */
export function isComplete({ left, metadata }: TorrentSummary): boolean {
  return metadata === 1 && left === 0;
}

function labelFilter(label: string): Filter {
  return ({ labels }) =>
    label === "" ? labels.length === 0 : labels.some((each) => each.toLowerCase() === label);
}

function nameFilter(word: string): Filter {
  const parts = word.split("*");
  return ({ name }) => inOrder(name.toLowerCase(), parts);
}

/** Whether all `parts` are in `text`, one behind the other: what `*part*part*` matches, in linear time. */
function inOrder(text: string, parts: readonly string[]): boolean {
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
