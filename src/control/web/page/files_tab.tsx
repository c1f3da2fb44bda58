import { useState } from "preact/hooks";
import { changeArguments } from "./file_choice.ts";
import { FileTable } from "./file_table.tsx";
import { RenameDialog } from "./rename_dialog.tsx";
import { useTools } from "./tools.ts";
import { useFiles } from "./use_files.ts";

/** The files of a torrent; each change holds at once. */
export function FilesTab({ id }: { readonly id: number }) {
  const { words, rpc, attempt } = useTools();
  const { entries, refresh } = useFiles(id);
  const [renaming, setRenaming] = useState<string | null>(null);
  if (entries === undefined) return <p>{words.loading}</p>;
  if (entries === null) return <p>{words.gone}</p>;
  if (entries.length === 0) return <p>{words.noFiles}</p>;
  return (
    <>
      <FileTable
        entries={entries}
        withProgress
        onChange={(files, change) => {
          const args = changeArguments(files, change);
          if (args === null) return;
          void attempt(rpc.call("torrent-set", { ids: [id], ...args })).then(() => refresh(false));
        }}
        onRename={setRenaming}
      />
      {renaming !== null && (
        <RenameDialog
          id={id}
          path={renaming}
          onClose={() => {
            setRenaming(null);
            refresh(true);
          }}
        />
      )}
    </>
  );
}
