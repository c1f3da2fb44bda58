/** Which files of a torrent are wanted and how much, in the manager's numbers and the session's. */
import { StorageError } from "../base/mod.ts";
import {
  chooseFiles,
  filePriorities,
  type FilePriorityChange,
  geometryOf,
  type Metainfo,
  type TorrentFile,
} from "../metainfo/mod.ts";
import type { FilePriority, SessionControl } from "../session/mod.ts";
import type { StateDb } from "../storage/mod.ts";
import { refused } from "./complaint.ts";
import type { Entry } from "./entry.ts";
import type { TorrentRecord } from "./record.ts";
import type { FilePatch } from "./settings.ts";

const MOST_FILES = 1_000_000;

/**
 * Patches, whose numbers leave padding files out, as the session takes them. Without `files`, of a link whose metadata
 * is not here, they are taken as they are. Throws `UsageError` for a file there is not.
 */
export function changesOf(
  files: readonly TorrentFile[] | null,
  patches: readonly FilePatch[],
): FilePriorityChange[] {
  const real = files === null
    ? null
    : [...files.keys()].filter((index) => files[index]!.pad !== true);
  return patches.map(({ files: numbers, priority }) => {
    if (numbers.length === 0) return { files: [{ from: 0, to: MOST_FILES }], priority };
    const chosen = numbers.map((number) => {
      const index = real === null ? number : real[number];
      if (index === undefined || !(number >= 0 && number < MOST_FILES)) {
        const message = `There is no file ${number} in the torrent`;
        throw refused({ code: "no-file", values: {} }, message);
      }
      return { from: index, to: index };
    });
    return { files: chosen, priority };
  });
}

/** What is kept of a torrent's files and pieces. */
type Kept = Pick<StateDb, "load" | "loadFiles">;

/** The priority of each file, padding included: as it is kept, and as `pending` patches will have it. */
export function prioritiesOf(
  state: Kept,
  metainfo: Metainfo,
  pending: readonly FilePatch[],
): FilePriority[] {
  const { files, infoHash } = metainfo;
  const kept = state.loadFiles(infoHash, files.length);
  return filePriorities(files, { priorities: changesOf(files, pending) }, kept?.priorities ?? null);
}

/** How far a torrent that does not run will be with the patches that are pending. */
export function foretell(
  state: Kept,
  metainfo: Metainfo,
  pending: readonly FilePatch[],
): Pick<TorrentRecord, "wanted" | "done" | "valid" | "complete"> {
  const geometry = geometryOf(metainfo);
  const { size, pieces } = chooseFiles(
    metainfo.files,
    geometry,
    prioritiesOf(state, metainfo, pending),
  );
  const good = state.load(metainfo.infoHash, geometry.pieceCount)?.good ?? [];
  let [done, valid] = [0, 0];
  for (const piece of good) {
    valid += geometry.pieceSize(piece);
    if (pieces?.has(piece) ?? true) done += geometry.pieceSize(piece);
  }
  return { wanted: size, done, valid, complete: done === size };
}

/** What a choice of files is told and kept with. */
export interface Choosing {
  readonly control: Pick<SessionControl, "files" | "setFilePriorities">;
  readonly state: Kept;
}

/** Files are wanted or not from here on: at once where the torrent runs, otherwise when it does next. Rejects with `UsageError`. */
export async function choose(
  entry: Entry,
  patches: readonly FilePatch[],
  metainfo: Metainfo | null,
  { control, state }: Choosing,
): Promise<void> {
  // what was wished before and is not settled yet comes first: settled afterwards, it would undo this
  const pendingFiles = [...entry.record.pendingFiles, ...patches];
  const changes = changesOf(metainfo?.files ?? null, pendingFiles);
  if (entry.run === "in" && control.files(entry.hash) !== null) {
    const before = entry.record.pendingFiles;
    entry.set({ pendingFiles: [] });
    try {
      return await control.setFilePriorities(entry.hash, changes);
    } catch (error) {
      entry.set({ pendingFiles: before });
      // something stands there: hashed at a new start, it may turn out to be the file
      if (!(error instanceof StorageError && error.reason === "exists")) throw error;
      entry.checking = false;
      entry.set({ check: true });
    }
  }
  const facts = metainfo === null ? {} : foretell(state, metainfo, pendingFiles);
  entry.set({ pendingFiles, ...facts });
}
