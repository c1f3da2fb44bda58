import { basename } from "@std/path";
import { type Bytes, StorageError, toHex } from "../base/mod.ts";
import {
  choosePieceLength,
  createTorrent,
  geometryOf,
  hashesOf,
  nameRules,
  parseMetainfo,
  safeComponent,
  type TorrentVersion,
} from "../metainfo/mod.ts";
import { renamed } from "../session/mod.ts";
import {
  DiskClient,
  hashTree,
  hashWidth,
  readFilesRecord,
  reportFiles,
  type Tree,
  walkTree,
} from "../storage/mod.ts";
import type {
  CreateReport,
  CreateRequest,
  HashProgress,
  VerifiedFile,
  VerifyReport,
  VerifyRequest,
} from "./jobs_api.ts";

/** Hashes what is on disk against a torrent. Reads the folder, writes nothing. Rejects with the errors of `parseMetainfo` and `StorageError`. */
export async function verify(
  request: VerifyRequest,
  onProgress: (progress: HashProgress) => void,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const metainfo = await parseMetainfo(request.torrent, nameRules(Deno.build.os));
  const geometry = geometryOf(metainfo);
  const { infoHash, files: listed } = metainfo;
  const record = readFilesRecord(request.folder, infoHash, listed.length);
  const layout = {
    // what pieces hold of a file that nobody wants may lie apart
    files: renamed(listed, request.name).map((file, i) => ({
      ...file,
      apart: record?.apart[i] === true && !file.pad,
    })),
    geometry,
    ...hashesOf(metainfo),
    parts: toHex(infoHash),
  };
  const client = await DiskClient.inThisThread(request.folder);
  try {
    const disk = await client.open(layout, { overwrite: false, preallocate: false });
    const size = metainfo.totalLength;
    const good = await disk.check("all", (checked) => onProgress({ checked, size }), signal);
    const inspection = await disk.inspect();
    const states = reportFiles(layout, inspection, good);
    const files = layout.files.flatMap((file, i): VerifiedFile[] => {
      if (file.pad) return [];
      const { exists, size } = inspection.files[i]!;
      const state = states[i]!;
      const bad = state.status === "damaged"
        ? state.badBytes
        : state.status === "missing"
        ? file.length
        : 0;
      return [{
        path: file.path.join("/"),
        length: file.length,
        size: exists && !file.apart ? size : null,
        good: file.length - bad,
        chosen: record?.priorities[i] !== "off",
      }];
    });
    return { files, pieces: geometry.pieceCount, goodPieces: good.count };
  } finally {
    await client.close();
  }
}

/** Hashes a file or folder and makes a torrent of it. Rejects with `StorageError` when it is empty or cannot be read. */
export async function create(
  request: CreateRequest,
  onProgress: (progress: HashProgress) => void,
  signal: AbortSignal,
): Promise<CreateReport> {
  const skipped: string[] = [];
  const hashedAt = Date.now();
  const found = walkTree(request.path, (message) => skipped.push(message));
  const tree = request.safeNames ? servable(found, (message) => skipped.push(message)) : found;
  if (tree.totalLength === 0) {
    throw new StorageError(
      "missing",
      request.path,
      `Expected something to share in ${request.path}, it is empty`,
    );
  }
  const pieceLength = request.pieceLength ?? choosePieceLength(tree.totalLength);
  const size = tree.totalLength;
  const version = request.version ?? "v1";
  const hashes = await hashTree(
    tree,
    pieceLength,
    (checked) => onProgress({ checked, size }),
    signal,
    request.path,
    version,
  );
  const [sha1, nodes] = split(hashes, version);
  const files = tree.files.map(({ components, length }) => ({ path: components, length }));
  const torrent = createTorrent({
    name: request.name ?? basename(request.path),
    files,
    pieceLength,
    pieceHashes: sha1,
    pieceNodes: nodes,
  }, {
    trackers: request.trackers,
    webseeds: request.webseeds,
    private: request.isPrivate,
    createdBy: request.createdBy,
    creationDate: request.creationDate,
    ...(request.comment === null ? {} : { comment: request.comment }),
  });
  return { torrent, skipped, hashedAt };
}

/** The hashes of pieces by kind, from {@linkcode hashTree}. */
function split(
  hashes: Bytes,
  version: TorrentVersion,
): readonly [sha1: Bytes | null, nodes: Bytes | null] {
  if (version === "v1") return [hashes, null];
  if (version === "v2") return [null, hashes];
  const width = hashWidth(version);
  const count = hashes.length / width;
  const [sha1, nodes] = [new Uint8Array(20 * count), new Uint8Array(32 * count)];
  for (let i = 0; i < count; i++) {
    sha1.set(hashes.subarray(i * width, i * width + 20), i * 20);
    nodes.set(hashes.subarray(i * width + 20, (i + 1) * width), i * 32);
  }
  return [sha1, nodes];
}

/** The tree without what a reader of the torrent, we too, would call by another name. */
function servable(tree: Tree, onWarning: (message: string) => void): Tree {
  const rules = nameRules(Deno.build.os);
  const files = tree.files.filter(({ path, components }) => {
    const safe = components.every((name) => safeComponent(name, rules) === name);
    if (!safe) onWarning(`Left out a file whose name is not safe everywhere: ${path}`);
    return safe;
  });
  return { ...tree, files, totalLength: files.reduce((sum, { length }) => sum + length, 0) };
}
