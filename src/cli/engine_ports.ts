/** The parts of the environment that run in threads of their own. */
export { runCreate, runVerify, startEngineWorker as startEngine } from "../session/mod.ts";
