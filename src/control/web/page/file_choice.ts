/** Files chosen before a torrent starts: kept in the page, and told to the manager in one go. */
import type { FileEntry } from "./file_tree.ts";

/** What a reader says of files. */
export type FileChange =
  | { readonly wanted: boolean }
  | { readonly priority: -1 | 0 | 1 };

const LISTS = { "-1": "priority-low", "0": "priority-normal", "1": "priority-high" } as const;

/** The arguments of `torrent-set` for one change to files; null for none, as an empty list would mean all of them. */
export function changeArguments(
  files: readonly number[],
  change: FileChange,
): Readonly<Record<string, readonly number[]>> | null {
  if (files.length === 0) return null;
  const name = "priority" in change
    ? LISTS[change.priority]
    : change.wanted
    ? "files-wanted"
    : "files-unwanted";
  return { [name]: files };
}

/** The files after a change to some of them. */
export function changed(
  entries: readonly FileEntry[],
  files: readonly number[],
  change: FileChange,
): FileEntry[] {
  const set = new Set(files);
  return entries.map((entry, index) => set.has(index) ? { ...entry, ...change } : entry);
}

/** The arguments of `torrent-set` for a whole choice. An empty list means all files: lists of none are left out. */
export function choiceArguments(
  entries: readonly FileEntry[],
): Readonly<Record<string, readonly number[]>> {
  const which = (test: (entry: FileEntry) => boolean) =>
    [...entries.keys()].filter((index) => entries[index] !== undefined && test(entries[index]));
  const lists = {
    "files-unwanted": which(({ wanted }) => !wanted),
    "files-wanted": which(({ wanted }) => wanted),
    "priority-low": which(({ wanted, priority }) => wanted && priority < 0),
    "priority-normal": which(({ wanted, priority }) => wanted && priority === 0),
    "priority-high": which(({ wanted, priority }) => wanted && priority > 0),
  };
  const some = Object.entries(lists).filter(([, list]) => list.length > 0);
  // a hundred thousand numbers need not be sent to say all
  return Object.fromEntries(
    some.map(([name, list]) => [name, list.length === entries.length ? [] : list]),
  );
}

/** How many are wanted, and their bytes. */
export function wantedSum(
  entries: readonly FileEntry[],
): { readonly count: number; readonly bytes: number } {
  const wanted = entries.filter((entry) => entry.wanted);
  return { count: wanted.length, bytes: wanted.reduce((sum, { length }) => sum + length, 0) };
}
