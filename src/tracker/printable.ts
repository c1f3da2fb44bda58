import { fromUtf8Lossy, tame } from "../base/mod.ts";

/** Characters of a tracker's message that are shown; a longer one is cut. */
const MAX_TEXT = 200;

/**
 * A stranger's text as it may be shown: one line, no control characters (they could drive the
 * terminal), no direction marks and nothing invisible (they could disguise it), at most 200 characters.
 */
export function printable(bytes: Uint8Array): string {
  const text = tame(fromUtf8Lossy(bytes.subarray(0, 4 * MAX_TEXT + 4)), " ")
    .replace(/ {2,}/g, " ")
    .trim();
  const characters = [...text];
  if (characters.length <= MAX_TEXT) return text;
  // what was cut through is tamed once more
  return `${tame(characters.slice(0, MAX_TEXT - 1).join(""), " ").trim()}…`;
}
