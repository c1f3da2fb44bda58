/** Names with wildcards. */

/**
 * Whether `glob` matches all of `text`, case aside: `*` is any run of characters within a folder, `**` also over
 * folders, `?` one character. Takes time in proportion to both lengths multiplied, whatever is in them.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const parts = tokens(glob.toLowerCase());
  const characters = [...text.toLowerCase()];
  // which of the places in `parts` the text so far can have led to
  let places = reach(new Set([0]), parts);
  for (const character of characters) {
    const next = new Set<number>();
    for (const at of places) {
      const part = parts[at];
      if (part === "**" || (part === "*" && character !== "/")) next.add(at);
      else if (part === "?" ? character !== "/" : part === character) next.add(at + 1);
    }
    if (next.size === 0) return false;
    places = reach(next, parts);
  }
  return places.has(parts.length);
}

/** True when a name is a pattern. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

function tokens(glob: string): string[] {
  return glob.match(/\*{2,}|[^]/gu)?.map((part) => part.startsWith("**") ? "**" : part) ?? [];
}

/** With the places behind stars, which may stand for nothing. */
function reach(places: Set<number>, parts: readonly string[]): Set<number> {
  for (const at of places) {
    if (parts[at] === "*" || parts[at] === "**") places.add(at + 1);
  }
  return places;
}
