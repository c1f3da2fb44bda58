/** The engine's events as sentences, safe to print: names, messages and URLs come from strangers. */
import type { EngineEvent } from "../session/mod.ts";
import { printable } from "./printable.ts";
import type { TorrentView } from "./torrent_view.ts";
import {
  formatCount,
  formatElapsed,
  formatEta,
  formatPart,
  formatPercent,
  formatRate,
  formatSize,
} from "./units.ts";

type Event<Type extends EngineEvent["type"]> = Extract<EngineEvent, { type: Type }>;

/** `debian.iso: 256.0 MiB, 3 files`. */
export function describeAdded({ name, size, files, private: isPrivate }: Event<"added">): string {
  const count = formatCount(files, "file");
  return `${printable(name)}: ${formatSize(size)}, ${count}${isPrivate ? ", private" : ""}`;
}

/** A view in a line of a log: `debian.iso: 42%, 107.5/256.0 MiB, ↓ 12.3 MiB/s, …`. */
export function describeView(view: TorrentView): string {
  const { activity } = view;
  const start = `${printable(view.name)}: `;
  switch (activity.phase) {
    case "starting":
      return `${start}starting`;
    case "checking":
      return `${start}checking what is on disk, ${formatPercent(activity.checked, view.size)}`;
    case "hashing":
      return `${start}hashing, ${formatPercent(activity.checked, view.size)}`;
    case "downloading":
      return start + [
        formatPercent(view.done, view.size),
        formatPart(view.done, view.size),
        `↓ ${formatRate(activity.downRate)}`,
        `↑ ${formatRate(activity.upRate)}`,
        `${activity.peers}/${activity.known} peers`,
        ...(activity.eta === null ? [] : [`${formatEta(activity.eta)} left`]),
      ].join(", ");
    case "waiting":
      return `${start}waiting for the reader, ${formatPercent(view.done, view.size)}, ` +
        formatPart(view.done, view.size);
    case "seeding":
      return `${start}seeding, ↑ ${formatRate(activity.upRate)}, ${
        formatSize(view.uploaded)
      } sent, ` +
        `${activity.peers}/${activity.known} peers`;
    case "stopped":
      return `${start}stopped at ${formatPercent(view.done, view.size)}`;
  }
}

/** The summary of a complete torrent; `path` is where it lies. */
export function describeDone(event: Event<"done">, path: string): string {
  const { size, downloaded, seconds } = event;
  const start = `${printable(event.name)}: ${formatSize(size)}`;
  const place = printable(path);
  if (downloaded === 0) return `${start}, complete in ${place}`;
  const speed = formatRate(downloaded / Math.max(seconds, 0.001));
  const pace = `in ${formatElapsed(seconds)} (${speed})`;
  return downloaded >= size
    ? `${start} ${pace}, saved to ${place}`
    : `${start}, ${formatSize(downloaded)} of it ${pace}, saved to ${place}`;
}

/** The summary of a torrent that went to standard output. */
export function describeStreamed({ name, size, downloaded, seconds }: Event<"done">): string {
  const speed = formatRate(downloaded / Math.max(seconds, 0.001));
  return `${printable(name)}: ${formatSize(size)} in ${formatElapsed(seconds)} (${speed}), ` +
    "written to standard output";
}

/** What is left behind when a torrent is stopped too early; `kept` says that there is something. */
export function describeUnfinished(view: TorrentView, kept: boolean): string {
  const start = `${printable(view.name)}: stopped at ${formatPercent(view.done, view.size)} ` +
    `(${formatPart(view.done, view.size)})`;
  return kept ? `${start}; run the same command again to go on` : start;
}

/** `name: message`, with the path and the space that is missing when they are known. */
export function describeError(event: Event<"error">, name: string | null): string {
  const start = name === null ? "" : `${printable(name)}: `;
  const message = printable(event.message);
  // The lock file is nobody's business but ours.
  const path = event.path === null || event.reason === "locked" ||
      message.includes(printable(event.path))
    ? ""
    : ` (${printable(event.path)})`;
  const missing = event.missing === null ? "" : `; ${formatSize(event.missing)} more are needed`;
  return `${start}${message}${path}${missing}`;
}

/** What a tracker answered. */
export function describeTracker(event: Event<"tracker">): string {
  const start = `Tracker ${printable(event.url)}`;
  if (!event.ok) return `${start}: ${printable(event.message ?? "no answer")}`;
  const known = event.seeders === null ? "" : `, ${event.seeders} seeding`;
  const message = event.message === null ? "" : `: ${printable(event.message)}`;
  return `${start}: ${formatCount(event.peers, "peer")}${known}${message}`;
}

/** What happened to a peer. */
export function describePeer(event: Event<"peer">): string {
  const client = event.client === null ? "" : ` (${printable(event.client)})`;
  const reason = event.reason === null ? "" : `: ${printable(event.reason)}`;
  return `Peer ${printable(event.peer)}${client} ${event.action}${reason}`;
}
