import { describeView } from "./describe.ts";
import type { Clock } from "./environment.ts";
import type { Progress } from "./reporter.ts";
import type { Terminal } from "./terminal.ts";
import type { TorrentView } from "./torrent_view.ts";

const MINUTE_MS = 60_000;

/** Plain lines for files and pipes: one when a torrent turns to something else, otherwise one a minute. */
export class LineProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #last = new Map<string, { phase: string; at: number }>();
  /** Torrents whose summary was printed. */
  readonly #complete = new Set<string>();
  /** Torrents whose reader was waited for, which was told. */
  readonly #waited = new Set<string>();

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  update(view: TorrentView): void {
    const { phase } = view.activity;
    if (phase === "starting" || phase === "stopped") return;
    // The summary of a complete download comes first, and often that is the end.
    if (phase === "seeding" && !this.#complete.has(view.id)) {
      if (view.complete) this.#complete.add(view.id);
      return;
    }
    const now = this.#clock.now();
    const last = this.#last.get(view.id);
    // a reader as fast as the peers changes from one to the other all the time
    const same = last?.phase === phase || (this.#waited.has(view.id) && phase !== "seeding");
    if (last !== undefined && same && now - last.at < MINUTE_MS) return;
    if (phase === "slow-reader") this.#waited.add(view.id);
    this.#last.set(view.id, { phase, at: now });
    this.#terminal.print(describeView(view));
  }

  remove(): void {}
}
