import { useEffect, useRef, useState } from "preact/hooks";
import type { Row } from "../row.ts";
import { Dialog } from "./dialog.tsx";
import { changed, choiceArguments, wantedSum } from "./file_choice.ts";
import { entriesOf, type FileFacts } from "./file_facts.ts";
import { FileTable } from "./file_table.tsx";
import type { FileEntry } from "./file_tree.ts";
import { isolated, tame } from "./format.ts";
import { type CauseFacts, Told } from "./told.tsx";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

interface Facts extends FileFacts {
  /** 0: stopped. */
  readonly status: number;
  readonly why: null | { readonly causes: readonly CauseFacts[] };
}

/** A torrent whose files are to be chosen; until they are, none is wanted, and so none comes. */
export interface Choosing {
  readonly id: number;
  readonly name: string;
  /** It was added a moment ago, and may be taken back. */
  readonly isNew: boolean;
  /** It is to run then. */
  readonly start: boolean;
}

/** Which files of a torrent are wanted. Without an answer it goes on waiting for one, which the list shows. */
export function ChooseDialog(
  { choosing, row, free, onClose }: {
    readonly choosing: Choosing;
    readonly row: Row | undefined;
    /** Free bytes, null: not known. */
    readonly free: number | null;
    readonly onClose: () => void;
  },
) {
  const { words, format, rpc, attempt, notices } = useTools();
  const { id, name, isNew, start } = choosing;
  const [choice, setChoice] = useState<readonly FileEntry[] | null>(null);
  const { torrent } = useTorrent<Facts>(
    id,
    () => known.current ? ["status"] : ["status", "files", "fileStats", "why"],
  );
  const known = useRef(false);
  known.current = choice !== null;
  useEffect(() => {
    if (choice !== null || torrent === undefined || torrent === null) return;
    if (torrent.files.length === 0) return;
    const entries = entriesOf(torrent);
    // none is wanted so far so that none comes, not because somebody said so
    const isOpen = entries.every(({ wanted }) => !wanted);
    setChoice(isOpen ? entries.map((entry) => ({ ...entry, wanted: true })) : entries);
  }, [torrent, choice]);
  const isWaiting = row?.state === "download-wait" && row.nameless;
  useEffect(() => {
    // a full queue must not hold up the list of its files
    if (isWaiting) void attempt(rpc.call("torrent-start-now", { ids: [id] }));
  }, [isWaiting]);

  const onGo = async () => {
    if (choice === null) return false;
    const args = { ids: [id], ...choiceArguments(choice) };
    if (await attempt(rpc.call("torrent-set", args)) === null) return false;
    const isRunning = torrent?.status !== 0;
    if (start === isRunning) return true;
    const method = start ? "torrent-start" : "torrent-stop";
    return await attempt(rpc.call(method, { ids: [id] })) !== null;
  };
  const onRemove = async () => await attempt(rpc.call("torrent-remove", { ids: [id] })) !== null;
  const onLater = () => {
    if (torrent !== null) notices.say(words.choosing.waits(isolated(row?.name ?? name)));
    onClose();
  };
  const sum = wantedSum(choice ?? []);
  return (
    <Dialog
      title={words.choosing.title}
      go={choice === null ? null : start ? words.choosing.go : words.choosing.goPaused}
      dismiss={words.choosing.later}
      {...(isNew && { instead: { word: words.choosing.cancel, onGo: onRemove } })}
      isWide
      onGo={onGo}
      onDone={onClose}
      onClose={onLater}
    >
      <p>
        <bdi>{tame(row?.name ?? name)}</bdi>
      </p>
      {torrent === null ? <p>{words.gone}</p> : choice === null
        ? (
          <div>
            <p>{words.choosing.wait(format.counted(row?.peers ?? 0))}</p>
            <progress aria-label={words.states.nameless} />
            {torrent?.why?.causes.slice(0, 3).map((cause, index) => (
              <p key={index} class="quiet">
                <Told sayings={words.causes} code={cause.cause} told={cause} />
              </p>
            ))}
          </div>
        )
        : (
          <>
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
