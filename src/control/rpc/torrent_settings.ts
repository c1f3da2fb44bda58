/** What `torrent-set` and `torrent-add` change, as patches of the manager. */
import type { GoalMode, TorrentPatch, TorrentSettings } from "../../manager/mod.ts";
import {
  aBoolean,
  aChoice,
  aList,
  anInteger,
  aNumber,
  type Arguments,
  aSize,
  aSpeed,
  aText,
  type Reader,
} from "./arguments.ts";
import { RpcCode, RpcError } from "./rpc_error.ts";

const MODES: Readonly<Record<number, GoalMode>> = { 0: "session", 1: "own", 2: "none" };
const BANDWIDTH = { [-1]: "low", 0: "normal", 1: "high" } as const;
const MAX_LABELS = 64;
const MAX_LABEL = 200;

/** One setting: its name in the RPC, which one it is, how it is read. */
interface Setting<K extends keyof TorrentSettings = keyof TorrentSettings> {
  readonly name: string;
  readonly key: K;
  readonly read: Reader<TorrentSettings[K]>;
}

const SETTINGS: readonly Setting[] = [
  setting("bandwidthPriority", "bandwidth", aChoice(BANDWIDTH)),
  setting("downloadLimit", "downloadLimit", aSpeed),
  setting("downloadLimited", "downloadLimited", aBoolean),
  setting("honorsSessionLimits", "honorsSession", aBoolean),
  setting("labels", "labels", labels),
  setting("peer-limit", "peerLimit", anInteger(1, 10_000)),
  setting("seedIdleLimit", "idleMinutes", anInteger(0, 65_535)),
  setting("seedIdleMode", "idleMode", aChoice(MODES)),
  setting("seedRatioLimit", "ratio", aNumber),
  setting("seedRatioMode", "ratioMode", aChoice(MODES)),
  setting("sequentialDownload", "sequential", aBoolean),
  setting("uploadLimit", "uploadLimit", aSpeed),
  setting("uploadLimited", "uploadLimited", aBoolean),
  setting("firstLastPieces", "firstLast", aBoolean),
  setting("maxTotal", "maxTotal", aSize),
  setting("seedTimeLimit", "timeMinutes", anInteger(0, 65_535)),
  setting("seedTimeMode", "timeMode", aChoice(MODES)),
];

/** The settings among the arguments. */
export function settingsPatch(args: Arguments): TorrentPatch {
  const pairs = SETTINGS.flatMap(({ name, key, read }) => {
    const value = args.read<unknown>(name, read);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(pairs);
}

/** Trackers and the place in the queue, which only `torrent-set` changes. */
export function placePatch(args: Arguments): TorrentPatch {
  const position = args.read("queuePosition", anInteger(0, 1_000_000));
  const trackers = args.read("trackerList", tiers);
  const addTrackers = args.read("trackerAdd", aList(aUrl));
  const removeTrackers = args.read("trackerRemove", aList(aTrackerId));
  const replaceTrackers = args.read("trackerReplace", replacements);
  return {
    ...(position !== undefined && { position }),
    ...(trackers !== undefined && { trackers }),
    ...(addTrackers !== undefined && { addTrackers }),
    ...(removeTrackers !== undefined && { removeTrackers }),
    ...(replaceTrackers !== undefined && { replaceTrackers }),
  };
}

function setting<K extends keyof TorrentSettings>(
  name: string,
  key: K,
  read: Reader<TorrentSettings[K]>,
): Setting {
  return { name, key, read };
}

const aTrackerId = anInteger(0, Number.MAX_SAFE_INTEGER);

const aUrl: Reader<string> = (value, name) => {
  const text = aText(value, name);
  const url = URL.parse(text);
  if (url !== null && ["http:", "https:", "udp:"].includes(url.protocol)) return text;
  const message = `Expected http, https or udp URLs for ${name}`;
  const values = { name: text.slice(0, 200) };
  throw new RpcError(RpcCode.trackers, message, { code: "tracker-url", values });
};

/** In order, each once. Transmission has the same two rules. */
function labels(value: unknown, name: string): readonly string[] {
  const given = aList(aText)(value, name).map((label) => label.trim());
  if (given.includes("")) throw new RpcError(RpcCode.params, "labels cannot be empty strings");
  if (given.some((label) => label.includes(","))) {
    const message = "labels cannot contain comma (,) character";
    throw new RpcError(RpcCode.params, message, { code: "label-comma", values: {} });
  }
  const each = [...new Set(given)];
  if (each.length <= MAX_LABELS && each.every(({ length }) => length <= MAX_LABEL)) return each;
  const message = `at most ${MAX_LABELS} labels of ${MAX_LABEL} characters`;
  const values = { count: MAX_LABELS };
  throw new RpcError(RpcCode.params, message, { code: "too-many-labels", values });
}

/** One URL a line, an empty line between tiers. */
function tiers(value: unknown, name: string): string[][] {
  if (typeof value !== "string") throw new RpcError(RpcCode.trackers, "Invalid tracker list");
  const out: string[][] = [[]];
  for (const line of value.split(/\r?\n/, 10_000).map((line) => line.trim())) {
    if (line !== "") out.at(-1)?.push(aUrl(line, name));
    else if (out.at(-1)?.length !== 0) out.push([]);
  }
  return out.filter(({ length }) => length > 0);
}

/** Numbers and URLs in turn, or in pairs. */
function replacements(value: unknown, name: string): { id: number; url: string }[] {
  const flat = aList((entry: unknown) => entry)(value, name).flat();
  const out = [];
  for (let at = 0; at < flat.length; at += 2) {
    out.push({ id: aTrackerId(flat[at], name), url: aUrl(flat[at + 1], name) });
  }
  return out;
}
