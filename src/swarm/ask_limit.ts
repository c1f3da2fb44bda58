import type { Millis } from "../base/mod.ts";
import { BLOCK_SIZE } from "../metainfo/mod.ts";
import type { Peer } from "./peer.ts";
import type { DownloadLimit } from "./ports.ts";

/** Of a limit's worth, what may be in flight: any round trip below it keeps the limit used. */
const COVER_SECONDS = 4;

/**
 * Under a download limit no more is asked for than comes in a few seconds, in equal parts of all peers that serve us:
 * a block that one of them sent and we do not read cannot be had from another.
 */
export class AskLimit {
  /** Requests in flight at one peer; Infinity without a limit. */
  each: number = Infinity;

  constructor(readonly limit: DownloadLimit) {}

  /** The limit or those that serve us have changed; `others`: connections besides those of peers that share it. */
  review(peers: readonly Peer[], now: Millis, others = 0): void {
    const rate = this.limit.rate(now);
    if (rate === Infinity) {
      this.each = Infinity;
      return;
    }
    let serving = others;
    for (const peer of peers) if (peer.amInterested && !peer.choking) serving++;
    const blocks = (rate * COVER_SECONDS) / BLOCK_SIZE;
    this.each = Math.max(1, Math.floor(blocks / Math.max(1, serving)));
  }
}
