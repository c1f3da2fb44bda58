/** Sizes, speeds and times in words. */

import { formatSize, SIZE_UNITS, sizePower } from "../base/mod.ts";

export { formatSize };

/** `0`, `512B`, `12.3K`, `1023M`: at most five columns for tables, the letters as in options; units of 1024. */
export function formatShort(bytes: number): string {
  if (bytes < 1) return "0";
  let power = sizePower(bytes);
  let figure = bytes / 1024 ** power;
  // five columns have room for a tenth below a hundred only
  if (power < SIZE_UNITS.length - 1 && figure >= 999.5) {
    [figure, power] = [figure / 1024, power + 1];
  }
  const digits = power === 0 || figure >= 99.95 ? 0 : 1;
  return `${figure.toFixed(digits)}${SIZE_UNITS[power]![0]}`;
}

/** `12.3/256.0 MiB`: a part of a whole in the unit of the whole. */
export function formatPart(part: number, whole: number, space = " "): string {
  const power = sizePower(whole);
  const digits = power === 0 ? 0 : 1;
  const figure = (bytes: number) => (bytes / 1024 ** power).toFixed(digits);
  return `${figure(part)}/${figure(whole)}${space}${SIZE_UNITS[power]}`;
}

/** `12.3 MiB/s`. */
export function formatRate(bytesPerSecond: number, space = " "): string {
  return `${formatSize(Math.round(bytesPerSecond), space)}/s`;
}

/** A time that has passed: `0.42 s`, `3.2 s`, `1m 05s`, `2h 03m`. */
export function formatElapsed(seconds: number): string {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  return seconds < 59.95 ? `${seconds.toFixed(1)} s` : formatTime(seconds, " ");
}

/** A time to come, at most six columns: `7s`, `4m51s`, `2h03m`, `3d04h`, `>99d`. */
export function formatEta(seconds: number): string {
  return seconds >= 100 * 86_400 ? ">99d" : formatTime(seconds, "");
}

/** Whole percent, rounded down so that 100% means complete: `42%`. */
export function formatPercent(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.min(100, Math.floor((part / whole) * 100))}%`;
}

/** `1 file`, `3 files`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function formatTime(seconds: number, space: string): string {
  const s = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m${space}${two(s % 60)}s`;
  if (s < 86_400) return `${Math.floor(s / 3600)}h${space}${two(Math.floor((s % 3600) / 60))}m`;
  return `${Math.floor(s / 86_400)}d${space}${two(Math.floor((s % 86_400) / 3600))}h`;
}
