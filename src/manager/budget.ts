import { formatSize } from "../base/mod.ts";
import type { Entry } from "./entry.ts";
import type { SessionSettings } from "./settings.ts";

/** Bytes downloaded, in all and in the day and month that are named (`2026-11-28`, `2026-11`, local time). */
export interface Usage {
  readonly total: number;
  readonly day: string;
  readonly dayBytes: number;
  readonly month: string;
  readonly monthBytes: number;
}

/** Nothing used yet. */
export const NO_USAGE: Usage = { total: 0, day: "", dayBytes: 0, month: "", monthBytes: 0 };

const RAISE = "raise it to go on";

/**
 * `usage` after `bytes` more. A clock that was set back by less than two days goes on with the day it had counted, so
 * that a budget is not had twice.
 */
export function used(usage: Usage, bytes: number, date: Date): Usage {
  const today = dayOf(date);
  const soon = dayOf(new Date(date.getTime() + 2 * 86_400_000));
  const day = usage.day > today && usage.day <= soon ? usage.day : today;
  const month = day.slice(0, 7);
  return {
    total: usage.total + bytes,
    day,
    dayBytes: (usage.day === day ? usage.dayBytes : 0) + bytes,
    month,
    monthBytes: (usage.month === month ? usage.monthBytes : 0) + bytes,
  };
}

/** Bytes that may still be downloaded at a date; Infinity without a budget. */
export function remaining(
  before: Usage,
  { maxTotal, maxDay, maxMonth }: Pick<SessionSettings, "maxTotal" | "maxDay" | "maxMonth">,
  date: Date,
): number {
  // a new day has a budget of its own though nothing was downloaded in it
  const usage = used(before, 0, date);
  const left = (most: number, used: number) => most > 0 ? Math.max(0, most - used) : Infinity;
  return Math.min(
    left(maxTotal, usage.total),
    left(maxDay, usage.dayBytes),
    left(maxMonth, usage.monthBytes),
  );
}

/** Why a download may have nothing more; null: it may. */
export function overBudget(
  { record }: Entry,
  usage: Usage,
  { maxTotal, maxDay, maxMonth }: SessionSettings,
): string | null {
  const own = record.settings.maxTotal;
  const over = (most: number, used: number) => most > 0 && used >= most;
  const text = (budget: string, most: number, then: string) =>
    `the budget of ${formatSize(most)}${budget} is used up: ${then}`;
  if (over(own, record.downloaded)) return text(" for this torrent", own, RAISE);
  if (over(maxTotal, usage.total)) return text(" for all torrents", maxTotal, RAISE);
  if (over(maxMonth, usage.monthBytes)) return text(" a month", maxMonth, "wait for the next");
  if (over(maxDay, usage.dayBytes)) return text(" a day", maxDay, "wait for the next");
  return null;
}

/** What was kept of it; nothing of what cannot be read. */
export function parseUsage(text: string | null): Usage {
  try {
    const kept = JSON.parse(text ?? "{}") as Partial<Usage>;
    const bytes = (value: unknown) => typeof value === "number" && value >= 0 ? value : 0;
    const day = typeof kept.day === "string" ? kept.day : "";
    const month = typeof kept.month === "string" ? kept.month : "";
    return {
      total: bytes(kept.total),
      day,
      dayBytes: bytes(kept.dayBytes),
      month,
      monthBytes: bytes(kept.monthBytes),
    };
  } catch {
    return NO_USAGE;
  }
}

function dayOf(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
