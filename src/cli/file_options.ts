/** Which files of a torrent `tm get` downloads, and which first. */
import { UsageError } from "../base/mod.ts";
import type { FileRules, FileSelector } from "../metainfo/mod.ts";
import { flag, type OptionTable, repeated, type Values } from "./option.ts";
import { filePriority, fileSelectors, pattern } from "./option_values.ts";

/** Their options. */
export const FILE_OPTIONS = {
  select: repeated({
    long: "select-file",
    placeholder: "FILES",
    read: fileSelectors,
    help: "Only these: 1,3-5 or '*.mkv' (repeatable)",
  }),
  exclude: repeated({
    long: "exclude",
    placeholder: "FILES",
    read: fileSelectors,
    help: "Not these (repeatable)",
  }),
  priorities: repeated({
    long: "priority",
    placeholder: "P=FILES",
    read: filePriority,
    help: "P: off, low, normal, high (repeatable)",
  }),
  deny: repeated({
    long: "deny",
    placeholder: "PATTERN",
    read: pattern,
    help: "Refuse torrents with such a file (repeat.)",
  }),
  sequential: flag({ long: "sequential", help: "Pieces in order, for players" }),
  firstLast: flag({ long: "first-last", help: "First and last pieces of files first" }),
} as const satisfies OptionTable;

/** What they say, for `count` torrents. Throws `UsageError` when they give numbers of files and there are several. */
export function fileRules(
  { select, exclude, priorities, deny }: Values<typeof FILE_OPTIONS>,
  count: number,
): FileRules {
  const given: readonly (readonly [string, readonly FileSelector[]])[] = [
    ["--select-file", select.flat()],
    ["--exclude", exclude.flat()],
    ["--priority", priorities.flatMap(({ files }) => files)],
  ];
  for (const [name, files] of given) {
    if (count > 1 && files.some((each) => !("glob" in each))) {
      throw new UsageError(`Expected one torrent with numbers after ${name}, got ${count}`);
    }
  }
  return {
    ...(select.length === 0 ? {} : { select: select.flat() }),
    ...(exclude.length === 0 ? {} : { exclude: exclude.flat() }),
    ...(priorities.length === 0 ? {} : { priorities }),
    ...(deny.length === 0 ? {} : { deny }),
  };
}
