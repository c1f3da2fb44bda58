import { useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { Field } from "./fields.tsx";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";

/** Asks for another name of a torrent, or of a file or folder in it; `path` as the manager tells it. */
export function RenameDialog(
  { id, path, onClose }: {
    readonly id: number;
    readonly path: string;
    readonly onClose: () => void;
  },
) {
  const { words, rpc, attempt } = useTools();
  const [before] = path.split("/").slice(-1);
  const [name, setName] = useState(before ?? "");
  const onGo = async () => {
    if (name === before) return true;
    return await attempt(rpc.call("torrent-rename-path", { ids: [id], path, name })) !== null;
  };
  return (
    <Dialog title={words.rename.title} go={words.rename.go} onGo={onGo} onClose={onClose}>
      <p class="quiet">
        <bdi>{tame(path)}</bdi>
      </p>
      <Field label={words.rename.name} hint={words.rename.hint}>
        <input
          required
          autofocus
          spellcheck={false}
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
}
