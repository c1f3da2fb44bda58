import type { Millis } from "../base/mod.ts";
import type { AddOptions } from "./api.ts";

/** True when a complete torrent has seeded enough. `uploaded` and `size` are bytes. */
export function goalReached(
  seed: AddOptions["seed"],
  { completedAt, now, uploaded, size }: {
    readonly completedAt: Millis;
    readonly now: Millis;
    readonly uploaded: number;
    readonly size: number;
  },
): boolean {
  return seed === null ||
    (seed.minutes !== null && now - completedAt >= seed.minutes * 60_000) ||
    (seed.ratio !== null && uploaded >= seed.ratio * size);
}
