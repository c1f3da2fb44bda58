/**
 * Many torrents at once: {@linkcode Session} with its listener, disk worker and timer. What a front end says and
 * hears is in `api.ts`; `engine/` runs a session in a thread of its own.
 */
export type * from "./api.ts";
export type * from "./control_api.ts";
export { Session, type SessionParts } from "./session.ts";
export { besideNoProxy } from "./way_out.ts";
export { placed, rename, renamed, rootOf } from "./torrent_files.ts";
