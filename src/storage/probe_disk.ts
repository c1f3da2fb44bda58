import { type Bytes, messageOf } from "../base/mod.ts";
import { asDiskError } from "./disk_error.ts";
import { Breather } from "./breather.ts";
import type { FileSystem, OpenFile } from "./file_system.ts";
import { SafePaths } from "./safe_paths.ts";
import { stateFile } from "./state_folder.ts";

/** Written at a time, and between two syncs. */
const CHUNK = 1024 * 1024;
const SYNC_EACH = 8 * CHUNK;
const PROBE = "probe.tmp";

/** What to try on a disk. */
export interface ProbeRequest {
  /** Bytes to write at most; 0: none. */
  readonly bytes: number;
  /** Milliseconds for the writing, and for the reading, at most; what is being synced by then is waited for. */
  readonly ms: number;
  /** Folders, by components below the download folder, in which files are to be made. Those that are not there are passed over. */
  readonly folders: readonly (readonly string[])[];
}

/** How a disk did. */
export interface DiskProbe {
  /** Bytes written and synced, and the milliseconds that took. */
  readonly written: number;
  readonly writeMs: number;
  /** Bytes read again, most likely from the system's memory, and the milliseconds that took. */
  readonly read: number;
  readonly readMs: number;
  /** What was read is what was written. */
  readonly intact: boolean;
  /** What went wrong with it; null: nothing. */
  readonly failure: string | null;
  /** Folders in which no file can be made, and why. */
  readonly refused: readonly { readonly folder: string; readonly message: string }[];
}

/** Writes, syncs and reads a file in tm's own folder, and makes one in each of some folders. All of them are removed again. */
export async function probeDisk(
  folder: string,
  system: FileSystem,
  { bytes, ms, folders }: ProbeRequest,
): Promise<DiskProbe> {
  const refused = folders.flatMap((components) => tryFolder(folder, system, components) ?? []);
  const nothing = { written: 0, writeMs: 0, read: 0, readMs: 0, intact: true, failure: null };
  if (bytes === 0) return { ...nothing, refused };
  try {
    return { ...await tryFile(stateFile(folder, PROBE), system, bytes, ms), refused };
  } catch (error) {
    return { ...nothing, failure: messageOf(asDiskError(error, folder)), refused };
  }
}

async function tryFile(
  path: string,
  system: FileSystem,
  bytes: number,
  ms: number,
): Promise<Omit<DiskProbe, "refused">> {
  // one that a kill left
  if (system.info(path) !== null) system.remove(path);
  const data = noise();
  const breather = new Breather();
  try {
    let written = 0;
    const began = performance.now();
    const out = system.open(path, "create");
    try {
      while (written < bytes && performance.now() - began < ms) {
        stamp(data, written);
        out.writeAt(data, written);
        written += CHUNK;
        if (written % SYNC_EACH === 0) await out.sync();
        await breather.pause();
      }
      await out.sync();
    } finally {
      out.close();
    }
    const writeMs = performance.now() - began;
    const again = await compare(system.open(path, "read"), data, written, ms);
    return { written, writeMs, ...again, failure: null };
  } finally {
    if (system.info(path) !== null) system.remove(path);
  }
}

async function compare(
  file: OpenFile,
  data: Bytes,
  bytes: number,
  ms: number,
): Promise<Pick<DiskProbe, "read" | "readMs" | "intact">> {
  const breather = new Breather();
  const into = new Uint8Array(CHUNK);
  let [read, readMs, intact] = [0, 0, true];
  try {
    while (intact && read < bytes && readMs < ms) {
      stamp(data, read);
      const began = performance.now();
      const count = file.readAt(into, read);
      readMs += performance.now() - began;
      intact = count === CHUNK && same(into, data);
      read += CHUNK;
      await breather.pause();
    }
    return { read, readMs, intact };
  } finally {
    file.close();
  }
}

/** What no file system can make smaller. */
function noise(): Bytes {
  const data = new Uint8Array(CHUNK);
  // that much at a time is given
  for (let at = 0; at < CHUNK; at += 65_536) {
    crypto.getRandomValues(data.subarray(at, at + 65_536));
  }
  return data;
}

/** No two chunks are the same. */
function stamp(data: Bytes, at: number): void {
  new DataView(data.buffer).setFloat64(0, at);
}

function same(a: Bytes, b: Bytes): boolean {
  const [first, second] = [new Uint32Array(a.buffer), new Uint32Array(b.buffer)];
  for (let i = 0; i < first.length; i++) if (first[i] !== second[i]) return false;
  return true;
}

function tryFolder(
  folder: string,
  system: FileSystem,
  components: readonly string[],
): DiskProbe["refused"][number] | null {
  const name = `.${crypto.randomUUID()}.tmp`;
  const shown = components.join("/");
  try {
    const paths = new SafePaths(folder, system);
    const file = [...components, name];
    const path = paths.text(file);
    // the way there may lead through folders only
    paths.look(file);
    if (system.info([folder, ...components].join("/")) === null) return null;
    system.open(path, "create").close();
    system.remove(path);
    return null;
  } catch (error) {
    return { folder: shown, message: messageOf(asDiskError(error, folder)) };
  }
}
