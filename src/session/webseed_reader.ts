import type { Bytes, Millis } from "../base/mod.ts";
import type { PartReader } from "../net/mod.ts";
import { ReadLane, type TorrentReads, type WebseedRun } from "../swarm/mod.ts";

/** One connection to a web server among all that read: what comes goes to its run, at the pace that limits and disk allow. */
export class WebseedReader implements PartReader {
  readonly #run: WebseedRun;
  readonly #lane: ReadLane;
  readonly #home: TorrentReads;
  readonly #now: () => Millis;
  /** It asked before it read. */
  #lent = false;
  #over = false;

  constructor(run: WebseedRun, home: TorrentReads, now: () => Millis) {
    this.#run = run;
    this.#home = home;
    this.#lane = new ReadLane(home);
    this.#now = now;
  }

  turn(): number | Promise<number> {
    if (this.#over) return 0;
    if (this.#home.free) return Infinity;
    this.#lent = true;
    const allowed = this.#home.ask(this.#lane, this.#now());
    if (allowed > 0) return allowed;
    return new Promise((resolve) => this.#lane.go = resolve);
  }

  read(count: number): void {
    if (this.#lent) this.#home.done(this.#lane, count, this.#now());
    this.#lent = false;
  }

  skipped(count: number): void {
    this.#run.skipped(count, this.#now());
  }

  take(bytes: Bytes): boolean {
    return this.#run.receive(bytes, this.#now());
  }

  /** Gives its place back; a turn that it waits for comes at once, with nothing. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#home.forget(this.#lane);
    if (this.#lent) this.#home.done(this.#lane, 0, this.#now());
    this.#lent = false;
    this.#lane.go(0);
  }
}
