/** A manager's settings in JSON: as the RPC names them, without what is nobody else's business. */
import type { JsonObject } from "../../remote/mod.ts";

/** The guard against forged requests. */
const SECRETS = new Set(["session-id"]);

/** The settings that may be shown; what is no plain value is for nobody. */
export function sessionJson(session: JsonObject): JsonObject {
  const shown = Object.entries(session).filter(([key, value]) =>
    !SECRETS.has(key) && ["string", "number", "boolean"].includes(typeof value)
  );
  return Object.fromEntries(shown);
}
