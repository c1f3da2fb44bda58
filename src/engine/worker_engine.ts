/** The main thread's side of the engine worker: starts it with few permissions and speaks for it. */
import { dirname, fromFileUrl } from "@std/path";
import type { Bytes } from "../base/mod.ts";
import type { Magnet } from "../metainfo/mod.ts";
import type { AddOptions, Engine, EngineEvent, EngineOptions, StreamSink } from "../session/mod.ts";
import type {
  CreateReport,
  CreateRequest,
  HashProgress,
  VerifyReport,
  VerifyRequest,
} from "./jobs_api.ts";
import {
  postError,
  receiveError,
  type StreamAnswer,
  type WorkerCall,
  type WorkerReply,
} from "./worker_messages.ts";

/** What a worker may touch: absolute real paths. Run, env and ffi cannot even be asked for. */
export interface WorkerPermissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: boolean;
  readonly sys: readonly "statfs"[];
}

/**
 * Starts the engine in a worker that has `permissions` and no others; `sink` takes the stream when there is no folder.
 * Rejects with what kept it from starting.
 */
export async function startEngineWorker(
  options: EngineOptions,
  permissions: WorkerPermissions,
  onEvent: (event: EngineEvent) => void,
  sink: StreamSink | null,
): Promise<Engine> {
  const worker = new WorkerClient(permissions, (reply) => {
    if (reply.type === "event") onEvent(reply.event);
    else if (reply.type === "output" && sink !== null) {
      const { id: output, chunk } = reply;
      sink.write(chunk).then(
        (chunk) => worker.answer({ output, chunk }, [chunk.buffer]),
        (error) => worker.answer({ output, error: postError(error) }, []),
      );
    }
  }, (message) => {
    onEvent({ type: "error", torrent: null, reason: "other", message, path: null, missing: null });
  });
  try {
    // a list of addresses can be megabytes, and is of no use here any more
    const { ipFilter } = options;
    const transfer = ipFilter ? [ipFilter.v4.buffer, ipFilter.v6.buffer] : [];
    await worker.call({ op: "start", options }, transfer);
  } catch (error) {
    worker.end();
    throw error;
  }
  return {
    add: async (torrent: Bytes | Magnet, options: AddOptions) =>
      String(await worker.call({ op: "add", torrent, options })),
    metadata: async (magnet: Magnet, options: Pick<AddOptions, "peers" | "typed">) =>
      await worker.call({ op: "metadata", magnet, options }) as Bytes,
    stop: async (graceMs: number) => {
      try {
        await worker.call({ op: "stop", graceMs });
      } finally {
        worker.end();
      }
    },
  };
}

/** Hashes a torrent's files in a worker that may read `request.folder` only. */
export function runVerify(
  request: VerifyRequest,
  onProgress: (progress: HashProgress) => void,
  signal: AbortSignal,
): Promise<VerifyReport> {
  return runJob<VerifyReport>({ op: "verify", request }, request.folder, onProgress, signal);
}

/** Hashes a file or folder in a worker that may read `request.path` only, and makes a torrent of it. */
export function runCreate(
  request: CreateRequest,
  onProgress: (progress: HashProgress) => void,
  signal: AbortSignal,
): Promise<CreateReport> {
  return runJob<CreateReport>({ op: "create", request }, request.path, onProgress, signal);
}

async function runJob<T>(
  call: WorkerCall,
  path: string,
  onProgress: (progress: HashProgress) => void,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  const worker = new WorkerClient({ read: [path], write: [], net: false, sys: [] }, (reply) => {
    if (reply.type === "hashed") onProgress(reply.progress);
  }, () => {});
  const abort = () => void worker.call({ op: "abort" }).catch(() => {});
  signal.addEventListener("abort", abort);
  try {
    return await worker.call(call) as T;
  } finally {
    signal.removeEventListener("abort", abort);
    worker.end();
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls to a worker and their answers. */
class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #ended = false;

  constructor(
    permissions: WorkerPermissions,
    onReply: (reply: WorkerReply) => void,
    onCrash: (message: string) => void,
  ) {
    const { read, write, net, sys } = permissions;
    this.#worker = new Worker(new URL("./engine_worker.ts", import.meta.url), {
      type: "module",
      name: "engine",
      deno: {
        permissions: {
          read: grant([...read, ...sourceFolder()]),
          write: grant(write),
          net,
          sys: sys.length > 0 ? [...sys] : false,
          env: false,
          run: false,
          ffi: false,
          import: false,
        },
      },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      if (data.type === "result") this.#take(data.id)?.resolve(data.value);
      else if (data.type === "failure") this.#take(data.id)?.reject(receiveError(data.error));
      else onReply(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault(); // told to those who wait; it must not end the process without a word
      const message = `The engine failed: ${event.message}`;
      this.#fail(message);
      onCrash(message);
    };
  }

  /** `transfer` is memory that goes along. */
  call(call: WorkerCall, transfer: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended) return Promise.reject(new Error("Expected a running engine"));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call }, transfer);
    });
  }

  /** Says what became of a chunk; `transfer` is memory that goes along. */
  answer(answer: StreamAnswer, transfer: ArrayBuffer[]): void {
    if (!this.#ended) this.#worker.postMessage(answer, transfer);
  }

  end(): void {
    this.#fail("The engine stopped");
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #fail(message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error(message));
    this.#waiting.clear();
  }
}

/** No path is no permission at all. */
function grant(paths: readonly string[]): string[] | false {
  return paths.length > 0 ? [...paths] : false;
}

/** From source, the worker has to read the modules it is made of; a compiled program carries them inside. */
function sourceFolder(): string[] {
  return Deno.build.standalone ? [] : [dirname(dirname(fromFileUrl(import.meta.url)))];
}
