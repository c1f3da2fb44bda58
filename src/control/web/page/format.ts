/** Numbers, dates and hostile text as people read them, by their locale. */
import { tame } from "../../../base/mod.ts";

export { tame };

import { Counted } from "./counted.ts";

const SIZE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Writes figures in one locale. Formatters cost far more to make than to use, and are made once. */
export class Format {
  readonly #plain: readonly Intl.NumberFormat[];
  readonly #plurals: Intl.PluralRules;
  readonly #percent: Intl.NumberFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #clock: Intl.DateTimeFormat;

  /** `locale`: a tag such as `pt-BR`; `grammar`: that of the words around the figures, as `pt-PT`. */
  constructor(locale: string, grammar = locale, timeZone?: string) {
    this.#plain = [0, 1, 2].map((digits) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      })
    );
    this.#plurals = new Intl.PluralRules(grammar);
    this.#percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
    const zone = timeZone === undefined ? {} : { timeZone };
    this.#date = new Intl.DateTimeFormat(locale, {
      dateStyle: "medium",
      timeStyle: "short",
      ...zone,
    });
    this.#day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", ...zone });
    this.#clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", ...zone });
  }

  /** A whole number. */
  count(value: number): string {
    return this.#number(value, 0);
  }

  /** A whole number that stands in a sentence. */
  counted(value: number): Counted {
    return new Counted(value, this.count(value), this.#plurals.select(value));
  }

  /** Bytes with a decimal unit and three figures: `1.23 GB`. */
  size(bytes: number): string {
    let unit = 0;
    let value = bytes;
    // 999.5 would be written as 1000
    while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return `${this.#number(value, digits)} ${SIZE_UNITS[unit]}`;
  }

  /** Bytes a second; empty for none, as most of a list is. */
  rate(bytes: number): string {
    return bytes === 0 ? "" : `${this.size(bytes)}/s`;
  }

  /** 0 to 1 as a percentage, never 100 % before it is. */
  percent(part: number): string {
    return this.#percent.format(part >= 1 ? 1 : Math.floor(part * 1000) / 1000);
  }

  /** Two figures after the point; `–` for none. */
  ratio(value: number | null): string {
    return value === null ? "–" : this.#number(value, 2);
  }

  /** Seconds in the two largest units: `3 d 4 h`; `–` for none, `∞` beyond a year. */
  duration(seconds: number | null): string {
    if (seconds === null) return "–";
    if (seconds > 365 * 86_400) return "∞";
    const parts = [
      [Math.floor(seconds / 86_400), "d"],
      [Math.floor(seconds / 3_600) % 24, "h"],
      [Math.floor(seconds / 60) % 60, "min"],
      [Math.floor(seconds) % 60, "s"],
    ] as const;
    const first = parts.findIndex(([count]) => count > 0);
    if (first < 0) return "0 s";
    return parts.slice(first, first + 2)
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(" ");
  }

  /** The day of a time in milliseconds since 1970. */
  day(ms: number): string {
    return isTime(ms) ? this.#day.format(ms) : NO_TIME;
  }

  /** The time of day, to the second, of a time in milliseconds since 1970. */
  clock(ms: number): string {
    return isTime(ms) ? this.#clock.format(ms) : NO_TIME;
  }

  /** Milliseconds since 1970. */
  date(ms: number): string {
    return isTime(ms) ? this.#date.format(ms) : NO_TIME;
  }

  #number(value: number, digits: number): string {
    return this.#plain[digits]?.format(value) ?? String(value);
  }
}

/** Shown where a number is no time. */
const NO_TIME = "–";

/** A stranger's torrent file may name any number as its date; `Intl` throws at those that no calendar reaches. */
function isTime(ms: number): boolean {
  return Math.abs(ms) <= 8.64e15;
}

/**
 * Text of a stranger {@linkcode tame}d, for the middle of a sentence: in marks that keep its direction to itself, which
 * no text that was tamed has.
 */
export function isolated(text: string): string {
  return `\u2068${tame(text)}\u2069`;
}
