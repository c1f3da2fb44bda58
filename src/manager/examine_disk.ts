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
    return [bad("folder", text, "look whether its disk is there")];
  }
}

/** Every folder that torrents lie in, the download folder first. */
function foldersOf(entries: readonly Entry[]): (readonly string[])[] {
  const locations = new Set(["", ...entries.map(({ record }) => record.location)]);
  return [...locations].slice(0, MOST_FOLDERS).map((location) => parseLocation(location));
}

function permissions({ refused }: DiskProbe, folder: string): Finding {
  const [first] = refused;
  if (first === undefined) return ok("permissions", `files can be made in ${folder}`);
  const path = [folder, first.folder].filter((part) => part !== "").join("/");
  const more = refused.length > 1 ? ` (and ${refused.length - 1} more folders)` : "";
  const text = `no file can be made in ${path}${more}: ${first.message}`;
  return bad("permissions", text, "give the folder to the user that runs tm");
}

function space(room: DiskSpace | null, { settings, entries }: DiskPatient): Finding {
  if (room === null) return warning("space", "the system does not tell how much is free", "");
  const { reserve } = settings;
  const needed = entries.reduce(
    (sum, { record: { wanted, done } }) => sum + Math.max(0, wanted - done),
    0,
  );
  const spare = room.free - reserve;
  const text = `${formatSize(room.free)} of ${formatSize(room.total)} free, ` +
    `${formatSize(needed)} to be downloaded, ${formatSize(reserve)} to be left free`;
  if (spare >= needed) return ok("space", text);
  const advice = `make room: ${formatSize(needed - spare)} more are needed`;
  return (spare <= 0 ? bad : warning)("space", text, advice);
}

function speed({ written, writeMs, read, readMs, intact, failure }: DiskProbe): Finding {
  if (failure !== null) {
    const advice = "look at the disk, and whether the folder .tm belongs to the user that runs tm";
    return bad("disk", `the disk cannot be written: ${failure}`, advice);
  }
  if (!intact) {
    const advice = "the disk or its connection is failing: check it, and tm verify what is on it";
    return bad("disk", "the disk gives back something else than what was written", advice);
  }
  if (written === 0) return warning("disk", "too full to be measured", "make room");
  const rate = (bytes: number, ms: number) => bytes * 1000 / Math.max(1, ms);
  const [out, back] = [rate(written, writeMs), rate(read, readMs)];
  const text = `writes ${formatSize(out)}/s and reads ${formatSize(back)}/s ` +
    `(${formatSize(written)}, read from memory most likely)`;
  if (out >= SLOW) return ok("disk", text);
  return warning("disk", `slow: ${text}`, "see what else uses the disk");
}
