/** Readers of option values that only commands for a manager have. */
import { UsageError } from "../../base/mod.ts";
import type { Reader } from "../option.ts";
import { bytes } from "../option_values.ts";

/** Labels: `linux` or `linux,iso`. */
export const labelList: Reader<readonly string[]> = (value, name) => {
  const labels = value.split(",").map((each) => each.trim());
  if (labels.includes("")) {
    throw new UsageError(`Expected labels such as linux,iso after ${name}, got "${value}"`);
  }
  return labels;
};

/** A speed such as `500K`, in bytes a second; null for `off`, `none` or 0: no limit. */
export const speed: Reader<number | null> = (value, name) => size(value, name);

/** A size such as `20G`; null for `off`, `none` or 0: no bound. */
export const size: Reader<number | null> = (value, name) => {
  if (isOff(value)) return null;
  try {
    return bytes(value, name) || null;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      `Expected a size such as 500K or 2M, or off, after ${name}, got "${value}"`,
    );
  }
};

/** `on` or `off`. */
export const onOff: Reader<boolean> = (value, name) => {
  if (/^(on|yes|true)$/i.test(value)) return true;
  if (/^(off|no|false)$/i.test(value)) return false;
  throw new UsageError(`Expected on or off after ${name}, got "${value}"`);
};

/** A goal of seeding: a figure, `off`, or `session` for the manager's own. */
export type Goal = number | "off" | "session";

/** A goal such as `1.5`. */
export const goal: Reader<Goal> = (value, name) => {
  if (value === "session") return value;
  if (isOff(value) && value !== "0") return "off";
  if (/^\d{1,5}(\.\d{1,3})?$/.test(value)) return Number(value);
  throw new UsageError(`Expected a number, off or session after ${name}, got "${value}"`);
};

/** Whole minutes of a goal. */
export const minutesGoal: Reader<Goal> = (value, name) => {
  const minutes = goal(value, name);
  if (typeof minutes !== "number" || (Number.isInteger(minutes) && minutes <= 65_535)) {
    return minutes;
  }
  throw new UsageError(`Expected whole minutes, off or session after ${name}, got "${value}"`);
};

function isOff(value: string): boolean {
  return /^(off|none|no|0)$/i.test(value);
}
