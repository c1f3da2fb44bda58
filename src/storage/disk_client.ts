import { Bitfield, type Bytes } from "../base/mod.ts";
import { DiskError } from "./disk_error.ts";
import type { Block, DiskCalls, DiskOperation, DiskPort, DiskReply, Failure } from "./messages.ts";
import type {
  CheckProgress,
  Inspection,
  OpenOptions,
  Space,
  TorrentLayout,
  TorrentStore,
} from "./store.ts";

interface Waiting {
  readonly resolve: (output: DiskCalls[DiskOperation]["out"]) => void;
  readonly reject: (error: DiskError) => void;
}

/** One per session: owns the disk worker and everything it has open. */
export class DiskClient {
  readonly #port: DiskPort;
  readonly #end: () => void;
  readonly #folder: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #progress = new Map<number, CheckProgress>();
  #nextId = 0;
  #bytesInFlight = 0;
  #closed = false;

  /** Speaks to the `DiskHost` at the other end of `port`; `end` closes the line. Programs use {@linkcode start}. */
  constructor(port: DiskPort, folder: string, end: () => void) {
    this.#port = port;
    this.#folder = folder;
    this.#end = end;
    port.onmessage = (event) => this.#receive(event.data as DiskReply);
  }

  /**
   * Starts the worker, limited to reading and writing below `folder` (an absolute real path that
   * exists). Rejects with `DiskError` when it cannot start.
   */
  static async start(folder: string): Promise<DiskClient> {
    const mayAsk = Deno.permissions.querySync({ name: "sys", kind: "statfs" }).state === "granted";
    const worker = new Worker(new URL("./disk_worker.ts", import.meta.url), {
      type: "module",
      name: "disk",
      deno: {
        permissions: {
          read: [folder],
          write: [folder],
          sys: mayAsk ? ["statfs"] : false,
          net: false,
          env: false,
          run: false,
          ffi: false,
          import: false,
        },
      },
    });
    const client = new DiskClient(worker, folder, () => worker.terminate());
    worker.onerror = (event) => {
      event.preventDefault(); // it is told to everyone who waits, and must not end the process
      client.#fail(`Disk worker ended: ${event.message}`);
    };
    await client.call("start", { folder });
    return client;
  }

  /** Bytes of writes accepted and not yet with the system. */
  get bytesInFlight(): number {
    return this.#bytesInFlight;
  }

  /** True when nothing can be asked any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Checks the layout's names and gives a store for it; nothing on disk is touched before its first call. */
  async open(layout: TorrentLayout, options: OpenOptions): Promise<DiskTorrent> {
    const torrent = this.#nextId++;
    const { files, geometry: { totalLength, pieceLength }, pieceHashes } = layout;
    await this.call("open", {
      torrent,
      files,
      totalLength,
      pieceLength,
      pieceHashes,
      options,
    });
    return new DiskTorrent(this, torrent, layout);
  }

  /** Bytes the folder's file system has left for us, null when the platform does not tell. */
  async freeSpace(): Promise<number | null> {
    return (await this.call("free", null)).free;
  }

