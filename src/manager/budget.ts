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
const NEXT = "wait for the next";

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

/** A budget that is used up: which one, and of how many bytes. */
export interface OverBudget {
  readonly code: "budget-torrent" | "budget-all" | "budget-month" | "budget-day";
  readonly bytes: number;
  readonly text: string;
}

/** Why a download may have nothing more; null: it may. */
export function overBudget(
  { record }: Entry,
  usage: Usage,
  { maxTotal, maxDay, maxMonth }: SessionSettings,
): OverBudget | null {
  const own = record.settings.maxTotal;
  const over = (most: number, used: number) => most > 0 && used >= most;
  const told = (code: OverBudget["code"], what: string, bytes: number, then: string) => (
    { code, bytes, text: `the budget of ${formatSize(bytes)} ${what} is used up: ${then}` }
  );
  if (over(own, record.downloaded)) return told("budget-torrent", "for this torrent", own, RAISE);
  if (over(maxTotal, usage.total)) return told("budget-all", "for all torrents", maxTotal, RAISE);
  if (over(maxMonth, usage.monthBytes)) return told("budget-month", "a month", maxMonth, NEXT);
  if (over(maxDay, usage.dayBytes)) return told("budget-day", "a day", maxDay, NEXT);
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
