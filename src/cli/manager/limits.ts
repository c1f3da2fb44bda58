/** Limits of a manager and of a torrent: what the RPC says of them and what it is told. */
import { UsageError } from "../../base/mod.ts";
import { json, type JsonObject, speedUnitOf, type TorrentStatus } from "../../remote/mod.ts";
import { formatRate, formatSize } from "../units.ts";
import type { Goal } from "./option_values.ts";
import type { Pair } from "./pairs.ts";
import { formatHours, type Hours } from "./schedule.ts";
import { goals } from "./status_pairs.ts";

/** What is to change; not given: stays. Speeds are bytes a second, null: no limit. */
export interface LimitChange {
  readonly down?: number | null;
  readonly up?: number | null;
  readonly ratio?: Goal;
  readonly idle?: Goal;
  /** Bytes to download at most, null: no bound. */
  readonly maxTotal?: number | null;
}

/** What only a manager has. */
export interface SessionLimitChange extends LimitChange {
  readonly alternative?: boolean;
  readonly altDown?: number | null;
  readonly altUp?: number | null;
  readonly hours?: Hours | null;
  readonly maxDay?: number | null;
  readonly maxMonth?: number | null;
}

const MODES = { session: 0, own: 1, off: 2 } as const;
/** As much as the RPC can say where there must be a limit. */
const UNBOUND_KB = 10_000_000;

/** `torrent-set` of a change. */
export function torrentLimits(change: LimitChange, unit: number): JsonObject {
  const { down, up, ratio, idle, maxTotal } = change;
  return {
    ...pair("downloadLimited", "downloadLimit", inUnits(down, unit)),
    ...pair("uploadLimited", "uploadLimit", inUnits(up, unit)),
    ...torrentGoal("seedRatio", ratio),
    ...torrentGoal("seedIdle", idle),
    ...(maxTotal === undefined ? {} : { maxTotal: maxTotal ?? 0 }),
  };
}

/** `session-set` of a change. */
export function sessionLimits(change: SessionLimitChange, unit: number): JsonObject {
  const { down, up, ratio, idle, alternative, altDown, altUp, hours } = change;
  if (ratio === "session" || idle === "session") {
    throw new UsageError("Expected a number or off: session is for a torrent");
  }
  const alt = (key: string, value: number | null | undefined) =>
    value === undefined ? {} : { [key]: inUnits(value, unit) ?? UNBOUND_KB };
  const budget = (key: string, value: number | null | undefined) =>
    value === undefined ? {} : { [key]: value ?? 0 };
  return {
    ...pair("speed-limit-down-enabled", "speed-limit-down", inUnits(down, unit)),
    ...pair("speed-limit-up-enabled", "speed-limit-up", inUnits(up, unit)),
    ...pair("seedRatioLimited", "seedRatioLimit", ratio === "off" ? null : ratio),
    ...pair("idle-seeding-limit-enabled", "idle-seeding-limit", idle === "off" ? null : idle),
    ...(alternative === undefined ? {} : { "alt-speed-enabled": alternative }),
    ...alt("alt-speed-down", altDown),
    ...alt("alt-speed-up", altUp),
    ...scheduled(hours),
    ...budget("max-total", change.maxTotal),
    ...budget("max-day", change.maxDay),
    ...budget("max-month", change.maxMonth),
  };
}

/** The limits of a manager. */
export function sessionLimitPairs(session: JsonObject): Pair[] {
  const unit = speedUnitOf(session);
  const speed = (key: string) => formatRate(json.count(session, key) * unit);
  const limit = (key: string) => json.flag(session, `${key}-enabled`) ? speed(key) : "none";
  const on = json.flag(session, "alt-speed-enabled");
  const hours = {
    days: json.count(session, "alt-speed-time-day"),
    begin: json.count(session, "alt-speed-time-begin"),
    end: json.count(session, "alt-speed-time-end"),
  };
  const ratio = json.flag(session, "seedRatioLimited");
  const idle = json.flag(session, "idle-seeding-limit-enabled");
  return [
    ["Down", limit("speed-limit-down")],
    ["Up", limit("speed-limit-up")],
    [
      "Alternative",
      `${on ? "on" : "off"}: down ${speed("alt-speed-down")}, up ${speed("alt-speed-up")}`,
    ],
    ["Schedule", json.flag(session, "alt-speed-time-enabled") ? formatHours(hours) : "off"],
    ["Seed ratio", ratio ? json.number(session, "seedRatioLimit").toFixed(2) : "no goal"],
    ["Seed idle", idle ? `${json.count(session, "idle-seeding-limit")} min` : "no goal"],
    ["Budget", budget(session)],
  ];
}

/** The limits of a torrent. */
export function torrentLimitPairs(torrent: TorrentStatus): Pair[] {
  const limit = (value: number | null) => value === null ? "none" : formatRate(value);
  const { maxTotal } = torrent;
  return [
    ["Down", limit(torrent.downLimit)],
    ["Up", limit(torrent.upLimit)],
    ["Manager's limits", torrent.honorsSession ? "hold too" : "do not hold"],
    ["Goals", goals(torrent)],
    ["Budget", maxTotal === null ? null : maxTotal === 0 ? "none" : formatSize(maxTotal)],
  ];
}

/** Null for a manager that knows no budget. */
function budget(session: JsonObject): string | null {
  if (!json.has(session, "max-total")) return null;
  const parts = [["max-total", "in all"], ["max-day", "a day"], ["max-month", "a month"]] as const;
  const words = parts.flatMap(([key, word]) => {
    const size = json.count(session, key);
    return size === 0 ? [] : [`${formatSize(size)} ${word}`];
  });
  return words.join(", ") || "none";
}

/** A limit in the RPC's units; at least 1, as 0 stops everything. */
function inUnits(value: number | null | undefined, unit: number): number | null | undefined {
  return typeof value === "number" ? Math.max(1, Math.round(value / unit)) : value;
}

/** A limit and whether it holds. */
function pair(enabled: string, key: string, value: number | null | undefined): JsonObject {
  if (value === undefined) return {};
  return value === null ? { [enabled]: false } : { [enabled]: true, [key]: value };
}

function torrentGoal(key: string, goal: Goal | undefined): JsonObject {
  if (goal === undefined) return {};
  return typeof goal === "string"
    ? { [`${key}Mode`]: MODES[goal] }
    : { [`${key}Mode`]: MODES.own, [`${key}Limit`]: goal };
}

function scheduled(hours: Hours | null | undefined): JsonObject {
  if (hours === undefined) return {};
  if (hours === null) return { "alt-speed-time-enabled": false };
  return {
    "alt-speed-time-enabled": true,
    "alt-speed-time-day": hours.days,
    "alt-speed-time-begin": hours.begin,
    "alt-speed-time-end": hours.end,
  };
}
