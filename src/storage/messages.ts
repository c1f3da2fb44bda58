/** What the session's thread and the disk worker say to each other. */
import type { Bytes, StorageCause } from "../base/mod.ts";
import type { MerklePieces } from "../metainfo/mod.ts";
import type { DiskSpace } from "./file_system.ts";
import type { DiskProbe, ProbeRequest } from "./probe_disk.ts";
import type { FileMove } from "./relocate.ts";
import type { Arranged, Arrangement, Inspection, OpenOptions, Space, StoredFile } from "./store.ts";

/** Memory that moves between the threads, and the part of it that is meant. */
export interface Block {
  readonly memory: ArrayBuffer;
  readonly offset: number;
  readonly length: number;
}

/** Every call: what goes in, what comes out. Bitfields travel in their wire form. */
export interface DiskCalls {
  start: { in: { folder: string }; out: null };
  open: {
    in: {
      torrent: number;
      files: readonly StoredFile[];
      totalLength: number;
      pieceLength: number;
      /** As in a geometry. */
      sizes: Uint32Array<ArrayBuffer> | null;
      pieceHashes: Bytes;
      merkle: MerklePieces | null;
      parts: string | null;
      options: OpenOptions;
    };
    out: null;
  };
  write: { in: { torrent: number; piece: number; block: Block }; out: { block: Block } };
  read: {
    in: {
      torrent: number;
      piece: number;
      offset: number;
      length: number;
      into: ArrayBuffer | null;
    };
    out: { block: Block };
  };
  /** `job` names the check in `progress` and `cancel`. */
  check: { in: { torrent: number; job: number; pieces: Bytes | null }; out: { good: Bytes } };
  cancel: { in: { job: number }; out: null };
  sync: { in: { torrent: number }; out: null };
  arrange: { in: { torrent: number; to: Arrangement }; out: Arranged };
  tidy: { in: { torrent: number }; out: null };
  finish: { in: { torrent: number }; out: null };
  inspect: { in: { torrent: number }; out: Inspection };
  conflicts: { in: { torrent: number; good: Bytes; known: Bytes }; out: { paths: string[] } };
  space: { in: { torrent: number }; out: Space };
  close: { in: { torrent: number }; out: null };
  move: { in: { moves: readonly FileMove[] }; out: null };
  delete: {
    in: { files: readonly (readonly string[])[]; parts: string | null };
    out: null;
  };
  /** Room where a path lies, by components below the folder. */
  room: { in: { path: readonly string[] }; out: { space: DiskSpace | null } };
  probe: { in: ProbeRequest; out: DiskProbe };
  stop: { in: null; out: null };
}

export type DiskOperation = keyof DiskCalls;

/** A call; `id` returns in its answer. */
export type DiskRequest = {
  [K in DiskOperation]: { id: number; op: K; input: DiskCalls[K]["in"] };
}[DiskOperation];

/** A `DiskError` that can be posted. */
export interface Failure {
  readonly reason: StorageCause;
  readonly path: string;
  readonly message: string;
  readonly missing: number | null;
  readonly code: string | null;
}

export type DiskReply =
  | { type: "result"; id: number; output: DiskCalls[DiskOperation]["out"] }
  /** `block`: the memory of a failed write. */
  | { type: "failure"; id: number; failure: Failure; block: Block | null }
  | { type: "progress"; job: number; checked: number; good: number[]; bad: number[] };

/** One end of the line between the threads: a worker, a worker's global scope or a message port. */
export interface DiskPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}
