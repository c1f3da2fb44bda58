import type { ManagerStats, SessionView, TorrentView } from "../../manager/mod.ts";
import type { Row, Totals } from "./row.ts";

/** What the list shows of a torrent, rounded to what can be seen, so that it changes no more often. */
export function rowOf(view: TorrentView): Row {
  const { activity, trouble, settings } = view;
  const nameless = view.metadata < 1;
  const base = view.downloaded > 0 ? view.downloaded : view.valid;
  return {
    id: view.id,
    name: view.name,
    state: activity,
    trouble: trouble.kind === "none" ? null : trouble.message,
    broken: trouble.kind === "local",
    progress: rounded(progressOf(view), 4),
    nameless,
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
    labels: settings.labels,
    added: view.addedAt,
    place: view.position,
  };
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

function progressOf({ activity, checked, metadata, done, wanted }: TorrentView): number {
  if (activity === "checking") return checked;
  if (metadata < 1) return metadata;
  // of nothing wanted, everything is here
  return wanted === 0 ? 1 : done / wanted;
}

function rounded(value: number, digits: number): number {
  // down, so that what is not complete never shows as complete
  const scale = 10 ** digits;
  return Math.floor(value * scale) / scale;
}
