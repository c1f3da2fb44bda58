import { useState } from "preact/hooks";
import type { Row } from "../row.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./fields.tsx";
import { tame } from "./format.ts";
import { labelCalls, labelsIn, labelStates } from "./label_changes.ts";
import { useTools } from "./tools.ts";

/** Which labels the chosen torrents have; `labels` are those there are. */
export function LabelsDialog(
  { rows, labels, onClose }: {
    readonly rows: readonly Row[];
    readonly labels: readonly string[];
    readonly onClose: () => void;
  },
) {
  const { words, format, rpc, attempt } = useTools();
  // what was asked about is what is changed, whatever is chosen in the meantime
  const [asked] = useState(rows);
  const [states, setStates] = useState(() => labelStates(rows, labels));
  const [more, setMore] = useState("");
  const onGo = async () => {
    const added = labelsIn(more).map((label) => [label, "all"] as const);
    for (const call of labelCalls(asked, new Map([...states, ...added]))) {
      if (await attempt(rpc.call("torrent-set", { ...call })) === null) return false;
    }
    return true;
  };
  return (
    <Dialog
      title={words.labels.title(format.counted(asked.length))}
      go={words.save}
      onGo={onGo}
      onClose={onClose}
    >
      {[...states].map(([label, state]) => (
        <label key={label} class="check">
          <input
            type="checkbox"
            checked={state === "all"}
            indeterminate={state === "some"}
            onChange={() =>
              setStates(new Map([...states, [label, state === "all" ? "none" : "all"]]))}
          />
          <bdi>{tame(label)}</bdi>
        </label>
      ))}
      <Field label={words.labels.more} hint={words.labels.hint}>
        <input
          autofocus
          value={more}
          onInput={({ currentTarget }) => setMore(currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
}
