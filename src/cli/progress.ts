/** The status lines: a function of the torrents and the width, and nothing else. */
import { describeWait } from "./describe_waiting.ts";
import { column, fit, printable, width } from "./printable.ts";
import type { TorrentView } from "./torrent_view.ts";
import { formatEta, formatPart, formatPercent, formatRate } from "./units.ts";

/** Narrowest name beside other columns, bar, and widest bar. */
const LEAST_NAME = 10;
const LEAST_BAR = 6;
const MOST_BAR = 40;
/** A name gets what it needs up to this share of the room that it divides with the bar. */
const NAME_SHARE = 0.6;

/** A column of figures; `least` keeps a line from jumping as figures change. */
interface Figure {
  readonly key: "percent" | "part" | "down" | "up" | "peers" | "eta";
  readonly least: number;
  readonly of: (view: TorrentView) => string;
  /** The widest it will become, so that no line jumps as it grows. */
  readonly widest?: (view: TorrentView) => string;
}

/** In the order they stand. */
const FIGURES: readonly Figure[] = [
  { key: "percent", least: 4, of: percent },
  {
    key: "part",
    least: 0,
    of: part,
    widest: ({ size }) => size === 0 ? "" : formatPart(size, size, ""),
  },
  { key: "down", least: 10, of: down },
  { key: "up", least: 6, of: up },
  { key: "peers", least: 3, of: peers },
  { key: "eta", least: 5, of: eta },
];

/** Which figures go first when the line is too narrow. */
const EXPENDABLE: readonly Figure["key"][] = ["up", "part", "eta", "peers", "down"];

/**
 * One line per torrent, none wider than `columns` (at least 20), at most `rows` − 1 of them: name, bar, percent,
 * done/total, ↓, ↑, peers connected/known+web servers, time left. What does not fit is left out, the percentage last. Below a
 * torrent that waits (`now` in milliseconds of the display's clock) stands why, where there are rows left for it.
 */
export function renderProgress(
  views: readonly TorrentView[],
  columns: number,
  rows: number,
  now: number,
): string[] {
  const room = Math.max(1, rows - 2);
  if (views.length > room) {
    const shown = renderLines(views.slice(0, room - 1), columns);
    return [...shown, fit(`… and ${views.length - shown.length} more`, columns)];
  }
  let free = room - views.length;
  return renderLines(views, columns).flatMap((line, i) => {
    const { waiting } = views[i]!;
    if (waiting === null || free-- <= 0) return [line];
    const seconds = Math.max(0, Math.floor((now - waiting.since) / 1000));
    return [line, fit(`  ${describeWait(waiting.why, seconds)}`, columns)];
  });
}

function renderLines(views: readonly TorrentView[], columns: number): string[] {
  if (views.length === 0) return [];
  const { figures, left } = choose(views, columns);
  const names = views.map(({ name }) => printable(name) || "?");
  const longest = Math.max(...names.map(width));
  const leastName = Math.min(longest, LEAST_NAME);
  const barRoom = left - leastName - 1 >= LEAST_BAR;
  const nameColumns = barRoom
    ? Math.min(
      longest,
      left - LEAST_BAR - 1,
      Math.max(leastName, Math.floor(left * NAME_SHARE), left - MOST_BAR - 1),
    )
    : left;
  const barColumns = barRoom ? Math.min(MOST_BAR, left - nameColumns - 1) : 0;
  return views.map((view, i) => {
    const cells = [column(names[i]!, nameColumns)];
    if (barColumns >= LEAST_BAR) cells.push(bar(view, barColumns));
    for (const { of, columns } of figures) cells.push(column(of(view), columns, "right"));
    return cells.join(" ").trimEnd();
  });
}

/** The figures that fit, with their widths, and the columns left for name and bar. */
function choose(views: readonly TorrentView[], columns: number) {
  const all = FIGURES.map((figure) => ({
    ...figure,
    columns: Math.max(
      figure.least,
      ...views.map((view) => width((figure.widest ?? figure.of)(view))),
    ),
  })).filter(({ columns }) => columns > 0);
  const left = (figures: typeof all) =>
    columns - figures.reduce((sum, figure) => sum + figure.columns + 1, 0);
  let figures = all;
  for (const key of EXPENDABLE) {
    if (left(figures) >= LEAST_NAME) break;
    figures = figures.filter((figure) => figure.key !== key);
  }
  return { figures, left: left(figures) };
}

function bar(view: TorrentView, columns: number): string {
  const share = view.size === 0 ? 0 : reached(view) / view.size;
  const full = Math.min(columns, Math.floor(share * columns));
  return "█".repeat(full) + "░".repeat(columns - full);
}

/** Bytes the bar stands for: those read while checking, otherwise those verified. */
function reached({ activity, done }: TorrentView): number {
  return "checked" in activity ? activity.checked : done;
}

function percent(view: TorrentView): string {
  if (view.size === 0) return "";
  return formatPercent(reached(view), view.size);
}

function part(view: TorrentView): string {
  if (view.size === 0) return "";
  return formatPart(reached(view), view.size, "");
}

function down({ activity }: TorrentView): string {
  if (activity.phase === "downloading") return `↓${formatRate(activity.downRate, "")}`;
  return activity.phase === "slow-reader" ? "slow reader" : activity.phase;
}

function up({ activity }: TorrentView): string {
  return "upRate" in activity ? `↑${formatRate(activity.upRate, "")}` : "";
}

function peers({ activity }: TorrentView): string {
  if (!("peers" in activity)) return "";
  const web = "webseeds" in activity && activity.webseeds > 0 ? `+${activity.webseeds}w` : "";
  return `${activity.peers}/${activity.known}${web}`;
}

function eta({ activity }: TorrentView): string {
  if (activity.phase !== "downloading") return "";
  return activity.eta === null ? "--" : formatEta(activity.eta);
}
