import { useState } from "preact/hooks";
import { changeArguments } from "./file_choice.ts";
import { entriesOf, type FileFacts } from "./file_facts.ts";
import { FileTable } from "./file_table.tsx";
import { RenameDialog } from "./rename_dialog.tsx";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

/** The files of a torrent; each change holds at once. */
export function FilesTab({ id }: { readonly id: number }) {
  const { words, rpc, attempt } = useTools();
  const { torrent, refresh } = useTorrent<FileFacts>(id, ["files", "fileStats"]);
  const [renaming, setRenaming] = useState<string | null>(null);
  if (torrent === undefined) return <p>{words.loading}</p>;
  if (torrent === null) return <p>{words.gone}</p>;
  if (torrent.files.length === 0) return <p>{words.noFiles}</p>;
  return (
    <>
      <FileTable
        entries={entriesOf(torrent)}
        withProgress
        onChange={(files, change) => {
          const args = changeArguments(files, change);
          if (args === null) return;
          void attempt(rpc.call("torrent-set", { ids: [id], ...args })).then(refresh);
        }}
        onRename={setRenaming}
      />
      {renaming !== null && (
        <RenameDialog
          id={id}
          path={renaming}
          onClose={() => {
            setRenaming(null);
            refresh();
          }}
        />
      )}
    </>
  );
}
