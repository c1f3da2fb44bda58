import type { ManagerApi, Selection } from "../../manager/mod.ts";
import type { Arguments } from "./arguments.ts";
import { aList } from "./arguments.ts";
import { wrong } from "./rpc_error.ts";

/** Milliseconds for which a torrent counts as recently active. */
export const RECENT_MS = 60_000;

/** What `ids` means. */
export type Ids = { readonly kind: "recent" } | { readonly kind: "some"; readonly ids: Selection };

/**
 * `ids`: a number, a hash, a list of these, or `recently-active`; not given: all. An empty list is none, as in every
 * version of Transmission (its documentation says otherwise).
 */
export function idsOf(args: Arguments): Ids {
  const given = args.get("ids");
  if (given === undefined) return { kind: "some", ids: null };
  if (given === "recently-active" || given === "recently_active") return { kind: "recent" };
  if (Array.isArray(given)) return { kind: "some", ids: aList(anId)(given, "ids") };
  return { kind: "some", ids: [anId(given, "ids")] };
}

/** The torrents to act on. */
export async function selectionOf(args: Arguments, manager: ManagerApi): Promise<Selection> {
  const ids = idsOf(args);
  if (ids.kind === "some") return ids.ids;
  return (await manager.recent(RECENT_MS, [])).torrents.map(({ id }) => id);
}

/** A number or an info hash; one of neither kind is nobody's, and so passed over by the manager. */
function anId(value: unknown, name: string): number | string {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value === "string" && value.length <= 64) return value.toLowerCase();
  throw wrong(name, "numbers or info hashes of torrents");
}
