/**
 * Torrents that stay: a queue, seeding goals, limits by schedule, labels and budgets over a
 * {@linkcode Session}, all of it as it was after a restart or a crash. It runs in the engine's thread;
 * a control server speaks to it through {@linkcode ManagerApi} and knows nothing else of it.
 */
export type * from "./api.ts";
export type * from "./overview.ts";
export type { ComplaintOf, ListFault, ManagerComplaint } from "./complaint.ts";
export type * from "./settings.ts";
export type { FilterSource } from "./filter.ts";
export { Manager } from "./manager.ts";
export type {
  ManagedDisk,
  ManagerClock,
  ManagerParts,
  OpenSession,
  SessionSwitches,
} from "./parts.ts";
export type { ManagedSession } from "./runner.ts";
export { FolderWatch, isWatched } from "./watch/folder_watch.ts";
