import type { ManagerStats, SessionView, TorrentView, Trouble } from "../../manager/mod.ts";
import type { Row, RowChange, RowTrouble, Totals } from "./row.ts";

/** All that can change; by its type none is forgotten. */
const KEYS = Object.keys(
  {
    name: true,
    state: true,
    trouble: true,
    broken: true,
    progress: true,
    nameless: true,
    unchosen: true,
    finished: true,
    stalled: true,
    size: true,
    done: true,
    down: true,
    up: true,
    eta: true,
    peers: true,
    seeds: true,
    ratio: true,
    labels: true,
    added: true,
    place: true,
  } satisfies Record<Exclude<keyof Row, "id">, true>,
) as Exclude<keyof Row, "id">[];

/** What the list shows of a torrent, rounded to what can be seen, so that it changes no more often. */
export function rowOf(view: TorrentView): Row {
  const { activity, trouble } = view;
  const nameless = view.metadata < 1;
  const base = view.downloaded > 0 ? view.downloaded : view.valid;
  return {
    id: view.id,
    name: view.name,
    state: activity,
    trouble: rowTrouble(trouble),
    broken: trouble.kind === "local",
    progress: rounded(progressOf(view), 4),
    nameless,
    unchosen: !nameless && isUnchosen(view),
    finished: view.finished,
    stalled: view.stalled,
    size: view.wanted,
    done: view.done,
    down: Math.round(view.downRate),
    up: Math.round(view.upRate),
    eta: view.eta === null ? null : Math.round(view.eta),
    peers: view.peers,
    seeds: view.seeds,
    ratio: base > 0 ? rounded(view.uploaded / base, 3) : null,
    labels: view.settings.labels,
    added: view.addedAt,
    place: view.position,
  };
}

/** What of a row is not as it was; null: all of it is. */
export function changeOf(before: Row, now: Row): RowChange | null {
  let change: Record<string, unknown> | null = null;
  for (const key of KEYS) {
    if (before[key] === now[key]) continue;
    if (key === "labels" && isSame(before.labels, now.labels)) continue;
    if (key === "trouble" && isSameTrouble(before.trouble, now.trouble)) continue;
    change ??= { id: now.id };
    change[key] = now[key];
  }
  return change as RowChange | null;
}

/** What is wrong, as a code with its values. */
function rowTrouble(trouble: Trouble): RowTrouble | null {
  switch (trouble.kind) {
    case "none":
      return null;
    case "tracker-warning": {
      const { kind: code, message: text } = trouble;
      return { code, values: { said: text }, text };
    }
    case "tracker-error": {
      const { fault, said, message: text } = trouble;
      return { code: `tracker-${fault}`, values: { said }, text };
    }
    case "local": {
      const { reason: code, path, missing: bytes, message: text } = trouble;
      return { code, values: { path, bytes }, text };
    }
  }
}

function isSameTrouble(one: RowTrouble | null, other: RowTrouble | null): boolean {
  return one?.code === other?.code && one?.text === other?.text;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at]);
}

/** The figures of a moment. */
export function totalsOf(stats: ManagerStats, session: SessionView): Totals {
  return {
    down: Math.round(stats.downRate),
    up: Math.round(stats.upRate),
    peers: stats.peers,
    dhtNodes: stats.dhtNodes,
    free: session.free,
    port: session.port,
    slow: session.alternative,
  };
}

/** There is something in it, and none of that is wanted. */
function isUnchosen({ size, wanted }: TorrentView): boolean {
  return size > 0 && wanted === 0;
}

function progressOf(view: TorrentView): number {
  const { activity, checked, metadata, done, wanted } = view;
  if (activity === "checking") return checked;
  if (metadata < 1) return metadata;
  if (wanted > 0) return done / wanted;
  // of nothing, everything is here
  return isUnchosen(view) ? 0 : 1;
}

function rounded(value: number, digits: number): number {
  // down, so that what is not complete never shows as complete
  const scale = 10 ** digits;
  return Math.floor(value * scale) / scale;
}
