/** What a manager's settings tell of how to speak to it. */
import { has, type JsonObject, object, text } from "./json.ts";

/** Bytes a second that a limit of 1 stands for. */
export function speedUnitOf(session: JsonObject): number {
  return object(session, "units")["speed-bytes"] === 1024 ? 1024 : 1000;
}

/** True when torrents and the whole have transfer budgets: those of `tm daemon`. */
export function knowsBudgets(session: JsonObject): boolean {
  return has(session, "max-total");
}

/** True for a `tm daemon`, which answers more than Transmission. */
export function isTorrentManager(session: JsonObject): boolean {
  return text(session, "version").includes("TorrentManager");
}
