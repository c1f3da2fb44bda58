import type { Detail } from "../../manager/mod.ts";
import { aList, type Arguments, aText } from "./arguments.ts";
import type { CallContext } from "./call.ts";
import type { Json, JsonObject } from "./json.ts";
import { RpcCode, RpcError } from "./rpc_error.ts";
import { idsOf, RECENT_MS } from "./selection.ts";
import { type FullView, TORRENT_FIELDS, type TorrentField } from "./torrent_fields.ts";

/** A field under the name it was asked by. */
interface Chosen {
  readonly key: string;
  readonly field: TorrentField;
}

/** `torrent-get`: the fields asked for, those we do not know left out, as objects or as a table with a header. */
export async function torrentGet(args: Arguments, context: CallContext): Promise<JsonObject> {
  const chosen = fieldsOf(args);
  const table = args.read("format", aText) === "table";
  const details = [...new Set(chosen.flatMap(({ field: { detail } }) => detail ?? []))];
  const [{ torrents, removed }, { folder }] = await Promise.all([
    find(args, context, details),
    context.manager.session(),
  ]);
  const shown = table ? asTable(torrents, chosen, folder) : asObjects(torrents, chosen, folder);
  return removed === null ? { torrents: shown } : { removed, torrents: shown };
}

function fieldsOf(args: Arguments): Chosen[] {
  const names = args.read("fields", aList(aText));
  if (names === undefined) throw new RpcError(RpcCode.params, "no fields specified");
  // a name asked for a thousand times is one
  return [...new Set(names)].flatMap((key) => {
    const field = TORRENT_FIELDS.get(key);
    return field === undefined ? [] : [{ key, field }];
  });
}

async function find(
  args: Arguments,
  { manager }: CallContext,
  details: readonly Detail[],
): Promise<{ torrents: readonly FullView[]; removed: readonly number[] | null }> {
  const ids = idsOf(args);
  if (ids.kind === "recent") return await manager.recent(RECENT_MS, details);
  return { torrents: await manager.torrents(ids.ids, details), removed: null };
}

function asObjects(
  torrents: readonly FullView[],
  chosen: readonly Chosen[],
  folder: string,
): Json {
  return torrents.map((torrent) => {
    const shown: Record<string, Json> = {};
    for (const { key, field } of chosen) shown[key] = field.of(torrent, folder);
    return shown;
  });
}

function asTable(torrents: readonly FullView[], chosen: readonly Chosen[], folder: string): Json {
  return [
    chosen.map(({ key }) => key),
    ...torrents.map((torrent) => chosen.map(({ field }) => field.of(torrent, folder))),
  ];
}
