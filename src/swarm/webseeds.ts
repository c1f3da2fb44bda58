import type { Bitfield, Millis } from "../base/mod.ts";
import { FileMap } from "../metainfo/mod.ts";
import { LATE_MS } from "./hurry.ts";
import type { PartialPiece } from "./partial_piece.ts";
import type { WebseedLink } from "./ports.ts";
import type { Swarm } from "./swarm.ts";
import { Webseed, type WebseedNews, type WebseedOwner } from "./webseed.ts";
import type { WebseedError } from "./webseed_fault.ts";
import { planLate, planStretch } from "./webseed_plan.ts";
import { type Stretch, WebseedRun } from "./webseed_run.ts";

/** Connections to all web servers of a torrent together. */
const MOST_RUNS = 8;
/** A connection that is idle takes from another that will not be done before this. */
const WORTH_SHARING_MS = 2000;

/**
 * The web servers of a torrent (BEP 19). They fetch pieces in a row where the most are missing, so that rarest first
 * goes on for peers elsewhere; what was promised to them and has not begun is given back when peers have nothing else.
 */
export class Webseeds implements WebseedOwner {
  readonly all: Webseed[] = [];
  readonly #swarm: Swarm;
  #files = new FileMap([]);
  #link: WebseedLink | null = null;
  #asking = false;

  constructor(swarm: Swarm) {
    this.#swarm = swarm;
  }

  /** Those that can be asked, now or later. */
  get able(): readonly Webseed[] {
    return this.all.filter((webseed) => webseed.able);
  }

  /** Connections that fetch something. */
  get running(): number {
    return this.all.reduce((sum, webseed) => sum + webseed.runs.size, 0);
  }

  /** Those that are giving us something now. */
  get serving(): number {
    return this.all.filter(({ runs, state }) => runs.size > 0 && state.phase === "serving").length;
  }

