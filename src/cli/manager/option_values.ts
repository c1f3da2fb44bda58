/** Readers of option values that only commands for a manager have. */
import { UsageError } from "../../base/mod.ts";
import type { Reader } from "../option.ts";

/** Labels: `linux` or `linux,iso`. */
export const labelList: Reader<readonly string[]> = (value, name) => {
  const labels = value.split(",").map((each) => each.trim());
  if (labels.includes("")) {
    throw new UsageError(`Expected labels such as linux,iso after ${name}, got "${value}"`);
  }
  return labels;
};
