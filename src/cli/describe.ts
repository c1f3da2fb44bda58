/** The engine's events as sentences, safe to print: names, messages and URLs come from strangers. */
import { endpointScope } from "../base/mod.ts";
import type { EngineEvent } from "../session/mod.ts";
import { fit, printable, width } from "./printable.ts";
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

/** Columns that a name keeps in a line that is too narrow for it. */
const LEAST_NAME = 10;

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
    case "metadata":
      return `${start}fetching metadata, ${activity.peers}/${activity.known} peers`;
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
        ...(activity.webseeds > 0 ? [formatCount(activity.webseeds, "web server")] : []),
        ...(activity.eta === null ? [] : [`${formatEta(activity.eta)} left`]),
      ].join(", ");
    case "slow-reader":
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

/**
 * The summary of a complete torrent; `path` is where it lies. `columns`, of a terminal, cut the name: it stands at the
 * end of the path once more, which stays whole where it fits.
 */
export function describeDone(event: Event<"done">, path: string, columns: number | null): string {
  const { size, downloaded, seconds } = event;
  const place = printable(path);
  const speed = formatRate(downloaded / Math.max(seconds, 0.001));
  const pace = `in ${formatElapsed(seconds)} (${speed})`;
  const rest = downloaded === 0
    ? `: ${formatSize(size)}, complete in `
    : downloaded >= size
    ? `: ${formatSize(size)} ${pace}, saved to `
    : `: ${formatSize(size)}, ${formatSize(downloaded)} of it ${pace}, saved to `;
  const name = shorten(printable(event.name), columns, rest.length + width(place));
  return name + rest + shorten(place, columns, rest.length + width(name));
}

/** The summary of a torrent that went to standard output; `columns` of a terminal cut its name. */
export function describeStreamed(event: Event<"done">, columns: number | null): string {
  const { name, size, downloaded, seconds } = event;
  const speed = formatRate(downloaded / Math.max(seconds, 0.001));
  const rest = `: ${formatSize(size)} in ${formatElapsed(seconds)} (${speed}), ` +
    "written to standard output";
  return shorten(printable(name), columns, width(rest)) + rest;
}

/**
 * What is left behind when a torrent is stopped too early: something (`kept`), or of a stream nothing. `columns` of a
 * terminal cut its name.
 */
export function describeUnfinished(
  view: TorrentView,
  columns: number | null,
  kept: boolean,
): string {
  const rest =
    (view.size === 0
      ? ": stopped before its metadata was there"
      : `: stopped at ${formatPercent(view.done, view.size)} ` +
        `(${formatPart(view.done, view.size)})`) +
    (kept ? "; run the same command again to go on" : "");
  return shorten(printable(view.name), columns, width(rest)) + rest;
}

/** `text` cut to what `taken` columns leave of a line, but not below what tells names apart. */
function shorten(text: string, columns: number | null, taken: number): string {
  return columns === null ? text : fit(text, Math.max(LEAST_NAME, columns - taken));
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

/** What a search by the DHT came to. */
export function describeDht({ answered, peers, announced }: Event<"dht">): string {
  if (answered === 0) return "DHT: no node answers";
  const told = announced === 0 ? "" : `, announced to ${announced}`;
  return `DHT: ${formatCount(peers, "peer")} from ${formatCount(answered, "node")}${told}`;
}

/** What the router does. */
export function describeMapping(event: Event<"mapping">): string {
  const { ok, protocol, gateway, address, tcp, udp, message } = event;
  if (!ok) return `No router opens our port: ${printable(message ?? "")}`;
  const port = tcp ?? udp ?? 0;
  const only = tcp === null ? " (UDP only)" : udp === null ? " (TCP only)" : "";
  const place = address === null ? "" : ` at ${printable(address)}`;
  const by = `${protocol} of router ${printable(gateway ?? "")}`;
  const open = `Port ${port} is open${place}${only}: ${by}`;
  const outside = address === null || endpointScope({ host: address, port }) === "public";
  return outside ? open : `${open}; its address is not public: another router is before it`;
}

/** What happened to a peer. */
export function describePeer(event: Event<"peer">): string {
  const client = event.client === null ? "" : ` (${printable(event.client)})`;
  const reason = event.reason === null ? "" : `: ${printable(event.reason)}`;
  return `Peer ${printable(event.peer)}${client} ${event.action}${reason}`;
}

/** What happened to a web server. */
export function describeWebseed({ url, action, message, next }: Event<"webseed">): string {
  const start = `Web server ${printable(url)}`;
  const said = printable(message ?? "");
  if (action === "serves") return `${start} serves`;
  if (action === "banned") return `${start} is asked no more: ${said}`;
  return `${start}: ${said}` + (next === null || next === 0 ? "" : `; next in ${formatEta(next)}`);
}

/** What became of a file in a watched folder. */
export function describeWatched(event: Event<"watched">): string {
  const { path, name, outcome, message } = event;
  const file = printable(path);
  const why = printable(message ?? "");
  const more = message === null ? "" : `; ${why}`;
  switch (outcome) {
    case "added":
      return `Added ${printable(name ?? "")} from ${file}${more}`;
    case "duplicate":
      return `There already: ${printable(name ?? "")} from ${file}${more}`;
    case "failed":
      return `Not added: ${file}: ${why}`;
    case "left":
      return `Left alone: ${file}: ${why}`;
  }
}
