import type { TorrentPatch } from "../../manager/mod.ts";
import { aBoolean, type Arguments, aText } from "./arguments.ts";
import { type CallContext, type Methods, NOTHING } from "./call.ts";
import { type FileLists, fileLists, filePatches } from "./file_patches.ts";
import type { JsonObject } from "./json.ts";
import { below } from "./paths.ts";
import { RpcCode, RpcError, wrong } from "./rpc_error.ts";
import { selectionOf } from "./selection.ts";
import { placePatch, settingsPatch } from "./torrent_settings.ts";

/** Methods that change torrents. */
export const CHANGES: Methods = {
  "torrent-set": set,
  "torrent-set-location": setLocation,
  "torrent-rename-path": renamePath,
};

/** Everything is read before anything is changed: of a call with one wrong argument nothing is done. */
async function set(args: Arguments, context: CallContext): Promise<JsonObject> {
  const { manager } = context;
  const patch = { ...settingsPatch(args), ...placePatch(args) };
  const lists = fileLists(args);
  const location = args.read("location", aText);
  const place = location === undefined ? null : await placeOf(location, context);
  const torrents = await selectionOf(args, manager);
  const byTorrent = lists === null ? [] : await patchesOf(torrents, lists, context);
  if (Object.keys(patch).length > 0) await manager.set(torrents, patch);
  for (const [id, files] of byTorrent) await manager.set([id], files);
  if (place !== null) await manager.relocate(torrents, place, false);
  return NOTHING;
}

/** What becomes of the files of each torrent. */
async function patchesOf(
  torrents: Awaited<ReturnType<typeof selectionOf>>,
  lists: FileLists,
  { manager }: CallContext,
): Promise<[id: number, patch: TorrentPatch][]> {
  const views = await manager.torrents(torrents, ["files"]);
  return views.flatMap(({ id, files = [] }) => {
    const filePriorities = filePatches(files, lists);
    return filePriorities.length === 0 ? [] : [[id, { filePriorities }] as const];
  }).map(([id, patch]) => [id, patch]);
}

async function setLocation(args: Arguments, context: CallContext): Promise<JsonObject> {
  const location = args.read("location", aText);
  if (location === undefined || location === "") {
    throw new RpcError(RpcCode.params, "no location", {
      code: "outside-folder",
      values: { path: "" },
    });
  }
  const move = args.read("move", aBoolean) ?? false;
  const place = await placeOf(location, context);
  await context.manager.relocate(await selectionOf(args, context.manager), place, move);
  return NOTHING;
}

async function renamePath(args: Arguments, { manager }: CallContext): Promise<JsonObject> {
  const path = args.read("path", aText) ?? "";
  const name = args.read("name", aText) ?? "";
  if (path === "") throw wrong("path", "a file or folder of the torrent");
  if (path.split("/").includes("..")) throw wrong("path", "a path in the torrent");
  if (name === "" || name === "." || name === ".." || /[/\\]/.test(name)) {
    throw wrong("name", "one name, not a path", { code: "bad-name", values: { name } });
  }
  const [torrent, another] = await manager.torrents(await selectionOf(args, manager), []);
  if (torrent === undefined || another !== undefined) {
    throw new RpcError(RpcCode.params, "torrent-rename-path requires 1 torrent");
  }
  await manager.rename(torrent.id, path, name);
  return { id: torrent.id, name, path };
}

async function placeOf(path: string, { manager }: CallContext): Promise<string> {
  return below((await manager.session()).folder, path);
}
