import { type InfoHash, toHex } from "../base/mod.ts";
import type { FileChoice, TorrentFile } from "../metainfo/mod.ts";
import type { StoredFile } from "../storage/mod.ts";

/** The files with `name` as the torrent's file or folder name (`-o`). */
export function renamed(
  files: readonly TorrentFile[],
  name: string | undefined,
): readonly TorrentFile[] {
  if (name === undefined) return files;
  return files.map((file) => ({ ...file, path: [name, ...file.path.slice(1)] }));
}

/**
 * The files as a store is to keep them: what pieces of wanted files hold of their unwanted neighbours goes apart, into
 * tm's own folder, as those are neither made nor touched.
 */
export function apart(
  files: readonly TorrentFile[],
  choice: FileChoice | null,
  infoHash: InfoHash,
): readonly StoredFile[] {
  if (choice === null) return files;
  const hash = toHex(infoHash);
  return files.map((file, i) => {
    const own = file.pad || choice.wanted[i] === true;
    return own ? file : { ...file, path: ["parts", hash, String(i)], apart: true };
  });
}
