/** The kinds of scenario: what each does with its programs is in a file of its own. */
import type { Bench } from "../bench.ts";
import type { Sample } from "../metric.ts";
import type { Work } from "../scenario.ts";
import { downloadRoom, runDownload } from "./download.ts";
import { runSeed, seedRoom } from "./seed.ts";
import { runStart, startRoom } from "./start.ts";

/** Bytes that a scenario writes at most. */
export function roomFor(work: Work): number {
  switch (work.kind) {
    case "download":
      return downloadRoom(work);
    case "seed":
      return seedRoom(work);
    case "start":
      return startRoom();
  }
}

/** Performs all rounds. */
export function runWork(work: Work, bench: Bench): Promise<Sample[]> {
  switch (work.kind) {
    case "download":
      return runDownload(work, bench);
    case "seed":
      return runSeed(work, bench);
    case "start":
      return runStart(work, bench);
  }
}
