import { type Bytes, fromBinaryString, MagnetError } from "../../base/mod.ts";
import { isMagnet, linkOfHash, type Magnet, parseMagnet } from "../../metainfo/mod.ts";
import type { NewTorrent } from "../../manager/mod.ts";
import type { TorrentFileFault } from "../../net/mod.ts";
import { aBoolean, type Arguments, aText } from "./arguments.ts";
import type { CallContext } from "./call.ts";
import { fileLists, newFilePatches } from "./file_patches.ts";
import type { JsonObject } from "./json.ts";
import { below } from "./paths.ts";
import { badTorrent, RpcCode, RpcError } from "./rpc_error.ts";
import { settingsPatch } from "./torrent_settings.ts";

/** Longest link or path read; a magnet link may have many trackers. */
const MAX_FILENAME = 64 * 1024;

/** `torrent-add`. `cookies` are passed over. A torrent that is there already stays as it is. */
export async function torrentAdd(args: Arguments, context: CallContext): Promise<JsonObject> {
  const { folder } = await context.manager.session();
  const directory = args.read("download-dir", aText);
  const location = directory === undefined ? undefined : below(folder, directory);
  const paused = args.read("paused", aBoolean);
  const lists = fileLists(args);
  const settings = {
    ...settingsPatch(args),
    ...(lists !== null && { filePriorities: newFilePatches(lists) }),
  };
  const added: NewTorrent = {
    torrent: await torrentOf(args, folder, context),
    ...(location !== undefined && { location }),
    ...(paused !== undefined && { paused }),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
  const { id, hash, name, duplicate } = await context.manager.add(added);
  return {
    [duplicate ? "torrent-duplicate" : "torrent-added"]: { hashString: hash, id, name },
  };
}

async function torrentOf(
  args: Arguments,
  folder: string,
  { manager, fetchTorrent, local }: CallContext,
): Promise<Bytes | Magnet> {
  const metainfo = args.get("metainfo");
  if (typeof metainfo === "string" && metainfo !== "") return fromBase64(metainfo);
  const filename = args.get("filename");
  if (typeof filename !== "string" || filename === "") {
    const complaint = { code: "no-link", values: {} } as const;
    throw new RpcError(RpcCode.params, "no filename or metainfo specified", complaint);
  }
  if (filename.length > MAX_FILENAME) {
    const complaint = { code: "text-too-long", values: { count: MAX_FILENAME } } as const;
    throw new RpcError(RpcCode.params, "filename is too long", complaint);
  }
  if (isMagnet(filename)) return magnetOf(filename);
  const link = linkOfHash(filename);
  if (link !== null) return magnetOf(link);
  if (/^https?:/i.test(filename)) return await fetched(filename, local, fetchTorrent);
  if (/^[a-z][a-z+.-]+:\/\//i.test(filename)) {
    const message = "Expected a magnet link, an http or https URL, or a path";
    throw new RpcError(RpcCode.params, message, { code: "unknown-link", values: {} });
  }
  return await manager.readTorrent(below(folder, aText(filename, "filename")));
}

async function fetched(
  url: string,
  local: boolean,
  fetchTorrent: CallContext["fetchTorrent"],
): Promise<Bytes> {
  try {
    return await fetchTorrent(url, local);
  } catch (error) {
    const why = error instanceof Error ? error.message : "failed";
    const complaint = { code: `fetch-${faultOf(error)}`, values: {} } as const;
    throw new RpcError(RpcCode.http, `Cannot fetch the torrent: ${why}`, complaint);
  }
}

/** By what the error has, as its class is not loaded here: the program that only serves a page needs no network code. */
function faultOf(error: unknown): TorrentFileFault {
  if (error instanceof Error && error.name === "TorrentFileError" && "fault" in error) {
    return error.fault as TorrentFileFault;
  }
  if (error instanceof Deno.errors.NotFound) return "missing";
  return error instanceof Deno.errors.TimedOut ? "silent" : "unreachable";
}

function magnetOf(link: string): Magnet {
  try {
    return parseMagnet(link);
  } catch (error) {
    if (!(error instanceof MagnetError)) throw error;
    const message = `invalid or corrupt torrent file: ${error.message}`;
    throw new RpcError(RpcCode.torrent, message, { code: "bad-link", values: {} });
  }
}

function fromBase64(text: string): Bytes {
  try {
    return fromBinaryString(atob(text));
  } catch {
    throw badTorrent("metainfo is no base64");
  }
}
