/** All about a torrent, as lines. */
import type { TorrentStatus } from "../../remote/mod.ts";
import {
  formatCount,
  formatElapsed,
  formatEta,
  formatPercent,
  formatRate,
  formatSize,
} from "../units.ts";
import { done, formatDate } from "./columns.ts";
import type { Pair } from "./pairs.ts";
import { describeState } from "./state_words.ts";

/** The lines of `tm status`. */
export function statusPairs(torrent: TorrentStatus): Pair[] {
  const { size, left, metadata, downRate, upRate } = torrent;
  const known = metadata === 1;
  return [
    ["Name", torrent.name],
    ["Number", `${torrent.id}, place ${torrent.position + 1} in the queue`],
    ["Info hash", torrent.hash],
    ["State", `${describeState(torrent)}${torrent.stalled ? ", stalled" : ""}`],
    ["Trouble", torrent.trouble === "none" ? null : torrent.message],
    ["Labels", torrent.labels.length === 0 ? null : torrent.labels.join(", ")],
    ["Folder", torrent.folder],
    null,
    ["Done", known ? `${done(torrent)}, ${formatSize(size - left)} of ${formatSize(size)}` : null],
    ["Metadata", known ? null : `${formatPercent(metadata, 1)} is here, so files are not known`],
    ["All files", torrent.totalSize === size || !known ? null : formatSize(torrent.totalSize)],
    ["Left", torrent.eta === null ? null : formatEta(torrent.eta)],
    ["Available", left === 0 ? null : availability(torrent)],
    ["Down", `${formatRate(downRate)}, ${formatSize(torrent.downloaded)} in all`],
    ["Up", `${formatRate(upRate)}, ${formatSize(torrent.uploaded)} in all${ratio(torrent)}`],
    ["Failed hash", torrent.corrupt === 0 ? null : formatSize(torrent.corrupt)],
    ["Peers", peers(torrent)],
    ["Web servers", webseeds(torrent)],
    null,
    ["Limits", limits(torrent)],
    ["Goals", goals(torrent)],
    ["Peer limit", torrent.peerLimit === 0 ? null : String(torrent.peerLimit)],
    ["Priority", torrent.bandwidth],
    ["Order", torrent.sequential ? "pieces in order" : null],
    ["Budget", torrent.maxTotal ? formatSize(torrent.maxTotal) : null],
    null,
    ["Added", formatDate(torrent.added)],
    ["Completed", formatDate(torrent.completed)],
    ["Last active", formatDate(torrent.active)],
    ["Downloading", duration(torrent.secondsDownloading)],
    ["Seeding", duration(torrent.secondsSeeding)],
    null,
    ["Pieces", known ? `${torrent.pieces} of ${formatSize(torrent.pieceLength)}` : null],
    ["Private", torrent.private ? "yes" : null],
    ["Created", created(torrent)],
    ["Comment", torrent.comment === "" ? null : torrent.comment],
    ["Magnet link", torrent.magnet === "" ? null : torrent.magnet],
  ];
}

function availability({ available, left }: TorrentStatus): string {
  return `${formatPercent(Math.min(available, left), left)} of what is missing`;
}

function ratio({ ratio }: TorrentStatus): string {
  return ratio === null ? "" : `, ratio ${ratio.toFixed(2)}`;
}

function peers({ peers, sending, getting }: TorrentStatus): string {
  return `${peers} connected, ${sending} send to us, ${getting} get from us`;
}

function webseeds({ webseeds, webseedsSending }: TorrentStatus): string | null {
  if (webseeds.length === 0) return null;
  return `${formatCount(webseeds.length, "server")}, ${webseedsSending} send to us`;
}

function limits({ downLimit, upLimit, honorsSession }: TorrentStatus): string {
  const own = (limit: number | null) => limit === null ? "none" : formatRate(limit);
  const session = honorsSession ? "" : "; the manager's do not hold";
  return `down ${own(downLimit)}, up ${own(upLimit)}${session}`;
}

/** What ends its seeding. */
export function goals(
  { ratioMode, ratioLimit, idleMode, idleMinutes }: Pick<
    TorrentStatus,
    "ratioMode" | "ratioLimit" | "idleMode" | "idleMinutes"
  >,
): string {
  const words = { session: "as the manager's", none: "none" } as const;
  const ratio = ratioMode === "own" ? ratioLimit.toFixed(2) : words[ratioMode];
  const idle = idleMode === "own" ? `${idleMinutes} min` : words[idleMode];
  return `ratio ${ratio}, idle ${idle}`;
}

function created({ creator, created }: TorrentStatus): string | null {
  const words = [formatDate(created), creator === "" ? null : `by ${creator}`];
  return words.filter((word) => word !== null).join(" ") || null;
}

function duration(seconds: number): string | null {
  return seconds === 0 ? null : formatElapsed(seconds);
}
