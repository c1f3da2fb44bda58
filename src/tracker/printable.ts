import { fromUtf8Lossy } from "../base/mod.ts";

/** Characters of a tracker's message that are shown; a longer one is cut. */
const MAX_TEXT = 200;

/**
 * A stranger's text as it may be shown: one line, no control characters (they could drive the
 * terminal) and no direction marks (they could disguise it), at most 200 characters.
 */
export function printable(bytes: Uint8Array): string {
  const text = fromUtf8Lossy(bytes.subarray(0, 4 * MAX_TEXT + 4))
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  const characters = [...text];
  return characters.length <= MAX_TEXT ? text : `${characters.slice(0, MAX_TEXT - 1).join("")}…`;
}
