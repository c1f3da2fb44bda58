/** What the page asks of a torrent's files, and as entries. */
import type { FileEntry } from "./file_tree.ts";

/** Fields of `torrent-get`. */
export interface FileFacts {
  readonly files: readonly { readonly name: string; readonly length: number }[];
  readonly fileStats: readonly {
    readonly bytesCompleted: number;
    readonly priority: number;
    readonly wanted: boolean;
  }[];
}

/** A torrent's files; empty as long as its metadata is not here. */
export function entriesOf({ files, fileStats }: FileFacts): FileEntry[] {
  return files.map(({ name, length }, index) => {
    const stats = fileStats[index];
    return {
      path: name,
      length,
      done: stats?.bytesCompleted ?? 0,
      wanted: stats?.wanted ?? true,
      priority: stats?.priority ?? 0,
    };
  });
}
