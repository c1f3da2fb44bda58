import { Bitfield } from "../base/mod.ts";
import { Geometry } from "../metainfo/mod.ts";
import { Checker } from "./checker.ts";
import { findConflicts } from "./conflicts.ts";
import { asDiskError, DiskError } from "./disk_error.ts";
import { FilePool } from "./file_pool.ts";
import { type FileSystem, systemFiles } from "./file_system.ts";
import type {
  Block,
  DiskCalls,
  DiskOperation,
  DiskPort,
  DiskReply,
  DiskRequest,
} from "./messages.ts";
import { spaceAt } from "./disk_space.ts";
import { probeDisk } from "./probe_disk.ts";
import { removeParts } from "./file_places.ts";
import { deleteFiles, moveFiles } from "./relocate.ts";
import { checkpointState } from "./state_database.ts";
import { TorrentFiles } from "./torrent_files.ts";

/** Between two checkpoints of the state database. */
const CHECKPOINT_MS = 5000;

type Handlers = {
  [K in DiskOperation]: (
    input: DiskCalls[K]["in"],
  ) => DiskCalls[K]["out"] | Promise<DiskCalls[K]["out"]>;
};

/** The disk worker's side of the line: carries out calls in the order they came. */
export class DiskHost {
  readonly #port: DiskPort;
  readonly #system: FileSystem;
  readonly #pool: FilePool;
  readonly #torrents = new Map<number, TorrentFiles>();
  /** Checks that run or wait, with their torrents. */
  readonly #jobs = new Map<number, { torrent: number; controller: AbortController }>();
  /** The end of the last check: they run one at a time, each uses every core. */
  #lastCheck: Promise<unknown> = Promise.resolve();
  #folder = "";
  #lastCheckpoint = performance.now();

  constructor(port: DiskPort, system: FileSystem = systemFiles, pool: FilePool = new FilePool()) {
    this.#port = port;
    this.#system = system;
    this.#pool = pool;
    port.onmessage = (event) => void this.#answer(event.data as DiskRequest);
  }

