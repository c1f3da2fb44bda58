import type { EngineEvent } from "../session/mod.ts";

type Event<Type extends EngineEvent["type"]> = Extract<EngineEvent, { type: Type }>;

const MINUTE_MS = 60_000;

/** Decides which waits are worth lines that stay: the same reason not twice in a minute, however often it comes and goes. */
export class WaitNotes {
  readonly #now: () => number;
  /** When each reason of each torrent was told. */
  readonly #told = new Map<string, number>();
  /** The reason that stands in the last lines of each torrent. */
  readonly #last = new Map<string, string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** True when `event` is to be told now; it counts as told then. */
  waits({ torrent, stage, causes }: Event<"waiting">): boolean {
    const reason = `${stage} ${causes[0]?.cause}`;
    if (this.#last.get(torrent) === reason) return false;
    const key = `${torrent} ${reason}`;
    const now = this.#now();
    if (now - (this.#told.get(key) ?? -Infinity) < MINUTE_MS) return false;
    this.#told.set(key, now);
    this.#last.set(torrent, reason);
    return true;
  }

  /** True when the end of the wait is news: its beginning was told. */
  moves({ torrent }: Event<"moving">): boolean {
    return this.#last.delete(torrent);
  }
}
