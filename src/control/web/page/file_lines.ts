/** Which lines of a long table are drawn. */

/** A line by its place, or room for `gap` lines that are not drawn. */
export type Drawn = { readonly at: number } | { readonly gap: number };

/**
 * What stands for `count` lines of which `first` to before `end` are in view. `kept`, which has the keyboard, is drawn
 * wherever it is, or the keyboard would be nowhere; -1: none has it.
 */
export function drawnLines(count: number, first: number, end: number, kept: number): Drawn[] {
  const lines = Array.from({ length: end - first }, (_, index) => first + index);
  if (kept >= 0 && kept < first) lines.unshift(kept);
  if (kept >= end && kept < count) lines.push(kept);
  const drawn: Drawn[] = [];
  let next = 0;
  for (const at of lines) {
    if (at > next) drawn.push({ gap: at - next });
    drawn.push({ at });
    next = at + 1;
  }
  if (count > next) drawn.push({ gap: count - next });
  return drawn;
}
