import { FairPool } from "../../src/base/mod.ts";
import { ReadTurns, UploadTurns } from "../../src/swarm/mod.ts";
import type { Clock } from "./clock.ts";

/** What the torrents of one simulated session share; limits in bytes a second, 0 is none. */
export class SimShares {
  readonly reads: ReadTurns;
  readonly uploads: UploadTurns;
  /** For pieces that have begun. */
  readonly memory = new FairPool(64 * 1024 * 1024);
  /** Rounds so far: a session wakes up so often. */
  rounds = 0;

  constructor(readonly clock: Clock, downloadLimit = 0, uploadLimit = 0) {
    const { now } = clock;
    const reads: ReadTurns = new ReadTurns(downloadLimit, 64e6, 32e6, now, () => armReads());
    const uploads: UploadTurns = new UploadTurns(uploadLimit, now, () => armUploads());
    this.reads = reads;
    this.uploads = uploads;
    const armReads = this.#timer(reads);
    const armUploads = this.#timer(uploads);
  }

  /** A timer on the virtual clock that runs the rounds of `rounds`; answers what sets it. */
  #timer(rounds: Pick<ReadTurns, "nextRound" | "round">): () => void {
    let planned = Infinity;
    const arm = () => {
      const at = rounds.nextRound(this.clock.now);
      if (at >= planned) return;
      planned = at;
      this.clock.at(at, () => {
        // a later plan that was overtaken
        if (planned !== at) return;
        planned = Infinity;
        this.rounds++;
        rounds.round(this.clock.now);
        arm();
      });
    };
    return arm;
  }
}
