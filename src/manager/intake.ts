import { type InfoHash, infoHash, toHex } from "../base/mod.ts";
import {
  encodeMagnet,
  geometryOf,
  type Metainfo,
  nameRules,
  parseMetainfo,
} from "../metainfo/mod.ts";
import { placed, type Rename, rename, rootOf } from "../session/mod.ts";
import type { StateDb } from "../storage/mod.ts";
import type { NewTorrent } from "./api.ts";
import { checkPosition, patchTorrent } from "./check_patch.ts";
import { TORRENT_DEFAULTS } from "./defaults.ts";
import { editTrackers } from "./edit_trackers.ts";
import { changesOf } from "./file_wishes.ts";
import { parseLocation } from "./locations.ts";
import { factsOf, newRecord, NO_FACTS, type TorrentRecord } from "./record.ts";
import type { SessionSettings } from "./settings.ts";

/** A torrent that was read and checked, not yet taken in. */
export interface Intake {
  readonly infoHash: InfoHash;
  readonly record: TorrentRecord;
  /** Null: of a link only. */
  readonly metainfo: Metainfo | null;
  /** Keeps its torrent file, once it is known that it is taken in. */
  keep(state: StateDb): void;
}

/** Reads a torrent somebody gives; `date` is milliseconds since 1970. Rejects as `ManagerApi.add` does. */
export async function takeIn(
  given: NewTorrent,
  session: SessionSettings,
  date: number,
): Promise<Intake> {
  const { torrent, paused = !session.startAdded, location = session.location } = given;
  const settings = patchTorrent(
    { ...TORRENT_DEFAULTS, peerLimit: session.peerLimitTorrent },
    given.settings ?? {},
  );
  const edits = given.settings ?? {};
  checkPosition(edits.position);
  const common = {
    location: parseLocation(location).join("/"),
    goal: paused ? "stop" : "run",
    settings,
    peers: given.peers ?? [],
  } as const;
  if (!(torrent instanceof Uint8Array)) {
    const hash = infoHash(torrent.infoHash);
    const magnet = encodeMagnet({ ...torrent, infoHash: hash });
    const facts = { ...NO_FACTS, link: magnet, webseeds: torrent.webseeds };
    changesOf(null, edits.filePriorities ?? []);
    const trackers = editTrackers(torrent.trackers.map((url) => [url]), edits);
    const fresh = newRecord(torrent.name ?? toHex(hash), date);
    const record = { ...fresh, ...common, trackers, magnet, facts };
    return { infoHash: hash, record, metainfo: null, keep: () => {} };
  }
  const metainfo = await parseMetainfo(torrent, nameRules(Deno.build.os));
  changesOf(metainfo.files, edits.filePriorities ?? []);
  const trackers = editTrackers(metainfo.trackers, edits);
  const record = { ...newRecord(metainfo.name, date), ...common, trackers, ...known(metainfo) };
  return {
    infoHash: metainfo.infoHash,
    record,
    metainfo,
    keep: (state) => keepTorrent(state, metainfo, torrent, record),
  };
}

/** What a record says once the torrent file is known. */
export function known(
  metainfo: Metainfo,
  renames: readonly Rename[] = [],
): Pick<TorrentRecord, "name" | "magnet" | "size" | "wanted" | "facts"> {
  const { totalLength, trackers } = metainfo;
  const name = nameOf(metainfo, renames);
  const { infoHash, infoHashV1, infoHashV2 } = metainfo;
  const link = encodeMagnet({
    infoHash,
    infoHashV1,
    infoHashV2,
    name: metainfo.name,
    trackers: trackers.flat(),
  });
  return {
    name,
    magnet: null,
    size: totalLength,
    wanted: totalLength,
    facts: factsOf(metainfo, link),
  };
}

/** What a torrent's file or folder is called after renames. */
export function nameOf({ files }: Metainfo, renames: readonly Rename[]): string {
  return rootOf(rename(files, renames), {});
}

/** The record of a torrent of which only the file is left. */
export async function recovered(torrent: Uint8Array<ArrayBuffer>, date: number) {
  const options = { layersMissing: true };
  const metainfo = await parseMetainfo(torrent, nameRules(Deno.build.os), options);
  const record = { ...newRecord(metainfo.name, date), ...known(metainfo), goal: "run" as const };
  return { infoHash: metainfo.infoHash, record };
}

function keepTorrent(
  state: StateDb,
  metainfo: Metainfo,
  torrent: Uint8Array<ArrayBuffer>,
  { location, renames }: TorrentRecord,
): void {
  const options = { location: parseLocation(location), renames };
  const root = rootOf(placed(metainfo.files, options), options);
  const { pieceCount } = geometryOf(metainfo);
  state.add(metainfo.infoHash, root, pieceCount, torrent);
}
