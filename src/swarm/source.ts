import type { Bitfield } from "../base/mod.ts";

/** Who sends blocks, a peer or a web server: what there is to know of it when one of them is wrong. */
export interface Source {
  /** The pieces it has. */
  readonly pieces: Bitfield;
  /** It may have sent bad data: asked for nothing until that is known. */
  suspected: boolean;
  /** Counts on nothing it was asked for: others are asked. */
  discount(): void;
  /** Sends it away for good; `reason` is for people. */
  ban(reason: string): void;
}
