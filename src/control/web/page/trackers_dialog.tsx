import { useEffect, useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { Field } from "./fields.tsx";
import { useTools } from "./tools.ts";

/** The trackers of a torrent as a text: one a line, an empty line between tiers. */
export function TrackersDialog(
  { id, onClose }: { readonly id: number; readonly onClose: () => void },
) {
  const { words, rpc, attempt } = useTools();
  const [there, setThere] = useState<string | null>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    const asked = rpc.call<{ torrents: { trackerList: string }[] }>("torrent-get", {
      ids: [id],
      fields: ["trackerList"],
    });
    void attempt(asked).then((answer) => {
      const list = answer?.torrents[0]?.trackerList;
      // an empty text would be saved as no tracker at all
      if (list === undefined) return;
      setThere(list);
      setText(list);
    });
  }, []);
  const onGo = async () => {
    if (there === null || text === there) return true;
    return await attempt(rpc.call("torrent-set", { ids: [id], trackerList: text })) !== null;
  };
  return (
    <Dialog title={words.trackers.title} go={words.save} onGo={onGo} onClose={onClose}>
      <Field label={words.trackers.list} hint={words.trackers.hint}>
        <textarea
          rows={8}
          spellcheck={false}
          autofocus
          // disabled it would not have the keyboard once it is known
          readOnly={there === null}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
}
