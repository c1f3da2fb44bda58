/** The weekly hours of the alternative limits: `mon-fri@08:00-17:00`. */
import { UsageError } from "../../base/mod.ts";
import type { Reader } from "../option.ts";

/** When they hold by themselves. */
export interface Hours {
  /** Bit 0 Sunday, bit 6 Saturday. */
  readonly days: number;
  /** Minutes after midnight; an end before the beginning is on the next day. */
  readonly begin: number;
  readonly end: number;
}

/** As the RPC counts them. */
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const ALL_DAYS = 127;
/** Days in the order a week is read. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];

/** Reads `[DAYS@]HH:MM-HH:MM`, a space does for the `@`, DAYS as in `mon-fri,sun`; null for `off`. */
export const schedule: Reader<Hours | null> = (value, name) => {
  const text = value.trim().toLowerCase();
  if (text === "off" || text === "none") return null;
  const match = /^(?:([a-z,-]+)[@\s]\s*)?(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(text);
  const days = match === null ? null : parseDays(match[1] ?? "daily");
  if (match === null || days === null) {
    throw new UsageError(
      `Expected hours such as mon-fri@08:00-17:00, or off, after ${name}, got "${value}"`,
    );
  }
  const minutes = (hours: number, minutes: number) => {
    const of = Number(match[hours]) * 60 + Number(match[minutes]);
    if (of <= 24 * 60 && Number(match[minutes]) < 60) return of % (24 * 60);
    throw new UsageError(`Expected times from 00:00 to 24:00 after ${name}, got "${value}"`);
  };
  return { days, begin: minutes(2, 3), end: minutes(4, 5) };
};

/** The same in words. */
export function formatHours({ days, begin, end }: Hours): string {
  const time = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  return `${formatDays(days)} ${time(begin)}-${time(end)}`;
}

function parseDays(text: string): number | null {
  if (text === "daily") return ALL_DAYS;
  let days = 0;
  for (const part of text.split(",")) {
    const [from = "", to = from, more] = part.split("-");
    const [first, last] = [dayOf(from), dayOf(to)];
    if (first < 0 || last < 0 || more !== undefined) return null;
    for (let day = first;; day = (day + 1) % 7) {
      days |= 1 << day;
      if (day === last) break;
    }
  }
  return days;
}

/** By its first three letters or its whole name. */
function dayOf(word: string): number {
  return DAYS.findIndex((day) => word === day || (word.startsWith(day) && word.endsWith("day")));
}

function formatDays(days: number): string {
  if ((days & ALL_DAYS) === ALL_DAYS) return "daily";
  if ((days & ALL_DAYS) === 0) return "never";
  const runs: string[] = [];
  const on = WEEK.map((day) => (days >> day & 1) === 1);
  for (let at = 0; at < WEEK.length; at++) {
    if (!on[at]) continue;
    let end = at;
    while (on[end + 1]) end++;
    const name = (place: number) => DAYS[WEEK[place] ?? 0] ?? "";
    runs.push(
      end - at > 1 ? `${name(at)}-${name(end)}` : end > at ? `${name(at)},${name(end)}` : name(at),
    );
    at = end;
  }
  return runs.join(",");
}
