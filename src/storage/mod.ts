/**
 * A torrent's bytes on disk and what is remembered of it between runs. The disk worker writes,
 * reads, hashes and syncs below one folder and opens nothing whose path it has not checked for
 * links; the state database and the lock live in `<folder>/.tm`.
 *
 * Terms: a piece is *begun* (intent) when its bytes may be on disk, *good* when it is verified,
 * written and synced. Covers padding files (BEP 47). Leaves out: deciding when to write or save.
 */
export { DiskClient } from "./disk_client.ts";
export { type ManagedRow, ManagerState } from "./manager_state.ts";
export type { DiskSpace } from "./file_system.ts";
export type { DiskProbe, ProbeRequest } from "./probe_disk.ts";
export { keepFile, readKept } from "./kept_file.ts";
export { DiskError } from "./disk_error.ts";
export { type FileReport, reportFiles } from "./file_report.ts";
export { hashWidth } from "./hash_range.ts";
export { hashTree } from "./hash_tree.ts";
export { lockManager, lockTorrent, probeTorrent, TorrentLock } from "./lock.ts";
export { type FilesRecord, readFilesRecord } from "./files_record.ts";
export { MTIME_SLACK_MS, type ResumePlan, resumePlan, type ResumeRecord } from "./resume.ts";
export { StateDb, type TorrentRecord } from "./state.ts";
export { STATE_FOLDER } from "./state_folder.ts";
export { leavesOf, type PieceHashes, PieceVerifier, type Verdict } from "./piece_verifier.ts";
export { readInside } from "./read_inside.ts";
export type { FileMove } from "./relocate.ts";
export type {
  Arranged,
  Arrangement,
  CheckProgress,
  FileState,
  Inspection,
  OpenOptions,
  Space,
  StoredFile,
  TorrentLayout,
  TorrentStore,
} from "./store.ts";
export { type Tree, type TreeFile, walkTree } from "./tree.ts";
export { saveNew } from "./save_new.ts";
export { type AsideFolder, type WatchedEntry, WatchedFolder } from "./watched_folder.ts";
