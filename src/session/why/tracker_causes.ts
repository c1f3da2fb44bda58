import { refusalIn } from "../../tracker/mod.ts";
import type { TrackerFacts, WaitFacts } from "./facts.ts";
import { networkWords, someOf, subjectOf, type Words } from "./server_words.ts";
import type { Cause, TrackerFailure } from "./cause.ts";

const AGAIN = "it is asked again by itself; a peer you know can be named with --peer HOST:PORT";

const WORDS: Readonly<Record<TrackerFailure, Words>> = {
  "refuses": {
    one: "refuses this torrent",
    many: "refuse this torrent",
    advice: "get the torrent file anew from where it came: it may be gone there or need an account",
  },
  "forbidden": {
    one: "may not be asked",
    many: "may not be asked",
    advice:
      "a local tracker is asked at the path /announce only: correct the torrent's tracker URL",
  },
  "answers-badly": {
    one: "gives no proper answer",
    many: "give no proper answer",
    advice: `the server may be in trouble or none any more: ${AGAIN}`,
  },
  ...networkWords("tracker", AGAIN),
  "asked": {
    one: "has not answered yet",
    many: "have not answered yet",
    advice: "wait: after 15 s without an answer, 45 s over UDP, it counts as failed",
  },
  "unsupported": {
    one: "cannot be asked",
    many: "cannot be asked",
    advice: "look for a torrent with an http or udp tracker, or name a peer with --peer HOST:PORT",
  },
};

const FAILURES = Object.keys(WORDS) as readonly TrackerFailure[];

/** Trackers that give no peers, one cause for each way to fail: refusals first, which tell more than silence does, then the most frequent. */
export function trackerCauses({ trackers }: WaitFacts): Cause[] {
  // those further down the list wait for their turn, which is no failure
  const begun = trackers.some(({ state }) => state !== "idle" && state !== "unsupported");
  const failureOf = ({ state, fault }: TrackerFacts): TrackerFailure | null => {
    if (state === "failed") return fault ?? "unreachable";
    if (state === "idle") return begun ? null : "asked";
    return state === "ok" ? null : state;
  };
  const groups = FAILURES
    .map((failure) => ({ failure, those: trackers.filter((each) => failureOf(each) === failure) }))
    .filter(({ those }) => those.length > 0)
    .sort((a, b) =>
      Number(b.failure === "refuses") - Number(a.failure === "refuses") ||
      b.those.length - a.those.length
    );
  return groups.map(({ failure, those }) => {
    const { one, many, advice } = WORDS[failure];
    const said = those[0]!.message;
    const why = said === null || failure === "silent" ? "" : `: ${plain(said)}`;
    const subject = subjectOf(those, trackers.length, "tracker");
    const text = `${subject} ${those.length === 1 ? one : many}${why}`;
    const values = someOf(those, trackers.length);
    if (failure !== "refuses") return { cause: `tracker-${failure}`, values, text, advice };
    return {
      cause: "tracker-refuses",
      values: { ...values, said: refusalIn(said ?? "") },
      text,
      advice,
    };
  });
}

/** Trackers that answered. */
export function answering(trackers: readonly TrackerFacts[]): readonly TrackerFacts[] {
  return trackers.filter(({ state }) => state === "ok");
}

/** A message without what the sentence around it says already. */
function plain(message: string): string {
  return message.replace(/^The tracker (refused: |answered with )/, "").replace(/ \([^()]*\)$/, "");
}
