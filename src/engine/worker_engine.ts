/** The main thread's side of the engine worker: starts it with few permissions and speaks for it. */
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
import type { ManagerApi } from "../manager/mod.ts";
import type { ManagerOptions, RunningManager } from "./manager_api.ts";
import { ManagerMirror } from "./mirror/manager_mirror.ts";
import type { MirrorClock } from "./mirror/soon.ts";
import { WorkerClient, type WorkerPermissions } from "./worker_client.ts";
import { postError, type WorkerCall } from "./worker_messages.ts";

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

/** The methods of a manager, all of which can be called from another thread. */
const METHODS: Readonly<Record<keyof ManagerApi, true>> = {
  add: true,
  remove: true,
  start: true,
  stop: true,
  verify: true,
  reannounce: true,
  set: true,
  relocate: true,
  rename: true,
  queue: true,
  torrents: true,
  overview: true,
  recent: true,
  session: true,
  setSession: true,
  stats: true,
  freeSpace: true,
  readTorrent: true,
  testPort: true,
  updateFilter: true,
  doctor: true,
};

const clock: MirrorClock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Starts a manager in a worker that has `permissions` and no others. Rejects with what kept it from starting:
 * `StorageError` `locked` when another manager has the folder.
 */
export async function startManagerWorker(
  options: ManagerOptions,
  permissions: WorkerPermissions,
  onEvent: (event: EngineEvent) => void,
): Promise<RunningManager> {
  const worker = new WorkerClient(permissions, (reply) => {
    if (reply.type === "changes") return mirror.hear(reply.changes);
    if (reply.type === "event") onEvent(reply.event);
  }, (message) => {
    onEvent({ type: "error", torrent: null, reason: "other", message, path: null, missing: null });
  });
  const methods = Object.keys(METHODS).map((name) => {
    const method = name as keyof ManagerApi;
    return [method, (...args: unknown[]) => worker.call({ op: "manage", method, args })];
  });
  const mirror = new ManagerMirror({
    manager: Object.fromEntries(methods) as unknown as ManagerApi,
    look: async () => void await worker.call({ op: "look" }),
  }, clock);
  try {
    const { ipFilter } = options.engine;
    const transfer = ipFilter ? [ipFilter.v4.buffer, ipFilter.v6.buffer] : [];
    await worker.call({ op: "start-manager", options }, transfer);
  } catch (error) {
    worker.end();
    throw error;
  }
  return {
    manager: mirror,
    stop: async (graceMs) => {
      mirror.close();
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
