import type { Bytes } from "../base/mod.ts";
import { DiskError } from "./disk_error.ts";
import type { Block, DiskCalls, DiskOperation, DiskPort, DiskReply, Failure } from "./messages.ts";
import type { CheckProgress } from "./store.ts";

interface Waiting {
  readonly resolve: (output: DiskCalls[DiskOperation]["out"]) => void;
  readonly reject: (error: DiskError) => void;
}

/** The session's end of the line to a `DiskHost`: pairs answers with calls. */
export class DiskLine {
  readonly #port: DiskPort;
  readonly #end: () => void;
  readonly #folder: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #progress = new Map<number, CheckProgress>();
  #nextId = 0;
  #bytesInFlight = 0;
  #closed = false;

  /** `end` takes the other end down. */
  constructor(port: DiskPort, folder: string, end: () => void) {
    this.#port = port;
    this.#folder = folder;
    this.#end = end;
    port.onmessage = (event) => this.#receive(event.data as DiskReply);
  }

  /** Bytes of writes sent and not yet answered. */
  get bytesInFlight(): number {
    return this.#bytesInFlight;
  }

  /** True when nothing can be asked any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** A number not given out before. */
  newId(): number {
    return this.#nextId++;
  }

  /** Sends one call and waits for its answer. */
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

  /** Sends a write, counted until it is answered. */
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

  /** Runs a check. */
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
      const { good } = await this.call("check", { torrent, job, pieces });
      signal?.throwIfAborted();
      return good;
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

  /** Lets the host finish what was sent, then ends the line. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.call("stop", null);
    } finally {
      this.fail("Storage is closed");
    }
  }

  /** Ends the line; everyone who waits hears `message`. */
  fail(message: string): void {
    this.#closed = true;
    this.#end();
    for (const { reject } of this.#waiting.values()) {
      reject(new DiskError("other", this.#folder, message));
    }
    this.#waiting.clear();
  }
}

/** The part of a block's memory that is meant. */
export function bytesOf({ memory, offset, length }: Block): Bytes {
  return new Uint8Array(memory, offset, length);
}

function errorOf(failure: Failure, block: Block | null): DiskError {
  const { reason, path, message, missing, code } = failure;
  const error = new DiskError(reason, path, message, missing, code);
  if (block !== null) error.buffer = bytesOf(block);
  return error;
}
