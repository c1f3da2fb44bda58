/** The fields of `torrent-get`: all of rpc-version 16, those of 17 and 18 that we know, and ours. */
import { binaryString } from "../../base/mod.ts";
import type { Activity, Detail, TorrentDetails, TorrentView } from "../../manager/mod.ts";
import { fileJson, fileStatsJson, priorityNumber } from "./file_fields.ts";
import type { Json } from "./json.ts";
import { byName } from "./names.ts";
import { absolute } from "./paths.ts";
import { originsJson, peerJson } from "./peer_fields.ts";
import { seconds } from "./times.ts";
import { trackerFaultJson, trackerJson, trackerList, trackerStatsJson } from "./tracker_fields.ts";

/** A torrent with the lists that its chosen fields need. */
export type FullView = TorrentView & TorrentDetails;

/** One field of a torrent. */
export interface TorrentField {
  /** As in rpc-version 16. */
  readonly name: string;
  /** The list it is made of. */
  readonly detail?: Detail;
  /** `folder` is the download folder. */
  readonly of: (torrent: FullView, folder: string) => Json;
}

/** By its number in the RPC. */
const STATUS: Readonly<Record<Activity, number>> = {
  "stopped": 0,
  "check-wait": 1,
  "checking": 2,
  "download-wait": 3,
  "downloading": 4,
  "seed-wait": 5,
  "seeding": 6,
};
const ERRORS = { "none": 0, "tracker-warning": 1, "tracker-error": 2, "local": 3 } as const;
const MODES = { session: 0, own: 1, none: 2 } as const;
const BANDWIDTH = { low: -1, normal: 0, high: 1 } as const;
/** Times left that are none: it does not apply, it cannot be told. */
const [ETA_NONE, ETA_UNKNOWN] = [-1, -2];
const NOTHING = new Uint8Array();
const [RATIO_NONE, RATIO_INFINITE] = [-1, -2];

