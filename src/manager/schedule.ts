import type { Schedule } from "./settings.ts";

/** A moment of the week, local time: minutes after midnight, and the day (0 Sunday). */
export interface WeekTime {
  readonly minute: number;
  readonly day: number;
}

/** True when the schedule says that alternative limits hold. A time past midnight belongs to the day it began on. */
export function scheduled(schedule: Schedule, { minute, day }: WeekTime): boolean {
  const { begin, end, days } = schedule;
  const on = (day: number) => (days >> day & 1) === 1;
  if (begin === end) return on(day);
  if (begin < end) return on(day) && minute >= begin && minute < end;
  return (on(day) && minute >= begin) || (on((day + 6) % 7) && minute < end);
}

/** The moment of the week of a date. */
export function weekTime(date: Date): WeekTime {
  return { minute: date.getHours() * 60 + date.getMinutes(), day: date.getDay() };
}
