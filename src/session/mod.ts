/**
 * Many torrents at once: {@linkcode Session} in this thread, or the same behind a worker that may touch the
 * download folder and nothing else. What a front end says and hears is in `api.ts`, hashing jobs in `jobs_api.ts`.
 */
export type * from "./api.ts";
export { CLIENT } from "./context.ts";
export { create, verify } from "./jobs.ts";
export type * from "./jobs_api.ts";
export { readTorrent } from "./read_torrent.ts";
export { Session } from "./session.ts";
export {
  runCreate,
  runVerify,
  startEngineWorker,
  type WorkerPermissions,
} from "./worker_engine.ts";
