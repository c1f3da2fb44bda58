import type { TorrentFile } from "../metainfo/mod.ts";

/** The files with `name` as the torrent's file or folder name (`-o`). */
export function renamed(
  files: readonly TorrentFile[],
  name: string | undefined,
): readonly TorrentFile[] {
  if (name === undefined) return files;
  return files.map((file) => ({ ...file, path: [name, ...file.path.slice(1)] }));
}
