import type { Clock } from "./environment.ts";
import { renderProgress } from "./progress.ts";
import type { Progress } from "./reporter.ts";
import type { Terminal } from "./terminal.ts";
import type { TorrentView } from "./torrent_view.ts";

/** Ten pictures a second are enough for an eye. */
const FRAME_MS = 100;

/** Status lines at the bottom of a terminal, redrawn in place. */
export class LiveProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  #drawnAt = -Infinity;
  #drawn = 0;

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  update(_view: TorrentView, running: readonly TorrentView[]): void {
    const now = this.#clock.now();
    if (now - this.#drawnAt < FRAME_MS && running.length === this.#drawn) return;
    this.#drawnAt = now;
    this.#draw(running);
  }

  remove(running: readonly TorrentView[]): void {
    this.#draw(running);
  }

  #draw(running: readonly TorrentView[]): void {
    this.#drawn = running.length;
    const { columns, rows } = this.#terminal;
    this.#terminal.status(renderProgress(running, columns ?? 80, rows, this.#clock.now()));
  }
}
