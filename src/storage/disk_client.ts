import type { Bitfield, Bytes } from "../base/mod.ts";
import type {
  CheckProgress,
  Inspection,
  OpenOptions,
  Space,
  TorrentLayout,
  TorrentStore,
} from "./store.ts";

const todo = () => Promise.reject(new Error("Not written yet"));

/** One per session: owns the disk worker. */
export class DiskClient {
  /** Bytes of writes accepted and not yet on disk (in the kernel's hands). */
  readonly bytesInFlight: number = 0;

  /** Starts the worker, limited to reading and writing below `folder` (an absolute real path). */
  static start(_folder: string): Promise<DiskClient> {
    return todo();
  }
  /** Checks the layout's paths and gives a store for it. Nothing is created before the first write. */
  open(_layout: TorrentLayout, _options: OpenOptions): Promise<DiskTorrent> {
    return todo();
  }
  /** Bytes the file system of the folder has left, null when the platform does not tell. */
  freeSpace(): Promise<number | null> {
    return todo();
  }
  /** Closes every file and ends the worker. */
  close(): Promise<void> {
    return todo();
  }
}

/** One torrent's data on disk, behind the disk worker. */
export class DiskTorrent implements TorrentStore {
  write(_piece: number, _buffer: Bytes): Promise<Bytes> {
    return todo();
  }
  read(_piece: number, _offset: number, _length: number, _into?: ArrayBuffer): Promise<Bytes> {
    return todo();
  }
  check(
    _pieces: "all" | Bitfield,
    _onProgress?: CheckProgress,
    _signal?: AbortSignal,
  ): Promise<Bitfield> {
    return todo();
  }
  sync(): Promise<void> {
    return todo();
  }
  finish(): Promise<void> {
    return todo();
  }
  inspect(): Promise<Inspection> {
    return todo();
  }
  conflicts(_good: Bitfield, _known: Bitfield): Promise<string[]> {
    return todo();
  }
  space(): Promise<Space> {
    return todo();
  }
  close(): Promise<void> {
    return todo();
  }
}
