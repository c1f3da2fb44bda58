/** The kinds of scenario: what each does with its programs is in a file of its own. */
import type { Bench } from "../bench.ts";
import type { Sample } from "../metric.ts";
import type { Work } from "../scenario.ts";
import { createRoom, runCreate } from "./create.ts";
import { crowdRoom, runCrowd } from "./crowd.ts";
import { downloadRoom, runDownload } from "./download.ts";
import { managerRoom, runManager } from "./manager.ts";
import { limitRoom, runLimit } from "./limit.ts";
import { metadataRoom, runMetadata } from "./metadata.ts";
import { pageRoom, runPage } from "./page.ts";
import { pageCostRoom, runPageCost } from "./page_cost.ts";
import { recheckRoom, runRecheck } from "./recheck.ts";
import { runSeed, seedRoom } from "./seed.ts";
import { runShare, shareRoom } from "./share.ts";
import { runSparse, sparseRoom } from "./sparse.ts";
import { runStart, startRoom } from "./start.ts";
import { runWebseed, webseedRoom } from "./webseed.ts";

/** Bytes that a scenario of so many rounds writes at most. */
export function roomFor(work: Work, rounds: number): number {
  switch (work.kind) {
    case "download":
      return downloadRoom(work);
    case "webseed":
      return webseedRoom(work);
    case "seed":
      return seedRoom(work);
    case "recheck":
      return recheckRoom(work);
    case "create":
      return createRoom(work);
    case "sparse":
      return sparseRoom(work);
    case "crowd":
      return crowdRoom(work);
    case "limit":
      return limitRoom(work);
    case "share":
      return shareRoom(work);
    case "metadata":
      return metadataRoom(work);
    case "start":
      return startRoom();
    case "manager":
      return managerRoom(work);
    case "page":
      return pageRoom(work);
    case "page-cost":
      return pageCostRoom(work, rounds);
  }
}

/** Performs all rounds. */
export function runWork(work: Work, bench: Bench): Promise<Sample[]> {
  switch (work.kind) {
    case "download":
      return runDownload(work, bench);
    case "webseed":
      return runWebseed(work, bench);
    case "seed":
      return runSeed(work, bench);
    case "recheck":
      return runRecheck(work, bench);
    case "create":
      return runCreate(work, bench);
    case "sparse":
      return runSparse(work, bench);
    case "crowd":
      return runCrowd(work, bench);
    case "limit":
      return runLimit(work, bench);
    case "share":
      return runShare(work, bench);
    case "metadata":
      return runMetadata(work, bench);
    case "start":
      return runStart(work, bench);
    case "manager":
      return runManager(work, bench);
    case "page":
      return runPage(work, bench);
    case "page-cost":
      return runPageCost(work, bench);
  }
}