  /** Finishes the writes that were accepted, closes every file and ends the worker. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.call("stop", null);
    } finally {
      this.#fail("Storage is closed");
    }
  }

  /** Sends one call and waits for its answer. @internal */
  call<K extends DiskOperation>(
    op: K,
    input: DiskCalls[K]["in"],
    transfer: ArrayBuffer[] = [],
  ): Promise<DiskCalls[K]["out"]> {
    if (this.#closed) {
      return Promise.reject(new DiskError("other", this.#folder, "Storage is closed"));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#port.postMessage({ id, op, input }, transfer);
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** Sends a write, counted until it is answered. @internal */
  async write(torrent: number, piece: number, buffer: Bytes): Promise<Bytes> {
    const block = { memory: buffer.buffer, offset: buffer.byteOffset, length: buffer.length };
    this.#bytesInFlight += block.length;
    try {
      const output = await this.call("write", { torrent, piece, block }, [block.memory]);
      return bytesOf(output.block);
    } catch (error) {
      // Refused before it was sent: the memory never left.
      if (error instanceof DiskError && !buffer.buffer.detached) error.buffer ??= buffer;
      throw error;
    } finally {
      this.#bytesInFlight -= block.length;
    }
  }

  /** Runs a check. @internal */
  async check(
    torrent: number,
    pieces: Bytes | null,
    onProgress: CheckProgress | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Bytes> {
    signal?.throwIfAborted();
    const job = this.#nextId++;
    const cancel = () => void this.call("cancel", { job }).catch(() => {});
    signal?.addEventListener("abort", cancel);
    if (onProgress !== undefined) this.#progress.set(job, onProgress);
    try {
      return (await this.call("check", { torrent, job, pieces })).good;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.#progress.delete(job);
    }
  }

  #receive(reply: DiskReply): void {
    if (reply.type === "progress") {
      this.#progress.get(reply.job)?.(reply.checked, reply.good, reply.bad);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === "result") waiting?.resolve(reply.output);
    else waiting?.reject(errorOf(reply.failure, reply.block));
  }

  #fail(message: string): void {
    this.#closed = true;
    this.#end();
    for (const { reject } of this.#waiting.values()) {
      reject(new DiskError("other", this.#folder, message));
    }
    this.#waiting.clear();
  }
}

/** One torrent's data on disk, behind the disk worker. */
export class DiskTorrent implements TorrentStore {
  readonly #client: DiskClient;
  readonly #id: number;
  readonly #layout: TorrentLayout;

  /** @internal {@linkcode DiskClient.open} makes one. */
  constructor(client: DiskClient, id: number, layout: TorrentLayout) {
    this.#client = client;
    this.#id = id;
    this.#layout = layout;
  }

  write(piece: number, buffer: Bytes): Promise<Bytes> {
    return this.#client.write(this.#id, piece, buffer);
  }

  async read(piece: number, offset: number, length: number, into?: ArrayBuffer): Promise<Bytes> {
    const input = { torrent: this.#id, piece, offset, length, into: into ?? null };
    return bytesOf((await this.#client.call("read", input, into ? [into] : [])).block);
  }

  async check(
    pieces: "all" | Bitfield,
    onProgress?: CheckProgress,
    signal?: AbortSignal,
  ): Promise<Bitfield> {
    const wanted = pieces === "all" ? null : pieces.toWire();
    const good = await this.#client.check(this.#id, wanted, onProgress, signal);
    const { pieceCount } = this.#layout.geometry;
    return Bitfield.fromWire(good, pieceCount) ?? new Bitfield(pieceCount);
  }

  async sync(): Promise<void> {
    await this.#client.call("sync", { torrent: this.#id });
  }

  async finish(): Promise<void> {
    await this.#client.call("finish", { torrent: this.#id });
  }

  inspect(): Promise<Inspection> {
    return this.#client.call("inspect", { torrent: this.#id });
  }

  async conflicts(good: Bitfield, known: Bitfield): Promise<string[]> {
    const input = { torrent: this.#id, good: good.toWire(), known: known.toWire() };
    return (await this.#client.call("conflicts", input)).paths;
  }

  space(): Promise<Space> {
    return this.#client.call("space", { torrent: this.#id });
  }

  async close(): Promise<void> {
    if (!this.#client.closed) await this.#client.call("close", { torrent: this.#id });
  }
}

function bytesOf({ memory, offset, length }: Block): Bytes {
  return new Uint8Array(memory, offset, length);
}

function errorOf(failure: Failure, block: Block | null): DiskError {
  const { reason, path, message, missing, code } = failure;
  const error = new DiskError(reason, path, message, missing, code);
  if (block !== null) error.buffer = bytesOf(block);
  return error;
}
