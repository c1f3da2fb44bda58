import type { Bytes } from "../base/mod.ts";
import { MAX_METADATA } from "./metadata_messages.ts";
import { Message } from "./messages.ts";

/** Longest message from a peer of a torrent whose size is unknown: the bitfield of one whose hashes fill all of its metadata. */
export const MOST_EARLY_MESSAGE = 1 + MAX_METADATA / 20 / 8;
/** Bytes kept of a peer: such a bitfield and tens of thousands of haves. */
const MOST_KEPT = 512 * 1024;

/** What is worth keeping; the rest speaks of pieces that nobody can have asked for. */
const KEPT: ReadonlySet<number> = new Set([
  Message.Choke,
  Message.Unchoke,
  Message.Interested,
  Message.NotInterested,
  Message.Have,
  Message.Bitfield,
  Message.HaveAll,
  Message.HaveNone,
  Message.AllowedFast,
  Message.Extended,
]);

/**
 * What a peer says while the torrent's size is unknown (its metadata is not here yet), kept as it came until it can be
 * checked. A peer that says too much is cut short, and must be asked again.
 */
export class EarlyMessages {
  readonly #frames: Bytes[] = [];
  #size = 0;
  /** Something was left out. */
  overflowed = false;

  /** Takes in a message, its id first. */
  keep(frame: Bytes): void {
    if (!KEPT.has(frame[0]!) || this.overflowed) return;
    // each one costs more than its bytes
    this.#size += frame.length + 32;
    if (this.#size > MOST_KEPT) {
      this.overflowed = true;
      this.#frames.length = 0;
    } else {
      this.#frames.push(frame.slice());
    }
  }

  /** All of it in order, once. */
  take(): readonly Bytes[] {
    return this.#frames.splice(0);
  }
}
