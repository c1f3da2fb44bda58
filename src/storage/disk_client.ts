import { DiskHost } from "./disk_host.ts";
import { DiskLine } from "./disk_line.ts";
import { DiskTorrent } from "./disk_torrent.ts";
import type { DiskSpace } from "./file_system.ts";
import type { DiskProbe, ProbeRequest } from "./probe_disk.ts";
import { startFileWorker } from "./worker_start.ts";
import type { FileMove } from "./relocate.ts";
import type { OpenOptions, TorrentLayout, TorrentStore } from "./store.ts";

/** One per session: owns the disk worker and everything it has open. */
export class DiskClient {
  readonly #line: DiskLine;

  private constructor(line: DiskLine) {
    this.#line = line;
  }

  /**
   * Starts the worker, limited to reading and writing below `folder` (an absolute real path that
   * exists), or to reading `only` in it. Rejects with `DiskError` when it cannot start.
   */
  static async start(folder: string, only: string | null = null): Promise<DiskClient> {
    const mayAsk = Deno.permissions.querySync({ name: "sys", kind: "statfs" }).state === "granted";
    const rights = only === null
      ? { read: [folder], write: [folder], statfs: mayAsk }
      : { read: [only], write: [], statfs: false };
    const worker = startFileWorker(new URL("./disk_worker.ts", import.meta.url), "disk", rights);
    const line = new DiskLine(worker, folder, () => worker.terminate());
    worker.onerror = (event) => {
      event.preventDefault(); // it is told to everyone who waits, and must not end the process
      line.fail(`Disk worker ended: ${event.message}`);
    };
    await line.call("start", { folder });
    return new DiskClient(line);
  }

  /** The same without a worker of its own, for a thread that has nothing else to do (`tm verify`). */
  static async inThisThread(folder: string): Promise<DiskClient> {
    const { port1, port2 } = new MessageChannel();
    new DiskHost(port1);
    const line = new DiskLine(port2, folder, () => {
      port1.close();
      port2.close();
    });
    await line.call("start", { folder });
    return new DiskClient(line);
  }

  /** Bytes of writes accepted and not yet with the system. */
  get bytesInFlight(): number {
    return this.#line.bytesInFlight;
  }

  /**
   * Checks the layout's names and gives a store for it; the disk is not touched before the store's
   * first call. Rejects with `DiskError`.
   */
  open(layout: TorrentLayout, options: OpenOptions): Promise<TorrentStore> {
    return DiskTorrent.open(this.#line, layout, options);
  }

  /**
   * Room on the file system where a path lies, by components below the folder, or would lie once it is made; null when
   * the platform does not tell. Rejects with `DiskError` for names that are not safe, and for links.
   */
  async space(path: readonly string[]): Promise<DiskSpace | null> {
    return (await this.#line.call("room", { path })).space;
  }

  /** Tries how fast the disk is and where files can be made; other calls are answered meanwhile. */
  probe(request: ProbeRequest): Promise<DiskProbe> {
    return this.#line.call("probe", request);
  }

  /** Moves files that are there, all or (when another is in the way of one) none. Rejects with `DiskError`. */
  async moveFiles(moves: readonly FileMove[]): Promise<void> {
    await this.#line.call("move", { moves });
  }

  /**
   * Deletes files that are there, and folders that become empty, and what lies apart of the torrent `parts` (its info
   * hash in hexadecimal). Rejects with `DiskError`.
   */
  async deleteFiles(files: readonly (readonly string[])[], parts?: string): Promise<void> {
    await this.#line.call("delete", { files, parts: parts ?? null });
  }

  /** Finishes the writes that were accepted, closes every file and ends the worker. Safe to call twice. */
  close(): Promise<void> {
    return this.#line.close();
  }
}
