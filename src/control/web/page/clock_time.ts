/** Times of day and days of the week, as the schedule counts them. */

/** Minutes after midnight as `08:30`, the form of the browser's field. */
export function toClock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** The other way; null: it is no time. */
export function fromClock(text: string): number | null {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const all = Number(hours) * 60 + Number(minutes);
  return all < 24 * 60 ? all : null;
}

/** The days, Sunday (bit 0) first, by their short names. */
export function dayNames(locale: string): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  // 4 January 1970 was a Sunday
  return Array.from({ length: 7 }, (_, day) => format.format((day + 3) * 86_400_000));
}
