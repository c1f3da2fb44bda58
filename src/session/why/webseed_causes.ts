import type { WebseedFault } from "../../swarm/mod.ts";
import type { WaitFacts } from "./facts.ts";
import { networkWords, someOf, subjectOf, type Words } from "./server_words.ts";
import type { Cause } from "./cause.ts";

/**
 * How a web server fails us; `wrong-data`: what it sent does not fit the torrent's hashes, `quiet`: it served us and
 * stopped.
 */
export type WebseedFailure = WebseedFault | "asked" | "quiet" | "wrong-data";

const OTHERS = "wait for peers, or name a server that has the files with --webseed URL";
const AGAIN = "it is asked again by itself";
const CHANGED = `the files there are not the torrent's, or have moved: ${OTHERS}`;

const WORDS: Readonly<Record<WebseedFailure, Words>> = {
  "wrong-data": {
    one: "sent wrong data and is asked no more",
    many: "sent wrong data and are asked no more",
    advice: CHANGED,
  },
  "missing": { one: "does not have it", many: "do not have it", advice: CHANGED },
  "forbidden": { one: "does not give it to us", many: "do not give it to us", advice: OTHERS },
  "wrong-size": {
    one: "has a file of another length",
    many: "have a file of another length",
    advice: CHANGED,
  },
  "refused": {
    one: "may not be asked",
    many: "may not be asked",
    advice: "strangers may not send tm to local addresses: name it with --webseed URL",
  },
  "answers-badly": {
    one: "gives no proper answer",
    many: "give no proper answer",
    advice: `the server may be in trouble or none any more: ${OTHERS}`,
  },
  "encoded": {
    one: "sends its files compressed only",
    many: "send their files compressed only",
    advice: OTHERS,
  },
  "redirects": {
    one: "leads from one address to the next",
    many: "lead from one address to the next",
    advice: OTHERS,
  },
  "no-ranges": {
    one: "sends whole files only",
    many: "send whole files only",
    advice: `too little is missing to read them again: ${OTHERS}`,
  },
  "busy": { one: "asks us to come later", many: "ask us to come later", advice: AGAIN },
  "trouble": { one: "is in trouble", many: "are in trouble", advice: AGAIN },
  ...networkWords("server", AGAIN),
  "cut-short": {
    one: "breaks the connection off",
    many: "break the connection off",
    advice: `it goes on from there: ${AGAIN}`,
  },
  "quiet": {
    one: "sends nothing any more",
    many: "send nothing any more",
    advice: "wait: after 20 s without data it is asked anew",
  },
  "asked": {
    one: "has not answered yet",
    many: "have not answered yet",
    advice: "wait: after 30 s without an answer it is asked again later",
  },
};

const FAILURES = Object.keys(WORDS) as readonly WebseedFailure[];

/** Web servers that give nothing, one cause for each way to fail, the most frequent first. */
export function webseedCauses({ webseeds }: WaitFacts): Cause[] {
  return FAILURES
    .map((failure) => ({ failure, those: webseeds.filter((each) => each.failure === failure) }))
    .filter(({ those }) => those.length > 0)
    .sort((a, b) => b.those.length - a.those.length)
    .map(({ failure, those }) => {
      const { one, many, advice } = WORDS[failure];
      const subject = subjectOf(those, webseeds.length, "web server");
      const text = `${subject} ${those.length === 1 ? one : many}`;
      return { cause: `webseed-${failure}`, values: someOf(those, webseeds.length), text, advice };
    });
}

/** Something is asked of a web server now. */
export function webServed({ webseeds }: WaitFacts): boolean {
  return webseeds.some(({ state }) => state === "asked" || state === "serving");
}
