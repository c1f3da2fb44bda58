import { useEffect, useState } from "preact/hooks";
import type { Row } from "../row.ts";
import { Dialog } from "./dialog.tsx";
import { changed, choiceArguments, wantedSum } from "./file_choice.ts";
import { entriesOf, type FileFacts } from "./file_facts.ts";
import { FileTable } from "./file_table.tsx";
import type { FileEntry } from "./file_tree.ts";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

interface Facts extends FileFacts {
  readonly why: null | { readonly causes: readonly { readonly text: string }[] };
}

/** A torrent that was added and whose files are to be chosen before any of them comes. */
export interface Choosing {
  readonly id: number;
  readonly name: string;
  /** It runs already, for its metadata: a link, of which no file is wanted yet. */
  readonly isLink: boolean;
  /** It is to start then. */
  readonly start: boolean;
}

/** Which files of a new torrent are wanted. Without an answer it is not added after all. */
export function ChooseDialog(
  { choosing, row, free, onClose }: {
    readonly choosing: Choosing;
    readonly row: Row | undefined;
    /** Free bytes, null: not known. */
    readonly free: number | null;
    readonly onClose: () => void;
  },
) {
  const { words, format, rpc, attempt } = useTools();
  const { id, name, isLink, start } = choosing;
  const { torrent } = useTorrent<Facts>(id, ["files", "fileStats", "why"]);
  const [choice, setChoice] = useState<readonly FileEntry[] | null>(null);
  useEffect(() => {
    if (choice !== null || torrent === undefined || torrent === null) return;
    if (torrent.files.length === 0) return;
    const entries = entriesOf(torrent);
    // none is wanted so far so that none comes, not because somebody said so
    setChoice(isLink ? entries.map((entry) => ({ ...entry, wanted: true })) : entries);
  }, [torrent, choice]);
  const isWaiting = row?.state === "download-wait" && choice === null;
  useEffect(() => {
    // a full queue must not hold up the list of its files
    if (isWaiting && isLink) void attempt(rpc.call("torrent-start-now", { ids: [id] }));
  }, [isWaiting]);

  const onGo = async () => {
    if (choice === null) return false;
    const args = { ids: [id], ...choiceArguments(choice) };
    if (await attempt(rpc.call("torrent-set", args)) === null) return false;
    if (start === isLink) return true;
    const method = start ? "torrent-start" : "torrent-stop";
    return await attempt(rpc.call(method, { ids: [id] })) !== null;
  };
  const onCancel = () => {
    void attempt(rpc.call("torrent-remove", { ids: [id] }));
    onClose();
  };
  const sum = wantedSum(choice ?? []);
  const all = choice?.map((_, index) => index) ?? [];
  const select = (wanted: boolean) => setChoice(changed(choice ?? [], all, { wanted }));
  return (
    <Dialog
      title={words.choosing.title}
      go={choice === null ? null : start ? words.choosing.go : words.choosing.goPaused}
      dismiss={words.choosing.cancel}
      isWide
      onGo={onGo}
      onDone={onClose}
      onClose={onCancel}
    >
      <p>
        <bdi>{tame(row?.name ?? name)}</bdi>
      </p>
      {torrent === null ? <p>{words.gone}</p> : choice === null
        ? (
          <div>
            <p>{words.choosing.wait(format.counted(row?.peers ?? 0))}</p>
            <progress aria-label={words.states.nameless} />
            {torrent?.why?.causes.slice(0, 3).map(({ text }, index) => (
              <p key={index} class="quiet">
                <bdi>{tame(text)}</bdi>
              </p>
            ))}
          </div>
        )
        : (
          <>
            <p class="bar">
              <button type="button" onClick={() => select(true)}>{words.choosing.all}</button>
              <button type="button" onClick={() => select(false)}>{words.choosing.none}</button>
            </p>
            <FileTable
              entries={choice}
              withProgress={false}
              onChange={(files, change) => setChoice(changed(choice, files, change))}
            />
          </>
        )}
      {/* what is chosen is news; what is free changes by itself all the time */}
      <p class={free !== null && sum.bytes > free ? "warning" : ""}>
        <span role="status">
          {choice !== null &&
            words.choosing.sum(
              format.counted(sum.count),
              format.counted(choice.length),
              format.size(sum.bytes),
            )}
        </span>{" "}
        {choice !== null && free !== null && words.free(format.size(free))}
      </p>
    </Dialog>
  );
}
