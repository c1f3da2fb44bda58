/** Which torrents run: a pure function of what they want and what there is room for. */

/** A torrent as the queue sees it. */
export interface Candidate {
  readonly hash: string;
  /** The user wants it to run, past the queue (`now`), or not at all. */
  readonly goal: "run" | "now" | "stop";
  readonly complete: boolean;
  /** It runs already and nothing moves: it does not hold a place. */
  readonly stalled: boolean;
  /** It cannot run at present: something is wrong with it, its budget is used up. */
  readonly blocked: boolean;
}

/** Places; null: as many as want one. */
export interface Places {
  readonly downloads: number | null;
  readonly seeds: number | null;
  /** The session's budget is used up: nothing is downloaded. */
  readonly mayDownload: boolean;
}

/** The hashes of those that run; `candidates` in the order of the queue. */
export function chooseRunning(candidates: readonly Candidate[], places: Places): Set<string> {
  const running = new Set<string>();
  let downloads = places.downloads ?? Infinity;
  let seeds = places.seeds ?? Infinity;
  for (const { hash, goal, complete, stalled, blocked } of candidates) {
    if (goal === "stop" || blocked || (!complete && !places.mayDownload)) continue;
    const left = complete ? seeds : downloads;
    const holds = goal === "run" && !stalled;
    if (holds && left < 1) continue;
    running.add(hash);
    if (!holds) continue;
    if (complete) seeds--;
    else downloads--;
  }
  return running;
}
