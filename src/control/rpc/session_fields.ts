/** The fields of `session-get` and `session-set`: all of rpc-version 16, those of 17 and 18 that we know, and ours. */
import type { Lack, Schedule, SessionSettings, SessionView } from "../../manager/mod.ts";
import {
  aBoolean,
  anInteger,
  aNumber,
  type Arguments,
  aSize,
  aSpeed,
  aText,
  aWord,
  type Reader,
} from "./arguments.ts";
import type { CallContext } from "./call.ts";
import type { Json } from "./json.ts";
import { absolute, below } from "./paths.ts";

/** What of the schedule a field sets. */
type SchedulePart = Partial<Schedule>;

/** One field of the session. */
export interface SessionField {
  /** As in rpc-version 16. */
  readonly name: string;
  readonly of: (session: SessionView, context: CallContext) => Json;
  /** What setting it changes. Not given: setting it is passed over, as Transmission does with what cannot be set. */
  readonly change?: (
    args: Arguments,
    session: SessionView,
  ) => { readonly settings?: Partial<SessionSettings>; readonly schedule?: SchedulePart };
}

const UNITS = {
  "memory-bytes": 1024,
  "memory-units": ["KiB", "MiB", "GiB", "TiB"],
  "size-bytes": 1000,
  "size-units": ["kB", "MB", "GB", "TB"],
  "speed-bytes": 1000,
  "speed-units": ["kB/s", "MB/s", "GB/s", "TB/s"],
};
/** In this order: who sets `tolerated` wants that, and not none. */
const ENCRYPTION = ["prefer", "require", "tolerate"] as const;
const ENCRYPTION_WORDS = {
  prefer: "preferred",
  require: "required",
  tolerate: "tolerated",
  off: "tolerated",
} as const;
const aMinute = anInteger(0, 24 * 60 - 1);
const minutes = anInteger(0, 65_535);
const count = anInteger(0, 65_535);

