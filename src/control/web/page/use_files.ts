import { useMemo, useRef } from "preact/hooks";
import { entriesOf, type FileFacts } from "./file_facts.ts";
import type { FileEntry } from "./file_tree.ts";
import { useTorrent } from "./use_torrent.ts";

/**
 * The files of a torrent; `undefined`: not known yet, null: it is gone. Of ten thousand the names are asked once, how far
 * they are again and again.
 */
export function useFiles(id: number): {
  readonly entries: readonly FileEntry[] | null | undefined;
  /** Asks again; `names`: those too, as they have changed. */
  readonly refresh: (names: boolean) => void;
} {
  const names = useRef<FileFacts["files"]>([]);
  const isStale = useRef(true);
  const { torrent, refresh } = useTorrent<Partial<FileFacts>>(
    id,
    () => isStale.current ? ["files", "fileStats"] : ["fileStats"],
  );
  const entries = useMemo(() => {
    if (torrent === null || torrent === undefined) return torrent;
    const { files, fileStats = [] } = torrent;
    if (files !== undefined) {
      names.current = files;
      isStale.current = false;
    }
    // of a magnet link there were none
    if (names.current.length !== fileStats.length) isStale.current = true;
    return entriesOf({ files: names.current, fileStats });
  }, [torrent]);
  return {
    entries,
    refresh: (again) => {
      if (again) isStale.current = true;
      refresh();
    },
  };
}
