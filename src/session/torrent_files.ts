import type { TorrentFile } from "../metainfo/mod.ts";
import type { AddOptions, Rename } from "./api.ts";

/** The files with `name` as the torrent's file or folder name (`-o`). */
export function renamed(
  files: readonly TorrentFile[],
  name: string | undefined,
): readonly TorrentFile[] {
  if (name === undefined) return files;
  return files.map((file) => ({ ...file, path: [name, ...file.path.slice(1)] }));
}

/** The files with the names and in the folder that `options` give them. */
export function placed(
  files: readonly TorrentFile[],
  { name, location = [], renames = [] }: Pick<AddOptions, "name" | "location" | "renames">,
): readonly TorrentFile[] {
  const named = rename(renamed(files, name), renames);
  if (location.length === 0) return named;
  return named.map((file) => ({ ...file, path: [...location, ...file.path] }));
}

/** The files with other names, one rename after another. */
export function rename(
  files: readonly TorrentFile[],
  renames: readonly Rename[],
): readonly TorrentFile[] {
  let out = files;
  for (const { path, name } of renames) {
    const from = path.split("/");
    out = out.map((file) => {
      const within = from.every((component, i) => file.path[i] === component);
      if (!within || file.pad) return file;
      return { ...file, path: file.path.with(from.length - 1, name) };
    });
  }
  return out;
}

/** What tells where a torrent's files are: their folder and the torrent's name there. */
export function rootOf(
  files: readonly TorrentFile[],
  { location = [] }: Pick<AddOptions, "location">,
): string {
  // padding keeps its name
  const { path } = files.find(({ pad }) => !pad) ?? files[0]!;
  return path.slice(0, location.length + 1).join("/");
}
