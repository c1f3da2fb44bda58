import type { ExactSourceFault } from "../exact_sources.ts";
import type { WaitFacts } from "./facts.ts";
import { networkWords, someOf, subjectOf, type Words } from "./server_words.ts";
import type { Cause } from "./cause.ts";

/** How a torrent file that a magnet link names (`xs`) fails us. */
export type ExactSourceFailure = ExactSourceFault | "asked";

const OTHERS = "wait for peers, or get the torrent file itself and give it to tm";
const AGAIN = "it is asked again by itself";

const WORDS: Readonly<Record<ExactSourceFailure, Words>> = {
  "other-torrent": {
    one: "has another torrent than the link names",
    many: "have other torrents than the link names",
    advice: `the file there has changed, or the link is wrong: ${OTHERS}`,
  },
  "no-torrent": { one: "has no torrent", many: "have no torrent", advice: OTHERS },
  "missing": { one: "does not have it", many: "do not have it", advice: OTHERS },
  "forbidden": { one: "does not give it to us", many: "do not give it to us", advice: OTHERS },
  "refused": {
    one: "may not be asked",
    many: "may not be asked",
    advice: "links may not send tm to local addresses but for a .torrent file: if you trust the " +
      "URL, give it to tm in place of the link",
  },
  "too-large": {
    one: "sends more than a torrent file has",
    many: "send more than a torrent file has",
    advice: OTHERS,
  },
  "answers-badly": {
    one: "gives no proper answer",
    many: "give no proper answer",
    advice: OTHERS,
  },
  "redirects": {
    one: "leads from one address to the next",
    many: "lead from one address to the next",
    advice: OTHERS,
  },
  "busy": { one: "asks us to come later", many: "ask us to come later", advice: AGAIN },
  "trouble": { one: "is in trouble", many: "are in trouble", advice: AGAIN },
  ...networkWords("server", AGAIN),
  "asked": {
    one: "has not answered yet",
    many: "have not answered yet",
    advice: "wait: after 60 s without a whole answer it is asked again later",
  },
};

const FAILURES = Object.keys(WORDS) as readonly ExactSourceFailure[];

/** Sources of the link that give nothing, one cause for each way to fail, the most frequent first. */
export function exactSourceCauses({ sources }: WaitFacts): Cause[] {
  return FAILURES
    .map((failure) => ({ failure, those: sources.filter((each) => each.failure === failure) }))
    .filter(({ those }) => those.length > 0)
    .sort((a, b) => b.those.length - a.those.length)
    .map(({ failure, those }) => {
      const { one, many, advice } = WORDS[failure];
      const subject = subjectOf(those, sources.length, "exact source");
      const text = `${subject} ${those.length === 1 ? one : many}`;
      return { cause: `xs-${failure}`, values: someOf(those, sources.length), text, advice };
    });
}
