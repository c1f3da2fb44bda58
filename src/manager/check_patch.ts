/** What may be set, checked: by number, by text, by choice. Throws `UsageError`. */
import type { UsageError } from "../base/mod.ts";
import { refused } from "./complaint.ts";
import { parseLocation } from "./locations.ts";
import type { SessionPatch, SessionSettings, TorrentPatch, TorrentSettings } from "./settings.ts";

type Check = (value: unknown, name: string) => unknown;

const MOST_BYTES = Number.MAX_SAFE_INTEGER;
const MOST_MINUTES = 10 * 366 * 24 * 60;
const MOST_DECIMAL = 1e9;
const MOST_LABELS = 64;
const MOST_LABEL_LENGTH = 200;

const bytes = whole(0, MOST_BYTES);
const minutes = whole(0, MOST_MINUTES);
const mode = oneOf("session", "own", "none");

const TORRENT: Readonly<Record<keyof TorrentSettings, Check>> = {
  downloadLimit: bytes,
  downloadLimited: flag,
  uploadLimit: bytes,
  uploadLimited: flag,
  honorsSession: flag,
  bandwidth: oneOf("low", "normal", "high"),
  peerLimit: whole(1, 10_000),
  ratioMode: mode,
  ratio: decimal,
  idleMode: mode,
  idleMinutes: minutes,
  timeMode: mode,
  timeMinutes: minutes,
  labels,
  sequential: flag,
  firstLast: flag,
  maxTotal: bytes,
};

const SESSION: Readonly<Record<keyof SessionSettings, Check>> = {
  downloadLimit: bytes,
  downloadLimited: flag,
  uploadLimit: bytes,
  uploadLimited: flag,
  altDownloadLimit: bytes,
  altUploadLimit: bytes,
  altEnabled: flag,
  schedule,
  downloadQueueEnabled: flag,
  downloadQueueSize: whole(0, 100_000),
  seedQueueEnabled: flag,
  seedQueueSize: whole(0, 100_000),
  stalledEnabled: flag,
  stalledMinutes: minutes,
  ratioEnabled: flag,
  ratio: decimal,
  idleEnabled: flag,
  idleMinutes: minutes,
  timeEnabled: flag,
  timeMinutes: minutes,
  startAdded: flag,
  trashTorrents: flag,
  location: (value, name) => parseLocation(text(4096)(value, name)).join("/"),
  peerLimitGlobal: whole(1, 100_000),
  peerLimitTorrent: whole(1, 10_000),
  dht: flag,
  pex: flag,
  lsd: flag,
  portMapping: flag,
  utp: flag,
  encryption: oneOf("prefer", "tolerate", "require", "off"),
  filterEnabled: flag,
  filterUrl: text(2048),
  maxTotal: bytes,
  maxDay: bytes,
  maxMonth: bytes,
  reserve: bytes,
};

/** `settings` with what a patch changes; what else a {@linkcode TorrentPatch} holds is not for here. */
export function patchTorrent(settings: TorrentSettings, patch: TorrentPatch): TorrentSettings {
  return patched(settings, patch, TORRENT);
}

/** `settings` with what a patch changes. */
export function patchSession(settings: SessionSettings, patch: SessionPatch): SessionSettings {
  return patched(settings, patch, SESSION);
}

/** A place in the queue, when one is given. Throws `UsageError`. */
export function checkPosition(position: number | undefined): void {
  if (position !== undefined) whole(0, Number.MAX_SAFE_INTEGER)(position, "position");
}

function patched<T extends object>(
  settings: T,
  patch: Partial<T>,
  checks: Readonly<Record<keyof T, Check>>,
): T {
  const out: T = { ...settings };
  for (const key of Object.keys(checks) as (keyof T & string)[]) {
    const value = patch[key];
    if (value !== undefined) out[key] = checks[key](value, key) as T[typeof key];
  }
  return out;
}

function bad(message: string): UsageError {
  return refused({ code: "bad-value", values: {} }, message);
}

function flag(value: unknown, name: string): boolean {
  if (typeof value !== "boolean") throw bad(`Expected true or false for ${name}`);
  return value;
}

function whole(least: number, most: number): Check {
  return (value, name) => {
    if (typeof value === "number" && value >= least && value <= most) return Math.round(value);
    const message = `Expected a number from ${least} to ${most} for ${name}`;
    throw refused({ code: "out-of-range", values: { least, most } }, message);
  };
}

function decimal(value: unknown, name: string): number {
  if (typeof value === "number" && value >= 0 && value <= MOST_DECIMAL) return value;
  const values = { least: 0, most: MOST_DECIMAL };
  throw refused({ code: "out-of-range", values }, `Expected a number of 0 or more for ${name}`);
}

function oneOf(...choices: readonly string[]): Check {
  return (value, name) => {
    if (typeof value === "string" && choices.includes(value)) return value;
    throw bad(`Expected ${choices.join(", ")} for ${name}`);
  };
}

function text(most: number): (value: unknown, name: string) => string {
  return (value, name) => {
    if (typeof value === "string" && value.length <= most) return value;
    const message = `Expected a text of at most ${most} characters for ${name}`;
    throw refused({ code: "text-too-long", values: { count: most } }, message);
  };
}

function labels(value: unknown, name: string): readonly string[] {
  const isList = Array.isArray(value) && value.length <= MOST_LABELS;
  if (!isList) {
    const message = `Expected at most ${MOST_LABELS} labels for ${name}`;
    throw refused({ code: "too-many-labels", values: { count: MOST_LABELS } }, message);
  }
  const out = new Set<string>();
  for (const label of value) {
    const trimmed = text(MOST_LABEL_LENGTH)(label, name).trim();
    if (trimmed === "" || trimmed.includes(",")) {
      const message = `Expected labels without commas for ${name}`;
      throw refused({ code: "label-comma", values: {} }, message);
    }
    out.add(trimmed);
  }
  return [...out];
}

function schedule(value: unknown, name: string): SessionSettings["schedule"] {
  const given = value as SessionSettings["schedule"] | null;
  if (given === null || typeof given !== "object") {
    throw bad(`Expected a schedule for ${name}`);
  }
  return {
    enabled: flag(given.enabled, name),
    begin: whole(0, 1439)(given.begin, name) as number,
    end: whole(0, 1439)(given.end, name) as number,
    days: whole(0, 127)(given.days, name) as number,
  };
}
