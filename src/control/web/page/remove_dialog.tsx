import { useId, useState } from "preact/hooks";
import type { Row } from "../row.ts";
import { Dialog } from "./dialog.tsx";
import { Check } from "./fields.tsx";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";

/** Names shown; of more the number is said. */
const SHOWN = 8;

/** Asks once, and says what is deleted. */
export function RemoveDialog(
  { rows, onClose }: { readonly rows: readonly Row[]; readonly onClose: () => void },
) {
  const { words, format, rpc, attempt } = useTools();
  // what was asked about is what is removed, whatever is chosen in the meantime
  const [asked] = useState(rows);
  const about = useId();
  const [withData, setWithData] = useState(false);
  const bytes = asked.reduce((sum, row) => sum + row.done, 0);
  const onGo = async () =>
    await attempt(rpc.call("torrent-remove", {
      ids: asked.map(({ id }) => id),
      "delete-local-data": withData,
    })) !== null;
  return (
    <Dialog
      title={words.removeTitle(format.counted(asked.length))}
      go={withData ? words.removeGoData : words.removeGo}
      isDanger={withData}
      about={about}
      onGo={onGo}
      onClose={onClose}
    >
      <ul id={about} class="names">
        {asked.slice(0, SHOWN).map((row) => (
          <li key={row.id}>
            <bdi>{tame(row.name)}</bdi>
          </li>
        ))}
        {asked.length > SHOWN && <li>{words.removeMore(format.counted(asked.length - SHOWN))}</li>}
      </ul>
      <Check label={words.removeData} value={withData} onChange={setWithData} />
      <p role="status" class={withData ? "warning" : ""}>
        {withData ? words.removeDeletes(format.size(bytes)) : words.removeKeeps}
      </p>
    </Dialog>
  );
}
