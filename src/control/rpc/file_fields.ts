/** Files of a torrent, as the RPC shows them. */
import type { FilePriority } from "../../session/mod.ts";
import type { FileView } from "../../manager/mod.ts";
import type { Json } from "./json.ts";

/** Priorities by their numbers in the RPC. */
export const PRIORITIES = { [-1]: "low", 0: "normal", 1: "high" } as const;

/** The number of a priority; a file that is not wanted has the normal one. */
export function priorityNumber(priority: FilePriority): number {
  return priority === "low" ? -1 : priority === "high" ? 1 : 0;
}

/** One of `files`. */
export function fileJson({ path, length, done }: FileView): Json {
  return { bytesCompleted: done, length, name: path };
}

/** One of `fileStats`. */
export function fileStatsJson({ done, priority }: FileView): Json {
  return {
    bytesCompleted: done,
    priority: priorityNumber(priority),
    wanted: priority !== "off",
  };
}
