/** Many torrents at once: the engine, what it is told and what it reports. */
export type * from "./api.ts";
