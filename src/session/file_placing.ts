import type { InfoHash } from "../base/mod.ts";
import type { FileChoice, FilePriority, TorrentFile } from "../metainfo/mod.ts";
import type { Arranged, FilesRecord, StateDb, StoredFile, TorrentStore } from "../storage/mod.ts";

/** Whose files are placed, and where that is remembered. */
export interface FilePlacing {
  readonly state: StateDb;
  readonly infoHash: InfoHash;
  /** For each file. */
  readonly priorities: readonly FilePriority[];
}

/**
 * The files as a store is to keep them at first, before any is moved. `before`: what an earlier run left; without it
 * nothing that stands at the path of an unwanted file is taken for ours.
 */
export function storedFiles(
  files: readonly TorrentFile[],
  { priorities }: FileChoice,
  before: FilesRecord | null,
): readonly StoredFile[] {
  return files.map((file, i) => {
    const wanted = !file.pad && priorities[i] !== "off";
    const apart = !file.pad && (before?.apart[i] ?? !wanted);
    return { ...file, wanted, apart };
  });
}

/**
 * Moves files to where they belong now. That they are the torrent's is remembered before, or a crash in between would
 * leave files behind that are taken for a stranger's. {@linkcode acceptMet} follows once what was met was looked at.
 */
export async function placeFiles(
  store: TorrentStore,
  files: readonly StoredFile[],
  placing: FilePlacing,
  before: FilesRecord | null,
): Promise<Arranged> {
  const { priorities } = placing;
  const wanted = files.map((file) => file.wanted === true);
  const to = { wanted, apart: files.map((file, i) => file.apart === true && !wanted[i]) };
  const { apart, met } = await store.arrange({ ...to, look: true });
  const plain = before === null && files.every((file, i) => file.pad || priorities[i] === "normal");
  const strange = new Set(met);
  if (!plain) remember(placing, apart.map((lies, i) => lies || strange.has(i)));
  return await store.arrange(to);
}

/** What was met is this torrent's from here on. */
export async function acceptMet(
  store: TorrentStore,
  placing: FilePlacing,
  { apart, met }: Arranged,
): Promise<void> {
  if (met.length === 0) return;
  remember(placing, apart);
  await store.tidy();
}

function remember({ state, infoHash, priorities }: FilePlacing, apart: readonly boolean[]): void {
  state.saveFiles(infoHash, { priorities, apart });
}
