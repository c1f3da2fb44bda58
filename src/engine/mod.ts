/**
 * The session behind a worker that may touch one folder and the network, and hashing jobs behind workers that may
 * only read. The thread that starts them loads none of the engine's code.
 */
export type * from "./jobs_api.ts";
export type * from "./manager_api.ts";
export { runCreate, runVerify, startEngineWorker, startManagerWorker } from "./worker_engine.ts";
export type { WorkerPermissions } from "./worker_client.ts";