/** Every field, in the order of their names. */
export const SESSION_FIELDS: readonly SessionField[] = [
  speed("alt-speed-down", "altDownloadLimit"),
  {
    ...setting("alt-speed-enabled", "altEnabled", aBoolean),
    of: ({ alternative }) => alternative,
  },
  scheduled("alt-speed-time-begin", "begin", aMinute),
  scheduled("alt-speed-time-day", "days", anInteger(0, 127)),
  scheduled("alt-speed-time-enabled", "enabled", aBoolean),
  scheduled("alt-speed-time-end", "end", aMinute),
  speed("alt-speed-up", "altUploadLimit"),
  setting("blocklist-enabled", "filterEnabled", aBoolean),
  fixed("blocklist-size", ({ filterRules }) => filterRules),
  setting("blocklist-url", "filterUrl", aText),
  fixed("cache-size-mb", () => 0),
  fixed("config-dir", ({ folder }) => absolute(folder, ".tm")),
  toggle("dht-enabled", "dht"),
  {
    name: "download-dir",
    of: ({ folder, settings }) => absolute(folder, settings.location),
    change: (args, { folder }) => {
      const path = args.read("download-dir", aText);
      return path === undefined ? {} : { settings: { location: below(folder, path) } };
    },
  },
  fixed("download-dir-free-space", ({ free }) => free ?? -1),
  setting("download-queue-enabled", "downloadQueueEnabled", aBoolean),
  setting("download-queue-size", "downloadQueueSize", count),
  {
    name: "encryption",
    // it has no word for none at all
    of: ({ settings }) => ENCRYPTION_WORDS[settings.encryption],
    change: (args) => {
      const word = args.read("encryption", aWord(Object.values(ENCRYPTION_WORDS)));
      const encryption = ENCRYPTION.find((policy) => ENCRYPTION_WORDS[policy] === word);
      return encryption === undefined ? {} : { settings: { encryption } };
    },
  },
  setting("idle-seeding-limit", "idleMinutes", minutes),
  setting("idle-seeding-limit-enabled", "idleEnabled", aBoolean),
  fixed("incomplete-dir", ({ folder, settings }) => absolute(folder, settings.location)),
  fixed("incomplete-dir-enabled", () => false),
  toggle("lpd-enabled", "lsd"),
  setting("peer-limit-global", "peerLimitGlobal", anInteger(1, 65_535)),
  setting("peer-limit-per-torrent", "peerLimitTorrent", anInteger(1, 10_000)),
  fixed("peer-port", ({ port }) => port ?? 0),
  fixed("peer-port-random-on-start", () => false),
  toggle("pex-enabled", "pex"),
  toggle("port-forwarding-enabled", "portMapping"),
  setting("queue-stalled-enabled", "stalledEnabled", aBoolean),
  setting("queue-stalled-minutes", "stalledMinutes", minutes),
  fixed("rename-partial-files", () => false),
  fixed("rpc-version", (_, { dialect }) => dialect === "legacy" ? 16 : 18),
  fixed("rpc-version-minimum", () => 14),
  // nothing is ever run
  fixed("script-torrent-done-enabled", () => false),
  fixed("script-torrent-done-filename", () => ""),
  setting("seed-queue-enabled", "seedQueueEnabled", aBoolean),
  setting("seed-queue-size", "seedQueueSize", count),
  setting("seedRatioLimit", "ratio", aNumber),
  setting("seedRatioLimited", "ratioEnabled", aBoolean),
  fixed("session-id", (_, { sessionId }) => sessionId),
  speed("speed-limit-down", "downloadLimit"),
  setting("speed-limit-down-enabled", "downloadLimited", aBoolean),
  speed("speed-limit-up", "uploadLimit"),
  setting("speed-limit-up-enabled", "uploadLimited", aBoolean),
  setting("start-added-torrents", "startAdded", aBoolean),
  setting("trash-original-torrent-files", "trashTorrents", aBoolean),
  fixed("units", () => UNITS),
  toggle("utp-enabled", "utp"),
  fixed(
    "version",
    (_, { version, dialect }) =>
      `${dialect === "legacy" ? "3.00" : "4.1.0"} (TorrentManager ${version})`,
  ),

  // rpc-version 17 and 18
  fixed("default-trackers", () => ""),
  fixed(
    "preferred-transports",
    (session) => (["tcp", "utp"] as const).filter((each) => holds(session, each)),
  ),
  fixed("rpc-version-semver", (_, { dialect }) => dialect === "legacy" ? "5.2.0" : "6.0.0"),
  fixed("script-torrent-added-enabled", () => false),
  fixed("script-torrent-added-filename", () => ""),
  fixed("script-torrent-done-seeding-enabled", () => false),
  fixed("script-torrent-done-seeding-filename", () => ""),
  fixed("tcp-enabled", (session) => holds(session, "tcp")),

  // ours
  fixed("lacks", ({ lacks }) => lacks),
  setting("max-day", "maxDay", aSize),
  setting("max-month", "maxMonth", aSize),
  setting("max-total", "maxTotal", aSize),
  setting("reserve", "reserve", aSize),
  setting("seed-time-limit", "timeMinutes", minutes),
  setting("seed-time-limit-enabled", "timeEnabled", aBoolean),
];

function fixed(name: string, of: SessionField["of"]): SessionField {
  return { name, of };
}

/** Bytes a second, which the RPC counts in thousands. */
function speed(
  name: string,
  key: "altDownloadLimit" | "altUploadLimit" | "downloadLimit" | "uploadLimit",
): SessionField {
  const field = setting(name, key, aSpeed);
  return { ...field, of: ({ settings }) => Math.round(settings[key] / 1000) };
}

/** A setting that the RPC shows as it is. */
function setting<K extends Exclude<keyof SessionSettings, "schedule">>(
  name: string,
  key: K,
  read: Reader<SessionSettings[K]>,
): SessionField {
  return {
    name,
    of: ({ settings }) => settings[key],
    change: (args) => {
      const value = args.read(name, read);
      return value === undefined ? {} : { settings: { [key]: value } };
    },
  };
}

/** A switch, shown as off where the program was started without what it switches. */
function toggle(name: string, key: Exclude<Lack, "tcp">): SessionField {
  return { ...setting(name, key, aBoolean), of: (session) => holds(session, key) };
}

function holds({ settings, lacks }: SessionView, key: Lack): boolean {
  if (lacks.includes(key)) return false;
  // without TCP there is nothing but uTP
  return key === "tcp" || settings[key] || (key === "utp" && lacks.includes("tcp"));
}

function scheduled<K extends keyof Schedule>(
  name: string,
  key: K,
  read: Reader<Schedule[K]>,
): SessionField {
  return {
    name,
    of: ({ settings }) => settings.schedule[key],
    change: (args) => {
      const value = args.read(name, read);
      return value === undefined ? {} : { schedule: { [key]: value } };
    },
  };
}