  /** Takes `urls` into use; `link` carries out what they are asked for, `files` is where the torrent's files lie. */
  start(urls: readonly string[], link: WebseedLink, files: FileMap): void {
    this.#link = link;
    this.#files = files;
    for (const url of urls) this.all.push(new Webseed(url, this.#swarm.geometry, this));
  }

  /** Gives those that are idle something to do. */
  ask(now: Millis): void {
    // planning may free pieces, whose news leads here again
    if (this.all.length === 0 || this.#asking) return;
    this.#asking = true;
    try {
      for (const webseed of this.all) while (this.#ask(webseed, now));
    } finally {
      this.#asking = false;
    }
  }

  /** Everything of `run` came, or nothing more of it is of use. */
  finished(run: WebseedRun, now: Millis): void {
    this.#end(run);
    this.#swarm.askAll(now);
  }

  /** `run` failed; `lost`: the torrent's bytes, from and to, of the file it was at. */
  failed(
    run: WebseedRun,
    error: WebseedError,
    lost: readonly [from: number, to: number],
    now: Millis,
  ): void {
    this.#end(run);
    run.webseed.failed(error, lost, now);
    this.#swarm.askAll(now);
  }

  /** A connection is at `piece`. */
  isAt(piece: number): boolean {
    return this.all.some(({ runs }) => [...runs].some((run) => run.isAt(piece)));
  }

  /** One that can be asked has `piece`. */
  serves(piece: number): boolean {
    return this.all.some((webseed) => webseed.able && webseed.pieces.has(piece));
  }

  /** One might work alone on a piece, now or later. */
  mayTry({ piece, tooSlow }: PartialPiece): boolean {
    return this.all.some((webseed) =>
      webseed.able && !webseed.suspected && webseed.pieces.has(piece) && !tooSlow.has(webseed) &&
      !this.#swarm.blame.failedAlone(piece, webseed)
    );
  }

  /**
   * Gives back the later half of what was promised to the connection with the most, which keeps `kept` pieces; false:
   * nothing that `has` holds.
   */
  yield(has: Bitfield, kept = 0): boolean {
    const longest = this.#longest();
    if (longest === null) return false;
    const given = longest.yield(kept);
    for (const piece of given) this.#swarm.picker.restore(piece);
    return given.some((piece) => has.has(piece));
  }

  /** Bytes of `piece` came from a web server a moment ago, so more will. */
  isQuickAt(piece: number, now: Millis): boolean {
    return this.all.some(({ runs }) =>
      [...runs].some((run) => run.isAt(piece) && now - run.heardAt < LATE_MS)
    );
  }

  /** Time passes: those whose wait is over are asked, what is late at peers is asked of those that are idle. */
  tick(now: Millis): void {
    this.ask(now);
    for (const webseed of this.all) {
      if (!this.#mayAsk(webseed, now)) continue;
      const stretch = planLate(this.#swarm, webseed, now);
      if (stretch !== null) this.#run(webseed, stretch, now);
    }
    // peers are asked next
    if (this.#swarm.picker.hurried) this.#unblock(now);
  }

  /** Ends what fetches any of `pieces`, or is to; its other pieces wait again. */
  abandon(pieces: ReadonlySet<number>): void {
    if (pieces.size === 0) return;
    for (const { runs } of this.all) {
      for (const run of [...runs]) {
        if ([...pieces].some((piece) => run.promised.has(piece) || run.isAt(piece))) this.#end(run);
      }
    }
  }

  stop({ runs }: Webseed): void {
    for (const run of [...runs]) this.#end(run);
  }

  told(webseed: Webseed, news: WebseedNews): void {
    this.#link?.told(webseed, news);
  }

  /** Ends everything. */
  close(): void {
    for (const webseed of this.all) this.stop(webseed);
  }

  #ask(webseed: Webseed, now: Millis): boolean {
    if (!this.#mayAsk(webseed, now)) return false;
    const stretch = this.#plan(webseed, now) ?? this.#share(webseed, now);
    if (stretch === null) return false;
    this.#run(webseed, stretch, now);
    return true;
  }

  #mayAsk(webseed: Webseed, now: Millis): boolean {
    const { paused, complete, downloads } = this.#swarm;
    return !paused && !complete && this.running < MOST_RUNS && webseed.mayRun(now) &&
      downloads.hasRoom && this.#link?.room === true;
  }

  /** Somebody waits for the first piece: what a silent connection was promised and peers have goes to them. */
  #unblock(now: Millis): void {
    const { peers, picker } = this.#swarm;
    for (const { runs } of this.all) {
      for (const run of runs) {
        const [first] = run.promised;
        if (first === undefined || now - run.heardAt < LATE_MS) continue;
        if (!peers.some((peer) => peer.serves(first))) continue;
        for (const piece of run.giveBack()) picker.restore(piece);
      }
    }
  }

  /**
   * Half of what another connection has not come to, where that is worth a request, and what is on its way already and
   * then of no use. It keeps a piece: two that are as fast would take the last one from each other again and again.
   */
  #share(webseed: Webseed, now: Millis): Stretch | null {
    const longest = this.#longest();
    if (!webseed.ranges || longest === null || longest.left(now) < WORTH_SHARING_MS) return null;
    return this.yield(webseed.pieces, 1) ? this.#plan(webseed, now) : null;
  }

  /** The connection that was promised the most. */
  #longest(): WebseedRun | null {
    let longest: WebseedRun | null = null;
    for (const { runs } of this.all) {
      for (const run of runs) {
        if (run.promised.size > (longest?.promised.size ?? 0)) longest = run;
      }
    }
    return longest;
  }

  #plan(webseed: Webseed, now: Millis): Stretch | null {
    return planStretch(this.#swarm, webseed, this.#files, now);
  }

  #run(webseed: Webseed, stretch: Stretch, now: Millis): void {
    const run = new WebseedRun(this.#swarm, webseed, stretch, now);
    webseed.runs.add(run);
    webseed.asked();
    this.#link?.begin(run);
  }

  #end(run: WebseedRun): void {
    if (!run.webseed.runs.delete(run)) return;
    const early = !run.over;
    run.close();
    if (early) run.stopped();
  }
}
