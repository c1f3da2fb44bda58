import { useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { Field } from "./fields.tsx";
import { useTools } from "./tools.ts";

/** Asks where the data of torrents shall go. */
export function MoveDialog(
  { ids, onClose }: { readonly ids: readonly number[]; readonly onClose: () => void },
) {
  const { words, rpc, attempt } = useTools();
  const [location, setLocation] = useState("");
  const onGo = async () =>
    await attempt(rpc.call("torrent-set-location", { ids, location, move: true })) !== null;
  return (
    <Dialog title={words.moveTitle} go={words.moveGo} onGo={onGo} onClose={onClose}>
      <Field label={words.moveTo} hint={words.addLocationHint}>
        <input
          required
          autofocus
          value={location}
          onInput={({ currentTarget }) => setLocation(currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
}
