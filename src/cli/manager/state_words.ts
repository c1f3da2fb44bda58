/** What a torrent does, in a word. */
import type { TorrentSummary } from "../../remote/mod.ts";

/** The words there are; a check has its percent behind it. */
export const STATE_WORDS = [
  "error",
  "paused",
  "finished",
  "queued",
  "checking",
  "metadata",
  "downloading",
  "seeding",
] as const;

/** One of them. */
export type StateWord = typeof STATE_WORDS[number];

/** The word for a torrent. */
export function stateWord({ state, trouble, finished, metadata }: TorrentSummary): StateWord {
  switch (state) {
    case "stopped":
      return trouble === "local" ? "error" : finished ? "finished" : "paused";
    case "checking":
      return "checking";
    case "downloading":
      return metadata < 1 ? "metadata" : "downloading";
    case "seeding":
      return "seeding";
    default:
      return "queued";
  }
}

/** The same with what there is to add in a word: `checking 42%`. */
export function describeState(torrent: TorrentSummary): string {
  const word = stateWord(torrent);
  if (word === "checking") return `${word} ${Math.floor(torrent.checked * 100)}%`;
  if (word === "metadata") return `${word} ${Math.floor(torrent.metadata * 100)}%`;
  return word;
}
