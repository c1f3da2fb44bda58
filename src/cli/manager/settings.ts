/** The settings of a manager that `tm session` shows and sets; speeds and goals are `tm limit`'s. */
import { UsageError } from "../../base/mod.ts";
import { json, type JsonObject } from "../../remote/mod.ts";
import type { Reader } from "../option.ts";
import { choice, text } from "../option_values.ts";
import { formatSize } from "../units.ts";
import { onOff, size } from "./option_values.ts";

/** One setting. */
export interface Setting {
  /** As it is typed. */
  readonly name: string;
  /** The RPC's name; a manager that has none does not know the setting. */
  readonly key: string;
  readonly help: string;
  show(session: JsonObject): string;
  /** `session-set` for a value that was typed. */
  change(value: string): JsonObject;
}

/** All of them, in the order they are shown. */
export const SETTINGS: readonly Setting[] = [
  plain("download-dir", "download-dir", "where new torrents go", text, json.text),
  toggle("start-added", "start-added-torrents", "new torrents start by themselves"),
  bounded("download-queue", "download-queue-enabled", "download-queue-size", "downloads at a time"),
  bounded("seed-queue", "seed-queue-enabled", "seed-queue-size", "seeds at a time"),
  bounded(
    "stalled",
    "queue-stalled-enabled",
    "queue-stalled-minutes",
    "idle minutes to lose a place",
  ),
  numeric("peer-limit", "peer-limit-global", 1, "peers of all torrents"),
  numeric("peer-limit-torrent", "peer-limit-per-torrent", 1, "peers of a torrent"),
  numeric("port", "peer-port", 0, "where peers connect"),
  toggle("port-mapping", "port-forwarding-enabled", "ask the router to open it"),
  toggle("dht", "dht-enabled", "find peers by the DHT"),
  toggle("pex", "pex-enabled", "find peers by peers"),
  toggle("lsd", "lpd-enabled", "find peers near by"),
  toggle("utp", "utp-enabled", "connections over UDP"),
  plain(
    "encryption",
    "encryption",
    "required, preferred or tolerated",
    choice(["required", "preferred", "tolerated"] as const),
    json.text,
  ),
  toggle("ip-filter", "blocklist-enabled", "keep addresses of a list away"),
  plain("ip-filter-url", "blocklist-url", "where the list is", text, json.text),
  toggle("delete-torrent-files", "trash-original-torrent-files", "of the watch folder, once added"),
  {
    name: "reserve",
    key: "reserve",
    help: "bytes that stay free on the disk",
    show: (session) => formatSize(json.count(session, "reserve")),
    change: (value) => ({ reserve: size(value, "reserve=") ?? 0 }),
  },
];

/** Reads `NAME=VALUE`. Throws `UsageError`. */
export function splitSetting(word: string): [name: string, value: string] {
  const equals = word.indexOf("=");
  if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
  throw new UsageError(`Expected NAME=VALUE, got ${word}`);
}

function plain<T>(
  name: string,
  key: string,
  help: string,
  read: Reader<T>,
  get: (session: JsonObject, key: string) => string,
): Setting {
  return {
    name,
    key,
    help,
    show: (session) => get(session, key),
    change: (value) => ({ [key]: read(value, `${name}=`) }),
  };
}

function toggle(name: string, key: string, help: string): Setting {
  return plain(
    name,
    key,
    help,
    onOff,
    (session, own) => json.flag(session, own) ? "on" : "off",
  );
}

function numeric(name: string, key: string, least: number, help: string): Setting {
  const read = wholeNumber(least);
  return plain(name, key, help, read, (session, own) => String(json.count(session, own)));
}

/** A number with a switch: a value turns it on, `off` off. */
function bounded(name: string, enabled: string, key: string, help: string): Setting {
  return {
    name,
    key,
    help,
    show: (session) => json.flag(session, enabled) ? String(json.count(session, key)) : "off",
    change: (value) =>
      value === "off"
        ? { [enabled]: false }
        : { [enabled]: true, [key]: wholeNumber(0)(value, `${name}=`) },
  };
}

function wholeNumber(least: number): Reader<number> {
  return (value, name) => {
    const number = Number(value);
    if (/^\d{1,5}$/.test(value) && number >= least && number <= 65_535) return number;
    throw new UsageError(`Expected a whole number from ${least} to 65535 after ${name}`);
  };
}
