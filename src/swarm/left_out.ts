import type { Bitfield } from "../base/mod.ts";
import type { Picker } from "./ports.ts";

/** Takes the pieces that are neither `wanted` (null: all are) nor here out of the picker; which they are. */
export function leftOut(wanted: Bitfield | null, have: Bitfield, picker: Picker): Set<number> {
  const out = new Set<number>();
  for (let piece = 0; wanted !== null && piece < wanted.size; piece++) {
    if (wanted.has(piece) || have.has(piece)) continue;
    out.add(piece);
    picker.remove(piece);
  }
  return out;
}
