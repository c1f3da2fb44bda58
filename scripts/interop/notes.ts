/** What interop tests found out: a line of JSON a cell, in a file that the environment names. */
import { CLIENTS, DIRECTIONS, FEATURES, gapOf } from "./matrix.ts";
import type { Client, Direction, Feature, FeatureId } from "./matrix.ts";

/** Names the file; without it nothing is noted. */
export const NOTES = "TM_INTEROP_NOTES";

/** One cell as one test saw it. */
export interface Note {
  readonly feature: FeatureId;
  readonly client: Client;
  readonly direction: Direction;
  readonly passed: boolean;
}

/** A cell's mark: a test that failed outweighs those that passed. */
export type Mark = "ok" | "FAIL" | "–";

/** Adds a line; what is short and appended at once is not torn by other writers. */
export function note(note: Note): void {
  const path = Deno.env.get(NOTES);
  if (path === undefined) return;
  Deno.writeTextFileSync(path, `${JSON.stringify(note)}\n`, { append: true });
}

/** The notes of a run. */
export function parseNotes(text: string): Note[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Note);
}

/** The mark of a cell after a run. */
export function markOf(
  notes: readonly Note[],
  feature: Feature,
  client: Client,
  direction: Direction,
): Mark {
  const own = notes.filter((one) =>
    one.feature === feature.id && one.client === client && one.direction === direction
  );
  if (own.length === 0) return "–";
  return own.every(({ passed }) => passed) ? "ok" : "FAIL";
}

/** Declared cells that no test has tried, as text; a full run has none. */
export function missing(notes: readonly Note[]): string[] {
  const cells: string[] = [];
  for (const feature of FEATURES) {
    for (const client of CLIENTS) {
      for (const direction of DIRECTIONS) {
        if (gapOf(feature, client, direction) !== null) continue;
        if (markOf(notes, feature, client, direction) !== "–") continue;
        cells.push(`${feature.title}, ${client} ${direction}`);
      }
    }
  }
  return cells;
}