const FIELDS: readonly TorrentField[] = [
  plain("activityDate", ({ activeAt }) => seconds(activeAt)),
  plain("addedDate", ({ addedAt }) => seconds(addedAt)),
  plain("bandwidthPriority", ({ settings }) => BANDWIDTH[settings.bandwidth]),
  plain("comment", ({ comment }) => comment),
  plain("corruptEver", ({ corrupt }) => corrupt),
  plain("creator", ({ creator }) => creator),
  plain("dateCreated", ({ createdAt }) => createdAt ?? 0),
  plain("desiredAvailable", ({ available }) => available),
  plain("doneDate", ({ doneAt }) => seconds(doneAt)),
  plain("downloadDir", ({ location }, folder) => absolute(folder, location)),
  plain("downloadedEver", ({ downloaded }) => downloaded),
  plain("downloadLimit", ({ settings }) => Math.round(settings.downloadLimit / 1000)),
  plain("downloadLimited", ({ settings }) => settings.downloadLimited),
  plain("editDate", ({ editedAt }) => seconds(editedAt)),
  plain("error", ({ trouble }) => ERRORS[trouble.kind]),
  plain("errorString", ({ trouble }) => trouble.kind === "none" ? "" : trouble.message),
  plain("eta", eta),
  plain("etaIdle", ({ etaIdle }) => etaIdle === null ? ETA_NONE : Math.round(etaIdle)),
  plain("hashString", ({ hash }) => hash),
  plain("haveUnchecked", ({ unchecked }) => unchecked),
  plain("haveValid", ({ valid }) => valid),
  plain("honorsSessionLimits", ({ settings }) => settings.honorsSession),
  plain("id", ({ id }) => id),
  plain("isFinished", ({ finished }) => finished),
  plain("isPrivate", (torrent) => torrent.private),
  plain("isStalled", ({ stalled }) => stalled),
  plain("labels", ({ settings }) => settings.labels),
  plain("leftUntilDone", ({ wanted, done }) => Math.max(0, wanted - done)),
  plain("magnetLink", ({ magnet }) => magnet),
  plain("manualAnnounceTime", manualAnnounce),
  plain("maxConnectedPeers", ({ settings }) => settings.peerLimit),
  plain("metadataPercentComplete", ({ metadata }) => metadata),
  plain("name", ({ name }) => name),
  plain("peer-limit", ({ settings }) => settings.peerLimit),
  plain("peersConnected", ({ peers }) => peers),
  plain("peersFrom", ({ origins }) => originsJson(origins)),
  plain("peersGettingFromUs", ({ peersGetting }) => peersGetting),
  plain("peersSendingToUs", ({ peersSending }) => peersSending),
  plain("percentComplete", ({ valid, size }) => part(valid, size)),
  plain("percentDone", ({ done, wanted }) => part(done, wanted)),
  plain("pieceCount", ({ pieces }) => pieces),
  plain("pieceSize", ({ pieceLength }) => pieceLength),
  plain("queuePosition", ({ position }) => position),
  plain("rateDownload", ({ downRate }) => Math.round(downRate)),
  plain("rateUpload", ({ upRate }) => Math.round(upRate)),
  plain("recheckProgress", ({ checked }) => checked),
  plain("secondsDownloading", ({ secondsDownloading }) => Math.floor(secondsDownloading)),
  plain("secondsSeeding", ({ secondsSeeding }) => Math.floor(secondsSeeding)),
  plain("seedIdleLimit", ({ settings }) => settings.idleMinutes),
  plain("seedIdleMode", ({ settings }) => MODES[settings.idleMode]),
  plain("seedRatioLimit", ({ settings }) => settings.ratio),
  plain("seedRatioMode", ({ settings }) => MODES[settings.ratioMode]),
  plain("sizeWhenDone", ({ wanted }) => wanted),
  plain("startDate", ({ startedAt }) => seconds(startedAt)),
  plain("status", ({ activity }) => STATUS[activity]),
  // there is no such file: what came from one is in the state
  plain("torrentFile", () => ""),
  plain("totalSize", ({ size }) => size),
  plain("uploadedEver", ({ uploaded }) => uploaded),
  plain("uploadLimit", ({ settings }) => Math.round(settings.uploadLimit / 1000)),
  plain("uploadLimited", ({ settings }) => settings.uploadLimited),
  plain("uploadRatio", ratio),
  plain("webseeds", ({ webseeds }) => webseeds),
  plain("webseedsSendingToUs", ({ webseedsSending }) => webseedsSending),

  listed("files", "files", ({ files }) => files?.map(fileJson)),
  listed("fileStats", "files", ({ files }) => files?.map(fileStatsJson)),
  listed("priorities", "files", ({ files }) => files?.map((file) => priorityNumber(file.priority))),
  listed("wanted", "files", ({ files }) => files?.map((file) => file.priority === "off" ? 0 : 1)),
  listed("peers", "connected", ({ connected }) => connected?.map(peerJson)),
  listed("trackers", "trackers", ({ trackers }) => trackers?.map(trackerJson)),
  listed("trackerStats", "trackers", ({ trackers }) => trackers?.map(trackerStatsJson)),
  { name: "pieces", detail: "have", of: ({ have }) => btoa(binaryString(have ?? NOTHING)) },

  // rpc-version 17 and 18
  listed("bytesCompleted", "files", ({ files }) => files?.map(({ done }) => done)),
  { name: "file-count", detail: "files", of: fileCount },
  plain("group", () => ""),
  plain("sequential_download", ({ settings }) => settings.sequential),
  {
    name: "trackerList",
    detail: "trackers",
    of: ({ trackers }) => trackerList(trackers ?? []),
  },

  // other clients' names
  { name: "fileCount", detail: "files", of: fileCount },
  plain("sequentialDownload", ({ settings }) => settings.sequential),

  // ours
  plain("firstLastPieces", ({ settings }) => settings.firstLast),
  plain("maxTotal", ({ settings }) => settings.maxTotal),
  plain("seedTimeLimit", ({ settings }) => settings.timeMinutes),
  plain("seedTimeMode", ({ settings }) => MODES[settings.timeMode]),
  plain("peersKnown", ({ known }) => known),
  plain("seedsConnected", ({ seeds }) => seeds),
  listed("trackerFaults", "trackers", ({ trackers }) => trackers?.map(trackerFaultJson)),
  { name: "why", detail: "why", of: ({ why }) => why === undefined ? null : whyJson(why) },
];

/** Every field by its name in both forms. */
export const TORRENT_FIELDS = byName(FIELDS);

function plain(name: string, of: TorrentField["of"]): TorrentField {
  return { name, of };
}

function listed(
  name: string,
  detail: Detail,
  of: (torrent: FullView) => readonly Json[] | undefined,
): TorrentField {
  return { name, detail, of: (torrent) => of(torrent) ?? [] };
}

/** Of a download, time to its end; of a seed, to its goal. */
function eta({ eta, activity, settings }: FullView): number {
  if (eta !== null) return Math.round(eta);
  const runs = activity === "downloading" ||
    (activity === "seeding" && settings.ratioMode !== "none");
  return runs ? ETA_UNKNOWN : ETA_NONE;
}

/** When trackers may be asked by hand, in seconds since 1970; -1: never. */
function manualAnnounce({ manualAnnounce }: FullView): number {
  return manualAnnounce === null ? -1 : Math.floor(Date.now() / 1000 + manualAnnounce);
}

function part(done: number, all: number): number {
  return all === 0 ? 0 : done / all;
}

/** To what was downloaded, or where that is nothing, to what is here. */
function ratio({ uploaded, downloaded, valid }: FullView): number {
  const base = downloaded > 0 ? downloaded : valid;
  if (base > 0) return uploaded / base;
  return uploaded > 0 ? RATIO_INFINITE : RATIO_NONE;
}

function fileCount({ files }: FullView): number {
  return files?.length ?? 0;
}

function whyJson({ code, values, text, causes }: NonNullable<FullView["why"]>): Json {
  return {
    code,
    values,
    text,
    causes: causes.map(({ cause, values, text, advice }) => ({ cause, values, text, advice })),
  };
}
