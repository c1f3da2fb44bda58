/** How options are typed. */
import type { Option } from "./option.ts";

/** The name that help and completions show: `--dir`, `--no-color`. */
export function shownName({ long, on }: Option<unknown>): string {
  return `--${on ? "no-" : ""}${long}`;
}

/** What follows the name: ` DIR`, `[=ADDRESS]` where it may be left out, or nothing. */
export function shownValue({ value }: Option<unknown>): string {
  if (value === null) return "";
  return value.optional ? `[=${value.placeholder}]` : ` ${value.placeholder}`;
}

/** The shown name and the short one, if any. */
export function spellings(option: Option<unknown>): string[] {
  return [...(option.short === undefined ? [] : [`-${option.short}`]), shownName(option)];
}