  readonly #handlers: Handlers = {
    start: ({ folder }) => {
      this.#folder = folder;
      return null;
    },
    open: ({ torrent, files, totalLength, pieceLength, sizes, parts, options, ...hashes }) => {
      const geometry = new Geometry(totalLength, pieceLength, sizes);
      const layout = { files, geometry, ...hashes, ...(parts === null ? {} : { parts }) };
      const opened = new TorrentFiles(layout, options, this.#folder, this.#system, this.#pool);
      this.#torrents.set(torrent, opened);
      return null;
    },
    write: async ({ torrent, piece, block }) => {
      const files = this.#torrent(torrent);
      await files.prepare();
      files.write(piece, new Uint8Array(block.memory, block.offset, block.length));
      return { block };
    },
    read: ({ torrent, piece, offset, length, into }) => {
      const files = this.#torrent(torrent);
      const { geometry } = files.layout;
      if (geometry.piece(piece) === null || offset + length > geometry.pieceSize(piece)) {
        const message = `Expected bytes of a piece, got ${offset} + ${length} of ${piece}`;
        throw new DiskError("other", this.#folder, message);
      }
      const memory = into !== null && into.byteLength >= length ? into : new ArrayBuffer(length);
      files.read(geometry.pieceOffset(piece) + offset, new Uint8Array(memory, 0, length));
      return { block: { memory, offset: 0, length } };
    },
    check: async ({ torrent, job, pieces }) => {
      const controller = new AbortController();
      this.#jobs.set(job, { torrent, controller });
      const run = this.#lastCheck.then(() => this.#check(torrent, job, pieces, controller.signal));
      this.#lastCheck = run.catch(() => {});
      try {
        return { good: (await run).toWire() };
      } finally {
        this.#jobs.delete(job);
      }
    },
    cancel: ({ job }) => {
      this.#jobs.get(job)?.controller.abort();
      return null;
    },
    sync: async ({ torrent }) => {
      await this.#torrent(torrent).sync();
      this.#checkpoint();
      return null;
    },
    arrange: ({ torrent, to }) => this.#torrent(torrent).arrange(to),
    tidy: ({ torrent }) => {
      this.#torrent(torrent).tidy();
      return null;
    },
    finish: ({ torrent }) => {
      this.#torrent(torrent).finish();
      return null;
    },
    inspect: ({ torrent }) => this.#torrent(torrent).inspect(),
    conflicts: async ({ torrent, good, known }) => {
      const files = this.#torrent(torrent);
      const count = files.layout.geometry.pieceCount;
      return { paths: await findConflicts(files, bitfield(good, count), bitfield(known, count)) };
    },
    space: ({ torrent }) => this.#torrent(torrent).space(),
    close: ({ torrent }) => {
      const closed = new DiskError("other", this.#folder, "Storage is closed");
      for (const job of this.#jobs.values()) {
        if (job.torrent === torrent) job.controller.abort(closed);
      }
      this.#torrents.get(torrent)?.close();
      this.#torrents.delete(torrent);
      return null;
    },
    move: ({ moves }) => {
      this.#pool.closeAll();
      moveFiles(this.#folder, this.#system, moves);
      return null;
    },
    delete: ({ files, parts }) => {
      deleteFiles(this.#folder, this.#system, files);
      if (parts !== null) removeParts(this.#system, this.#folder, parts);
      return null;
    },
    room: ({ path }) => ({ space: spaceAt(this.#folder, this.#system, path) }),
    probe: (request) => probeDisk(this.#folder, this.#system, request),
    stop: () => {
      for (const torrent of [...this.#torrents.keys()]) void this.#handlers.close({ torrent });
      this.#pool.closeAll();
      return null;
    },
  };

  /** The state's log is emptied here and now and then, so that no save in the engine waits for the disk. */
  #checkpoint(): void {
    if (performance.now() - this.#lastCheckpoint < CHECKPOINT_MS) return;
    checkpointState(this.#folder);
    this.#lastCheckpoint = performance.now();
  }

  #check(
    torrent: number,
    job: number,
    pieces: DiskCalls["check"]["in"]["pieces"],
    signal: AbortSignal,
  ): Promise<Bitfield> {
    const files = this.#torrent(torrent);
    const wanted = new Bitfield(files.layout.geometry.pieceCount);
    if (pieces === null) wanted.fill();
    else for (const piece of bitfield(pieces, wanted.size)) wanted.add(piece);
    const checker = new Checker(files, wanted, (checked, good, bad) => {
      if (!signal.aborted) this.#post({ type: "progress", job, checked, good, bad }, null);
    });
    return checker.run(signal);
  }

  #torrent(id: number): TorrentFiles {
    const files = this.#torrents.get(id);
    if (files === undefined) throw new DiskError("other", this.#folder, "Storage is closed");
    return files;
  }

  async #answer({ id, op, input }: DiskRequest): Promise<void> {
    // The table pairs each operation with its input; the compiler cannot follow that through a union.
    const handler = this.#handlers[op] as (
      input: unknown,
    ) => DiskCalls[DiskOperation]["out"] | Promise<DiskCalls[DiskOperation]["out"]>;
    try {
      const output = await handler(input);
      const block = output !== null && "block" in output ? output.block : null;
      this.#post({ type: "result", id, output }, block);
    } catch (error) {
      const { reason, path, message, missing, code } = asDiskError(error, this.#folder);
      const failure = { reason, path, message, missing, code };
      const block = op === "write" ? input.block : null;
      this.#post({ type: "failure", id, failure, block }, block);
    }
  }

  #post(reply: DiskReply, block: Block | null): void {
    this.#port.postMessage(reply, block === null ? [] : [block.memory]);
  }
}

function bitfield(wire: Uint8Array, size: number): Bitfield {
  const out = Bitfield.fromWire(wire, size);
  if (out === null) throw new RangeError(`Expected a bitfield of ${size} pieces`);
  return out;
}
