/** Labels of several torrents at once. */
import type { Row } from "../row.ts";

/** Whether all, some or none of the torrents have a label. */
export type LabelState = "all" | "some" | "none";

/** Labels with whether torrents have them. */
export type LabelStates = ReadonlyMap<string, LabelState>;

/** How each label there is stands among the torrents. */
export function labelStates(rows: readonly Row[], labels: readonly string[]): LabelStates {
  return new Map(labels.map((label) => {
    const having = rows.filter((row) => row.labels.includes(label)).length;
    return [label, having === 0 ? "none" : having === rows.length ? "all" : "some"];
  }));
}

/** The labels of a text, with commas between; each once. */
export function labelsIn(text: string): string[] {
  const labels = text.split(",").map((label) => label.trim());
  return [...new Set(labels.filter((label) => label !== ""))];
}

/** One call of `torrent-set`: torrents that end up with the same labels. */
export interface LabelCall {
  readonly ids: readonly number[];
  readonly labels: readonly string[];
}

/** The calls that bring torrents to `wanted`; what is `some` there stays as it is with each. */
export function labelCalls(rows: readonly Row[], wanted: LabelStates): LabelCall[] {
  const calls = new Map<string, { ids: number[]; labels: readonly string[] }>();
  for (const row of rows) {
    const kept = row.labels.filter((label) => (wanted.get(label) ?? "some") !== "none");
    const added = [...wanted.keys()].filter((label) =>
      wanted.get(label) === "all" && !row.labels.includes(label)
    );
    const labels = [...kept, ...added];
    const same = labels.length === row.labels.length && added.length === 0;
    if (same) continue;
    // no label has a comma in it
    const key = labels.join();
    const call = calls.get(key) ?? { ids: [], labels };
    call.ids.push(row.id);
    calls.set(key, call);
  }
  return [...calls.values()];
}
