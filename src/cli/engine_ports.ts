/** The parts of the environment that run in threads of their own. */
import type { Environment } from "./environment.ts";

// Placeholders until session/ has its workers; then these become three re-exports.
export const startEngine: Environment["startEngine"] = () =>
  Promise.reject(new Error("This build has no engine"));
export const runVerify: Environment["runVerify"] = () =>
  Promise.reject(new Error("This build cannot verify"));
export const runCreate: Environment["runCreate"] = () =>
  Promise.reject(new Error("This build cannot create"));
