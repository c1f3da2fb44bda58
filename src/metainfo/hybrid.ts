import { MetainfoError } from "../base/mod.ts";
import type { TorrentFile } from "./file_map.ts";
import type { V2Files } from "./parse_v2.ts";

/** The file list of the v1 half of a hybrid torrent. */
export interface V1Files {
  readonly multiFile: boolean;
  readonly files: readonly TorrentFile[];
  readonly totalLength: number;
}

/**
 * Checks that both halves of a hybrid torrent describe the same files in the same order, and that v1's padding has them
 * begin where v2's pieces do (BEP 52, Upgrade Path): otherwise the two swarms would write different bytes into the same
 * files. Throws `MetainfoError`.
 */
export function expectSameFiles(v1: V1Files, v2: V2Files, pieceLength: number): void {
  const listed = v1.files.filter(({ pad }) => !pad);
  if (listed.length !== v2.files.length) {
    throw fault(`${v2.files.length} files, as in its file tree`, String(listed.length));
  }
  for (const [i, file] of listed.entries()) {
    const other = v2.files[i]!;
    const path = other.path.join("/");
    if (file.path.join("/") !== path) {
      throw fault(`"${cut(path)}", as in its file tree`, `"${cut(file.path.join("/"))}"`);
    }
    if (file.length !== other.length) {
      throw fault(`${other.length} bytes in "${cut(path)}"`, String(file.length));
    }
    if (file.length > 0 && file.offset !== other.offset) {
      throw fault(`"${cut(path)}" padded to begin at ${other.offset}`, `at ${file.offset}`);
    }
  }
  const last = v2.trees[v2.trees.length - 1]!;
  const pieces = last.firstPiece + last.pieceCount;
  if (Math.ceil(v1.totalLength / pieceLength) !== pieces) {
    throw fault(`${pieces} pieces`, String(Math.ceil(v1.totalLength / pieceLength)));
  }
}

function cut(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200).toWellFormed()}…` : path;
}

function fault(expected: string, found: string): MetainfoError {
  return new MetainfoError(
    "info.files",
    `Expected the same files in both halves of a hybrid torrent: ${expected}, got ${found}`,
  );
}
