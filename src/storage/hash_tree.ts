import type { Bytes, StorageCause } from "../base/mod.ts";
import type { TorrentVersion } from "../metainfo/mod.ts";
import { Breather } from "./breather.ts";
import { DiskError } from "./disk_error.ts";
import { startFileWorker } from "./worker_start.ts";
import { type HashRange, hashRange, hashWidth, piecesOfTree } from "./hash_range.ts";
import type { Tree } from "./tree.ts";

/** Fewer bytes than this are not worth a thread of their own. */
const LEAST_SHARE = 64 * 1024 * 1024;

/** What a hashing worker says: bytes gone through since the last time, and at the end the hashes or what failed. */
export type HashReply =
  | { readonly type: "progress"; readonly bytes: number }
  | { readonly type: "hashes"; readonly bytes: number; readonly hashes: Bytes }
  | {
    readonly type: "failure";
    readonly reason: StorageCause;
    readonly path: string;
    readonly message: string;
  };

/**
 * The hashes of each piece of a tree's files, as many bytes a piece as {@linkcode hashWidth} says, hashed on all cores,
 * each of them a run of pieces. `onProgress` hears the bytes read so far. Rejects with `DiskError` when a file cannot be read or changes its
 * size meanwhile, and with the signal's reason. `root` is what the threads may read.
 */
export async function hashTree(
  tree: Tree,
  pieceLength: number,
  onProgress: (bytes: number) => void = () => {},
  signal?: AbortSignal,
  root: string | null = null,
  version: TorrentVersion = "v1",
): Promise<Bytes> {
  signal?.throwIfAborted();
  const pieceCount = piecesOfTree(tree, pieceLength, version);
  const width = hashWidth(version);
  const cores = navigator.hardwareConcurrency;
  const most = root === null ? 1 : Math.min(cores, Math.floor(tree.totalLength / LEAST_SHARE));
  const share = Math.ceil(pieceCount / Math.max(1, most));
  const ranges: HashRange[] = [];
  for (let from = 0; from < pieceCount; from += share) {
    const { isFolder, files, totalLength } = tree;
    const to = Math.min(from + share, pieceCount);
    ranges.push({ tree: { isFolder, files, totalLength }, pieceLength, version, from, to });
  }
  let read = 0;
  const progress = (bytes: number) => onProgress(read += bytes);
  if (root === null || ranges.length === 1) return await hashHere(ranges[0]!, progress, signal);
  const hashes = new Uint8Array(width * pieceCount);
  const abort = new AbortController();
  const ended = AbortSignal.any(signal === undefined ? [abort.signal] : [signal, abort.signal]);
  try {
    await Promise.all(ranges.map(async (range) => {
      hashes.set(await hashThere(range, root, progress, ended), width * range.from);
    }));
  } finally {
    abort.abort(); // when one fails the others need not go on
  }
  return hashes;
}

async function hashHere(
  range: HashRange,
  onProgress: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  const breather = new Breather();
  const hashing = hashRange(range);
  try {
    for (let step = hashing.next();; step = hashing.next()) {
      if (step.done) return step.value;
      onProgress(step.value);
      await breather.pause();
      signal?.throwIfAborted();
    }
  } finally {
    hashing.return(new Uint8Array());
  }
}

/** In a thread that may read `root` and nothing else; it is ended with `signal`. */
function hashThere(
  range: HashRange,
  root: string,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Bytes> {
  const { promise, resolve, reject } = Promise.withResolvers<Bytes>();
  const rights = { read: [root], write: [], statfs: false };
  const worker = startFileWorker(new URL("./hash_worker.ts", import.meta.url), "hash", rights);
  worker.onmessage = ({ data: reply }: MessageEvent<HashReply>) => {
    if (reply.type === "failure") {
      return reject(new DiskError(reply.reason, reply.path, reply.message));
    }
    onProgress(reply.bytes);
    if (reply.type === "hashes") resolve(reply.hashes);
  };
  worker.onerror = (event) => {
    event.preventDefault(); // it is told to the one who waits, and must not end the process
    reject(new DiskError("other", root, `Hashing failed: ${event.message}`));
  };
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  worker.postMessage(range);
  return promise.finally(() => {
    signal.removeEventListener("abort", stop);
    worker.terminate();
  });
}
