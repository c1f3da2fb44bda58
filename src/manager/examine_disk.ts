import { formatSize, messageOf } from "../base/mod.ts";
import type { DiskProbe, DiskSpace } from "../storage/mod.ts";
import type { Finding } from "./api.ts";
import type { Entry } from "./entry.ts";
import { bad, ok, warning } from "./finding.ts";
import { parseLocation } from "./locations.ts";
import type { ManagedDisk } from "./parts.ts";
import type { SessionSettings } from "./settings.ts";

const MIB = 1024 * 1024;
/** Written to the disk at most, in bytes and milliseconds; less says nothing. */
const PROBE_BYTES = 64 * MIB;
const LEAST_PROBE_BYTES = 8 * MIB;
const PROBE_MS = 2000;
/** Folders that are tried. */
const MOST_FOLDERS = 16;
/** Bytes a second below which a disk holds downloads up. */
const SLOW = 5 * MIB;

const ADVICE = "give the folder to the user that runs tm";

/** What of a manager has to do with its disk. */
export interface DiskPatient {
  readonly folder: string;
  readonly settings: Pick<SessionSettings, "reserve">;
  readonly disk: Pick<ManagedDisk, "space" | "probe">;
  readonly entries: readonly Entry[];
}

/** Looks at the download folder: room, speed, and whether files can be made where they belong. */
export async function examineDisk(patient: DiskPatient): Promise<Finding[]> {
  const { disk, settings, folder, entries } = patient;
  try {
    const room = await disk.space([]);
    const spare = (room?.free ?? Infinity) - settings.reserve;
    const bytes = Math.min(PROBE_BYTES, Math.floor(spare / 2 / MIB) * MIB);
    const probe = await disk.probe({
      bytes: bytes < LEAST_PROBE_BYTES ? 0 : bytes,
      ms: PROBE_MS,
      folders: foldersOf(entries),
    });
    return [permissions(probe, folder), space(room, patient), speed(probe)];
  } catch (error) {
    const text = `the download folder ${folder} cannot be used: ${messageOf(error)}`;
    const values = { path: folder };
    return [
      bad(
        { subject: "folder", code: "folder-unusable", values },
        text,
        "look whether its disk is there",
      ),
    ];
  }
}

/** Every folder that torrents lie in, the download folder first. */
function foldersOf(entries: readonly Entry[]): (readonly string[])[] {
  const locations = new Set(["", ...entries.map(({ record }) => record.location)]);
  return [...locations].slice(0, MOST_FOLDERS).map((location) => parseLocation(location));
}

function permissions({ refused }: DiskProbe, folder: string): Finding {
  const subject = "permissions";
  const [first] = refused;
  if (first === undefined) {
    const values = { path: folder };
    return ok({ subject, code: "files-made", values }, `files can be made in ${folder}`);
  }
  const path = [folder, first.folder].filter((part) => part !== "").join("/");
  const more = refused.length > 1 ? ` (and ${refused.length - 1} more folders)` : "";
  const text = `no file can be made in ${path}${more}: ${first.message}`;
  const values = { path, count: refused.length };
  return bad({ subject, code: "files-refused", values }, text, ADVICE);
}

function space(room: DiskSpace | null, { settings, entries }: DiskPatient): Finding {
  const subject = "space";
  if (room === null) {
    const text = "the system does not tell how much is free";
    return warning({ subject, code: "space-unknown", values: {} }, text, "");
  }
  const { reserve } = settings;
  const needed = entries.reduce(
    (sum, { record: { wanted, done } }) => sum + Math.max(0, wanted - done),
    0,
  );
  const spare = room.free - reserve;
  const text = `${formatSize(room.free)} of ${formatSize(room.total)} free, ` +
    `${formatSize(needed)} to be downloaded, ${formatSize(reserve)} to be left free`;
  const values = {
    freeBytes: room.free,
    totalBytes: room.total,
    neededBytes: needed,
    reserveBytes: reserve,
  };
  if (spare >= needed) return ok({ subject, code: "space-enough", values }, text);
  const lackingBytes = needed - spare;
  const advice = `make room: ${formatSize(lackingBytes)} more are needed`;
  const short = { subject, code: "space-short", values: { ...values, lackingBytes } } as const;
  return (spare <= 0 ? bad : warning)(short, text, advice);
}

function speed({ written, writeMs, read, readMs, intact, failure }: DiskProbe): Finding {
  const subject = "disk";
  if (failure !== null) {
    const advice = "look at the disk, and whether the folder .tm belongs to the user that runs tm";
    const text = `the disk cannot be written: ${failure}`;
    return bad({ subject, code: "disk-unwritable", values: {} }, text, advice);
  }
  if (!intact) {
    const advice = "the disk or its connection is failing: check it, and tm verify what is on it";
    const text = "the disk gives back something else than what was written";
    return bad({ subject, code: "disk-corrupts", values: {} }, text, advice);
  }
  if (written === 0) {
    const text = "too full to be measured";
    return warning({ subject, code: "disk-full", values: {} }, text, "make room");
  }
  const rate = (bytes: number, ms: number) => bytes * 1000 / Math.max(1, ms);
  const [out, back] = [rate(written, writeMs), rate(read, readMs)];
  const text = `writes ${formatSize(out)}/s and reads ${formatSize(back)}/s ` +
    `(${formatSize(written)}, read from memory most likely)`;
  const values = { bytes: written, writeRate: out, readRate: back };
  if (out >= SLOW) return ok({ subject, code: "disk-fast", values }, text);
  const slow = { subject, code: "disk-slow", values } as const;
  return warning(slow, `slow: ${text}`, "see what else uses the disk");
}
