/** Whether a file is wanted, and before which others. */
export type FilePriority = "off" | "low" | "normal" | "high";

/** All of them; the place in the list is the rank, 0 not wanted at all. */
export const FILE_PRIORITIES: readonly FilePriority[] = ["off", "low", "normal", "high"];

/** The rank of a priority. */
export function rankOf(priority: FilePriority): number {
  return FILE_PRIORITIES.indexOf(priority);
}
