import { useEffect, useId, useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { Check, Field } from "./fields.tsx";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";

/** Asks where the data of torrents shall go, or where it is. */
export function MoveDialog(
  { ids, onClose }: { readonly ids: readonly number[]; readonly onClose: () => void },
) {
  const { words, rpc, attempt } = useTools();
  const [asked] = useState(ids);
  const [location, setLocation] = useState("");
  const [isThere, setThere] = useState(false);
  const [folders, setFolders] = useState<readonly string[]>([]);
  const list = useId();
  useEffect(() => {
    rpc.call<{ torrents: { downloadDir: string }[] }>("torrent-get", { fields: ["downloadDir"] })
      .then(
        ({ torrents }) => {
          const folders = new Set(torrents.map(({ downloadDir }) => downloadDir));
          // the browser shows them as they are, so those that hide something are not offered
          setFolders([...folders].filter((folder) => tame(folder) === folder).sort());
        },
        // they are only there to choose from
        () => {},
      );
  }, []);
  const onGo = async () => {
    const args = { ids: asked, location, move: !isThere };
    return await attempt(rpc.call("torrent-set-location", args)) !== null;
  };
  return (
    <Dialog
      title={words.moveTitle}
      go={isThere ? words.moveLook : words.moveGo}
      onGo={onGo}
      onClose={onClose}
    >
      <Field label={words.moveTo} hint={words.addLocationHint}>
        <input
          required
          autofocus
          list={list}
          value={location}
          onInput={({ currentTarget }) => setLocation(currentTarget.value)}
        />
      </Field>
      <datalist id={list}>
        {folders.map((folder) => <option key={folder} value={folder} />)}
      </datalist>
      <Check
        label={words.moveThere}
        hint={words.moveThereHint}
        value={isThere}
        onChange={setThere}
      />
    </Dialog>
  );
}
